// Values that do not fit their tag: refused with what is wrong, where, and in which attribute.
import test from 'ava';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { DecodeFailure } from '../../../ipp/codec/errors.ts';
import { jobGroup, wire } from '../wire.ts';

/** Where the value of the only attribute, named x, begins. */
const VALUE_OFFSET = 15;

type Cases = Record<string, [tag: string, lengthAndValue: Buffer, problem: string]>;

const MALFORMED: Cases = {
  'an integer of 3 octets': ['21', wire`0003 000001`, 'integer: 3 octets instead of 4'],
  'an enum of 0 octets': ['23', wire`0000`, 'enum: 0 octets instead of 4'],
  'a boolean of 2': ['22', wire`0001 02`, 'a boolean of 2'],
  'a boolean of 2 octets': ['22', wire`0002 0001`, '2 octets instead of 1'],
  'a range of 4 octets': ['33', wire`0004 00000001`, '4 octets instead of 8'],
  'a range upside down': ['33', wire`0008 00000002 00000001`, 'from 2 down to 1'],
  'a resolution of 0': ['32', wire`0009 00000000 00000258 03`, 'a resolution of 0 by 600'],
  'a resolution below 0': ['32', wire`0009 00000258 ffffffff 03`, 'a resolution of 600 by -1'],
  'a resolution in unknown units': ['32', wire`0009 00000258 00000258 05`, 'in units of 5'],
  'a resolution of 8 octets': ['32', wire`0008 00000258 00000258`, '8 octets instead of 9'],
  'a dateTime of 8 octets': ['31', wire`0008 07ea 0b 14 12 15 21 05`, '8 octets instead of 11'],
  'month 0': ['31', wire`000b 07ea 00 14 12 15 21 05 2b 05 1e`, 'a date that does not exist'],
  'month 13': ['31', wire`000b 07ea 0d 14 12 15 21 05 2b 05 1e`, 'a date that does not exist'],
  'day 0': ['31', wire`000b 07ea 0b 00 12 15 21 05 2b 05 1e`, 'a date that does not exist'],
  'day 32': ['31', wire`000b 07ea 0b 20 12 15 21 05 2b 05 1e`, 'a date that does not exist'],
  'hour 24': ['31', wire`000b 07ea 0b 14 18 15 21 05 2b 05 1e`, 'a date that does not exist'],
  'minute 60': ['31', wire`000b 07ea 0b 14 12 3c 21 05 2b 05 1e`, 'a date that does not exist'],
  'second 61': ['31', wire`000b 07ea 0b 14 12 15 3d 05 2b 05 1e`, 'a date that does not exist'],
  'decisecond 10': ['31', wire`000b 07ea 0b 14 12 15 21 0a 2b 05 1e`, 'a date that does not exist'],
  'an offset with no sign': ['31', wire`000b 07ea 0b 14 12 15 21 05 20 05 1e`, 'a date that does not'],
  'an offset of 14 hours': ['31', wire`000b 07ea 0b 14 12 15 21 05 2b 0e 00`, 'a date that does not'],
  'an offset of 60 minutes': ['31', wire`000b 07ea 0b 14 12 15 21 05 2b 05 3c`, 'a date that does not'],
  'text that is not UTF-8': ['41', wire`0002 "a" fc`, 'text that is not UTF-8'],
  'a name of an overlong sequence': ['42', wire`0002 c080`, 'text that is not UTF-8'],
  'text of a lone surrogate': ['41', wire`0003 eda080`, 'text that is not UTF-8'],
  'an empty keyword': ['44', wire`0000`, 'keyword: an empty string'],
  'a keyword with a space': ['44', wire`0003 "a b"`, 'keyword: characters'],
  'a keyword with a NUL': ['44', wire`0003 "a" 00 "b"`, 'keyword: characters'],
  'an empty URI': ['45', wire`0000`, 'uri: an empty string'],
  'a URI that is not ASCII': ['45', wire`0007 "ipp:" e282ac`, 'uri: characters'],
  'an empty scheme': ['46', wire`0000`, 'uriScheme: an empty string'],
  'an empty charset': ['47', wire`0000`, 'charset: an empty string'],
  'a language with a DEL': ['48', wire`0003 "en" 7f`, 'naturalLanguage: characters'],
  'a media type with a line end': ['49', wire`0003 "a/" 0a`, 'mimeMediaType: characters'],
  'no-value with a value': ['13', wire`0001 00`, 'no-value: 1 octets instead of 0'],
  'a localized text of one octet': ['35', wire`0001 00`, 'no length of its language'],
  'a language longer than its value': ['35', wire`0006 0005 "en" 0000`, 'a language longer'],
  'a localized text shorter than its value': [
    '35',
    wire`0007 0002 "en" 0000 "x"`,
    'does not end with the value',
  ],
  'a localized text longer than its value': ['35', wire`0006 0002 "en" 0001`, 'does not end with the value'],
  'an empty language': ['36', wire`0005 0000 0001 "x"`, 'an empty string'],
  'a localized text that is not UTF-8': ['35', wire`0007 0002 "en" 0001 ff`, 'text that is not UTF-8'],
  'endCollection as a value': ['37', wire`0000`, 'tag 0x37 where a value should be'],
  'memberAttrName as a value': ['4a', wire`0001 "y"`, 'tag 0x4a where a value should be'],
  'begCollection with a value': ['34', wire`0001 "y" 37 0000 0000`, 'begCollection with a value'],
  'an extension tag cut short': ['7f', wire`0003 400000`, 'extension tag cut short'],
  'an extension tag with its highest bit set': ['7f', wire`0004 80000000`, 'extension tag 0x80000000'],
  'an extension tag of one octet': ['7f', wire`0004 00000021`, 'extension tag 0x21'],
};

