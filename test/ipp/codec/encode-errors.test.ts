// What must never leave: the encoder refuses it and names the attribute.
import test from 'ava';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { EncodeFailure } from '../../../ipp/codec/errors.ts';
import { Attributes, type IppDateTime, type Message, type Value } from '../../../ipp/model.ts';

const DATE: IppDateTime = {
  year: 2026,
  month: 11,
  day: 20,
  hour: 18,
  minute: 21,
  second: 33,
  deciSecond: 0,
  offset: 60,
};

const date = (change: Partial<IppDateTime>): Value => ({ syntax: 'dateTime', value: { ...DATE, ...change } });
const resolution = (cross: number, feed: number): Value => ({
  syntax: 'resolution',
  value: { cross, feed, units: 'dpi' },
});

const VALUES: Record<string, [Value, problem: string]> = {
  'an integer past 32 bits': [{ syntax: 'integer', value: 2 ** 31 }, '2147483648 does not fit'],
  'an integer with a fraction': [{ syntax: 'integer', value: 1.5 }, '1.5 does not fit'],
  'an enum that is not a number': [{ syntax: 'enum', value: Number.NaN }, 'NaN does not fit'],
  'a range upside down': [{ syntax: 'rangeOfInteger', value: { lower: 2, upper: 1 } }, 'from 2 down to 1'],
  'a range past 32 bits': [{ syntax: 'rangeOfInteger', value: { lower: 1, upper: 2 ** 31 } }, 'does not fit'],
  'a resolution of 0': [resolution(0, 600), '0 by 600'],
  'a resolution with a fraction': [resolution(600, 0.5), '600 by 0.5'],
  'a year before 0': [date({ year: -1 }), 'a date'],
  'a month 13': [date({ month: 13 }), 'a date'],
  'a day with a fraction': [date({ day: 1.5 }), 'a date'],
  'an offset of 14 hours': [date({ offset: 840 }), 'a date'],
  'a text of 1024 octets': [{ syntax: 'textWithoutLanguage', value: 'x'.repeat(1024) }, '1024 octets'],
  'a name of 256 octets': [
    { syntax: 'nameWithoutLanguage', value: 'ü'.repeat(128) },
    '256 octets, at most 255',
  ],
  'a text of a lone surrogate': [{ syntax: 'textWithoutLanguage', value: 'a\ud800' }, 'characters'],
  'an empty keyword': [{ syntax: 'keyword', value: '' }, 'an empty string'],
  'a keyword with a space': [{ syntax: 'keyword', value: 'a b' }, 'characters'],
  'a URI that is not ASCII': [{ syntax: 'uri', value: 'ipp://ü/' }, 'characters'],
  'an octetString of 1024 octets': [{ syntax: 'octetString', value: new Uint8Array(1024) }, '1024 octets'],
  'a name without a language': [
    { syntax: 'nameWithLanguage', value: { language: '', text: 'x' } },
    'an empty',
  ],
  'a localized text of 1024 octets': [
    { syntax: 'textWithLanguage', value: { language: 'en', text: 'x'.repeat(1024) } },
    '1024 octets',
  ],
  'an unknown value under a known tag': [{ syntax: 'other', tag: 0x21, value: new Uint8Array(4) }, 'tag 33'],
  'a structural tag': [{ syntax: 'other', tag: 0x4a, value: new Uint8Array(1) }, 'tag 74'],
  'a delimiter tag': [{ syntax: 'other', tag: 0x03, value: new Uint8Array() }, 'no value tag: 3'],
  'a tag past the extensions': [{ syntax: 'other', tag: 2 ** 31, value: new Uint8Array() }, 'no value tag'],
  'a value past the wire': [{ syntax: 'other', tag: 0x4b, value: new Uint8Array(0x8000) }, '32768 octets'],
  'a value past what two octets count': [
    { syntax: 'other', tag: 0x4b, value: new Uint8Array(0x10001) },
    '65537 octets',
  ],
};

function message(attributes: Attributes, change: Partial<Message> = {}): Message {
  return {
    version: { major: 1, minor: 1 },
    code: 0,
    requestId: 1,
    groups: [{ kind: 'job', attributes }],
    ...change,
  };
}

for (const [title, [value, problem]] of Object.entries(VALUES)) {
  test(`${title} is not sent`, (t) => {
    const plain = new Attributes([{ name: 'x', values: [value] }]);
    const failure = t.throws(() => encodeMessage(message(plain)), { instanceOf: EncodeFailure });
    t.is(failure.code, 'message-unsendable');
    t.true(failure.message.includes(problem), failure.message);
    t.true(failure.message.endsWith('(x)'), failure.message);

    const inside = new Attributes([{ name: 'c', values: [{ syntax: 'collection', value: plain }] }]);
    t.throws(() => encodeMessage(message(inside)), { message: /\(c\/x\)$/ });
  });
}

test('an attribute without a value is not sent', (t) => {
  const attributes = new Attributes([{ name: 'x', values: [] }]);
  t.throws(() => encodeMessage(message(attributes)), { message: 'no value (x)' });
});

test('a name that is empty, too long or not ASCII is not sent, of an attribute or a member', (t) => {
  for (const name of ['', 'n'.repeat(256), 'größe', 'a b']) {
    const attributes = new Attributes([{ name, values: [{ syntax: 'no-value' }] }]);
    t.throws(() => encodeMessage(message(attributes)), { code: 'message-unsendable' });
    const inside = new Attributes([{ name: 'c', values: [{ syntax: 'collection', value: attributes }] }]);
    t.throws(() => encodeMessage(message(inside)), { code: 'message-unsendable' });
  }
});

test('collections nested deeper than a request may have are not sent', (t) => {
  let attributes = new Attributes([{ name: 'x', values: [{ syntax: 'integer', value: 1 }] }]);
  const wrap = () => {
    attributes = new Attributes([{ name: 'x', values: [{ syntax: 'collection', value: attributes }] }]);
  };
  for (let depth = 1; depth <= 8; depth++) wrap();
  t.notThrows(() => encodeMessage(message(attributes)));
  wrap();
  t.throws(() => encodeMessage(message(attributes)), { message: /nested deeper than 8/ });
});

test('a header out of range is not sent; a request id of 0 is, for an echo', (t) => {
  const none = new Attributes();
  t.notThrows(() => encodeMessage(message(none, { requestId: 0 })));
  for (const change of [
    { requestId: -1 },
    { requestId: 2 ** 31 },
    { code: 0x10000 },
    { code: -1 },
    { version: { major: 256, minor: 0 } },
    { version: { major: 1, minor: -1 } },
  ]) {
    t.throws(() => encodeMessage(message(none, change)), { message: /out of range/ });
  }
});

test('a message larger than the shared buffer comes out whole, and the next one is not disturbed', (t) => {
  const values = Array.from({ length: 5000 }, () => ({ syntax: 'keyword', value: 'k'.repeat(255) }) as const);
  const large = encodeMessage(message(new Attributes([{ name: 'x', values }])));
  t.is(large.length, 8 + 1 + (5 + 1 + 255) + 4999 * (5 + 255) + 1);
  const first = encodeMessage(message(new Attributes()));
  const copy = Buffer.from(first);
  encodeMessage(message(new Attributes([{ name: 'x', values }])));
  t.deepEqual(first, copy);
});
