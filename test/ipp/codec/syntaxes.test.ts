// Every value syntax: octets to value and back, with literal octets.
import test from 'ava';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { Attributes, type Value } from '../../../ipp/model.ts';
import { plain } from '../plain.ts';
import { jobGroup, wire } from '../wire.ts';

/** The octets behind name-length and name `x`: tag, then value-length and value. */
type Case = readonly [title: string, tag: Buffer, value: Buffer, read: Value];

const CASES: readonly Case[] = [
  ['integer', wire`21`, wire`0004 00000014`, { syntax: 'integer', value: 20 }],
  ['integer, lowest', wire`21`, wire`0004 80000000`, { syntax: 'integer', value: -(2 ** 31) }],
  ['integer, highest', wire`21`, wire`0004 7fffffff`, { syntax: 'integer', value: 2 ** 31 - 1 }],
  ['integer, -1', wire`21`, wire`0004 ffffffff`, { syntax: 'integer', value: -1 }],
  ['boolean, true', wire`22`, wire`0001 01`, { syntax: 'boolean', value: true }],
  ['boolean, false', wire`22`, wire`0001 00`, { syntax: 'boolean', value: false }],
  ['enum', wire`23`, wire`0004 00000004`, { syntax: 'enum', value: 4 }],
  ['enum, of a vendor', wire`23`, wire`0004 40000001`, { syntax: 'enum', value: 0x40000001 }],
  ['octetString', wire`30`, wire`0003 00ff80`, { syntax: 'octetString', value: Uint8Array.of(0, 255, 128) }],
  ['octetString, empty', wire`30`, wire`0000`, { syntax: 'octetString', value: new Uint8Array() }],
  [
    'dateTime, east of UTC',
    wire`31`,
    wire`000b 07ea 0b 14 12 15 21 05 2b 05 1e`,
    {
      syntax: 'dateTime',
      value: { year: 2026, month: 11, day: 20, hour: 18, minute: 21, second: 33, deciSecond: 5, offset: 330 },
    },
  ],
  [
    'dateTime, west of UTC, in a leap second',
    wire`31`,
    wire`000b 07e0 0c 1f 17 3b 3c 09 2d 0d 3b`,
    {
      syntax: 'dateTime',
      value: {
        year: 2016,
        month: 12,
        day: 31,
        hour: 23,
        minute: 59,
        second: 60,
        deciSecond: 9,
        offset: -839,
      },
    },
  ],
  [
    'resolution, dpi',
    wire`32`,
    wire`0009 00000258 000004b0 03`,
    { syntax: 'resolution', value: { cross: 600, feed: 1200, units: 'dpi' } },
  ],
  [
    'resolution, dpcm',
    wire`32`,
    wire`0009 00000076 00000076 04`,
    { syntax: 'resolution', value: { cross: 118, feed: 118, units: 'dpcm' } },
  ],
  [
    'rangeOfInteger',
    wire`33`,
    wire`0008 00000001 000003e7`,
    { syntax: 'rangeOfInteger', value: { lower: 1, upper: 999 } },
  ],
  [
    'rangeOfInteger, below zero and of one number',
    wire`33`,
    wire`0008 fffffffe fffffffe`,
    { syntax: 'rangeOfInteger', value: { lower: -2, upper: -2 } },
  ],
  [
    'textWithLanguage',
    wire`35`,
    wire`000c 0002 "de" 0006 "gr" c3bc "n!"`,
    { syntax: 'textWithLanguage', value: { language: 'de', text: 'grün!' } },
  ],
  [
    'nameWithLanguage, an empty name',
    wire`36`,
    wire`0009 0005 "en-us" 0000`,
    { syntax: 'nameWithLanguage', value: { language: 'en-us', text: '' } },
  ],
  [
    'textWithoutLanguage, with a character of four octets',
    wire`41`,
    wire`0006 "a " f09f96a8`,
    { syntax: 'textWithoutLanguage', value: 'a 🖨' },
  ],
  ['textWithoutLanguage, empty', wire`41`, wire`0000`, { syntax: 'textWithoutLanguage', value: '' }],
  [
    'textWithoutLanguage, beginning with a byte order mark',
    wire`41`,
    wire`0004 efbbbf "x"`,
    { syntax: 'textWithoutLanguage', value: '\ufeffx' },
  ],
  [
    'nameWithoutLanguage, with a line end',
    wire`42`,
    wire`0003 "a" 0a "b"`,
    { syntax: 'nameWithoutLanguage', value: 'a\nb' },
  ],
  ['keyword', wire`44`, wire`0009 "one-sided"`, { syntax: 'keyword', value: 'one-sided' }],
  ['keyword with capitals', wire`44`, wire`0005 "W8-16"`, { syntax: 'keyword', value: 'W8-16' }],
  ['uri', wire`45`, wire`000b "ipp://[::1]"`, { syntax: 'uri', value: 'ipp://[::1]' }],
  ['uriScheme', wire`46`, wire`0004 "ipps"`, { syntax: 'uriScheme', value: 'ipps' }],
  ['charset', wire`47`, wire`0005 "utf-8"`, { syntax: 'charset', value: 'utf-8' }],
  ['naturalLanguage', wire`48`, wire`0005 "de-ch"`, { syntax: 'naturalLanguage', value: 'de-ch' }],
  [
    'mimeMediaType with a parameter',
    wire`49`,
    wire`0019 "text/plain; charset=utf-8"`,
    { syntax: 'mimeMediaType', value: 'text/plain; charset=utf-8' },
  ],
  ['unsupported', wire`10`, wire`0000`, { syntax: 'unsupported' }],
  ['default', wire`11`, wire`0000`, { syntax: 'default' }],
  ['unknown', wire`12`, wire`0000`, { syntax: 'unknown' }],
  ['no-value', wire`13`, wire`0000`, { syntax: 'no-value' }],
  ['not-settable', wire`15`, wire`0000`, { syntax: 'not-settable' }],
  ['delete-attribute', wire`16`, wire`0000`, { syntax: 'delete-attribute' }],
  ['admin-define', wire`17`, wire`0000`, { syntax: 'admin-define' }],
  [
    'an empty collection',
    wire`34`,
    wire`0000 37 0000 0000`,
    { syntax: 'collection', value: new Attributes() },
  ],
  [
    'a collection with a set of collections inside',
    wire`34`,
    wire`0000
      4a 0000 0001 "a" 34 0000 0000 4a 0000 0001 "n" 21 0000 0004 00000001 37 0000 0000
                       34 0000 0000 4a 0000 0001 "n" 21 0000 0004 00000002 21 0000 0004 00000003 37 0000 0000
      4a 0000 0001 "b" 13 0000 0000
      37 0000 0000`,
    {
      syntax: 'collection',
      value: new Attributes([
        { name: 'a', values: [collectionOfN(1), collectionOfN(2, 3)] },
        { name: 'b', values: [{ syntax: 'no-value' }] },
      ]),
    },
  ],
  [
    'an unassigned tag',
    wire`4b`,
    wire`0002 "ab"`,
    { syntax: 'other', tag: 0x4b, value: Uint8Array.of(97, 98) },
  ],
  ['a tag above 0x7f', wire`fe`, wire`0000`, { syntax: 'other', tag: 0xfe, value: new Uint8Array() }],
  [
    'an extension tag',
    wire`7f`,
    wire`0006 40000021 "ab"`,
    { syntax: 'other', tag: 0x40000021, value: Uint8Array.of(97, 98) },
  ],
];