const TOO_LONG: Cases = {
  'a text': ['41', wire`0400 ${'t'.repeat(1024)}`, '1024 octets, at most 1023'],
  'a name, counted in octets': ['42', wire`0100 ${'ü'.repeat(128)}`, '256 octets, at most 255'],
  'a keyword': ['44', wire`0100 ${'k'.repeat(256)}`, '256 octets, at most 255'],
  'a URI': ['45', wire`0400 ${'u'.repeat(1024)}`, '1024 octets, at most 1023'],
  'a scheme': ['46', wire`0040 ${'s'.repeat(64)}`, '64 octets, at most 63'],
  'a charset': ['47', wire`0040 ${'c'.repeat(64)}`, '64 octets, at most 63'],
  'a language': ['48', wire`0040 ${'l'.repeat(64)}`, '64 octets, at most 63'],
  'a media type': ['49', wire`0100 ${'m'.repeat(256)}`, '256 octets, at most 255'],
  'an octetString': ['30', wire`0400 ${'o'.repeat(1024)}`, '1024 octets, at most 1023'],
  'a localized name': ['36', wire`0106 0002 "en" 0100 ${'n'.repeat(256)}`, '256 octets, at most 255'],
  'the language of a text': ['35', wire`0044 0040 ${'l'.repeat(64)} 0000`, '64 octets, at most 63'],
};

for (const [code, cases] of Object.entries({ 'message-malformed': MALFORMED, 'value-too-long': TOO_LONG })) {
  for (const [title, [tag, lengthAndValue, problem]] of Object.entries(cases)) {
    test(`${code}: ${title}`, (t) => {
      const octets = jobGroup(wire`${Buffer.from(tag, 'hex')} 0001 "x" ${lengthAndValue}`);
      const failure = t.throws(() => decodeMessage(octets), { instanceOf: DecodeFailure, code });
      t.is(failure.offset, VALUE_OFFSET);
      t.is(failure.reading, 'value of x');
      t.true(failure.message.includes(problem), failure.message);
    });
  }
}

test('text in a charset that the message declares is told from damage', (t) => {
  const message = (charset: Buffer): Buffer =>
    wire`0101 0002 00000001 01 47 0012 "attributes-charset" ${charset} 41 0001 "x" 0001 fc 03`;
  t.throws(() => decodeMessage(message(wire`000a "ISO-8859-1"`)), { code: 'charset-not-supported' });
  t.throws(() => decodeMessage(message(wire`0005 "UTF-8"`)), { code: 'message-malformed' });
});