function collectionOfN(...numbers: number[]): Value {
  const values = numbers.map((value) => ({ syntax: 'integer', value }) as const);
  return { syntax: 'collection', value: new Attributes([{ name: 'n', values }]) };
}

for (const [title, tag, value, expected] of CASES) {
  const octets = jobGroup(wire`${tag} 0001 "x" ${value}`);
  const attributes = new Attributes([{ name: 'x', values: [expected] }]);

  test(`${title} is read`, (t) => {
    const [group] = decodeMessage(octets).groups;
    t.deepEqual(group && plain(group.attributes), plain(attributes));
  });

  test(`${title} is written`, (t) => {
    const written = encodeMessage({
      version: { major: 1, minor: 1 },
      code: 2,
      requestId: 1,
      groups: [{ kind: 'job', attributes }],
    });
    t.is(written.toString('hex'), octets.toString('hex'));
  });
}

test('a set keeps order, duplicates and mixed syntaxes', (t) => {
  const octets = jobGroup(wire`44 0001 "x" 0001 "a" 44 0000 0001 "a" 42 0000 0001 "b" 21 0000 0004 00000001`);
  const message = decodeMessage(octets);
  t.deepEqual(message.groups[0]?.attributes.get('x')?.values, [
    { syntax: 'keyword', value: 'a' },
    { syntax: 'keyword', value: 'a' },
    { syntax: 'nameWithoutLanguage', value: 'b' },
    { syntax: 'integer', value: 1 },
  ]);
  t.deepEqual(encodeMessage(message), octets);
});

test('every kind of group has its tag', (t) => {
  const octets = wire`0200 0000 00000001 01 02 04 05 06 07 08 09 0a 03`;
  const message = decodeMessage(octets);
  t.deepEqual(
    message.groups.map((group) => group.kind),
    [
      'operation',
      'job',
      'printer',
      'unsupported',
      'subscription',
      'event-notification',
      'resource',
      'document',
      'system',
    ],
  );
  t.deepEqual(encodeMessage(message), octets);
});

test('a group of a future kind is left out, the rest is read', (t) => {
  const octets = wire`0200 0000 00000001 0b 21 0001 "x" 0004 00000001 02 21 0001 "y" 0004 00000002 0f 03`;
  t.deepEqual(
    decodeMessage(octets).groups.map(({ kind, attributes }) => [kind, attributes.names]),
    [['job', ['y']]],
  );
});

test('what was read shares no memory with its octets', (t) => {
  const octets = jobGroup(wire`30 0001 "x" 0003 "abc" 4b 0001 "y" 0001 "d"`);
  const message = decodeMessage(octets);
  octets.fill(0);
  t.deepEqual(message.groups[0]?.attributes.get('x')?.values[0], {
    syntax: 'octetString',
    value: Uint8Array.of(97, 98, 99),
  });
  t.like(message.groups[0]?.attributes.get('y')?.values[0], { value: Uint8Array.of(100) });
});
