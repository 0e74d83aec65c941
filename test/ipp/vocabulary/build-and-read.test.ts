// Typed values to attributes and back; what is out of bounds is refused, and dropped where a printer said it.
import test from 'ava';
import { Failure } from '../../../base/errors.ts';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { Attributes, type Syntax, type Value } from '../../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../../ipp/vocabulary/build.ts';
import { JobState } from '../../../ipp/vocabulary/enums.ts';
import { read, readLeniently } from '../../../ipp/vocabulary/read.ts';
import { noValue, unknown } from '../../../ipp/vocabulary/shapes.ts';
import type { AttributeName } from '../../../ipp/vocabulary/table.ts';
import { plain } from '../plain.ts';

const DATE = { year: 2026, month: 11, day: 20, hour: 1, minute: 2, second: 3, deciSecond: 4, offset: -60 };

/** What is built, the syntaxes that it becomes; reading gives it back. */
const BOTH_WAYS: [AttributesInput, Syntax[]][] = [
  [{ 'job-id': 5 }, ['integer']],
  [{ 'job-state': JobState.pendingHeld }, ['enum']],
  [{ finishings: [3, 0x40000001] }, ['enum', 'enum']],
  [{ 'color-supported': false }, ['boolean']],
  [{ 'copies-supported': { lower: 1, upper: 99 } }, ['rangeOfInteger']],
  [{ 'number-up-supported': [1, { lower: 2, upper: 16 }] }, ['integer', 'rangeOfInteger']],
  [{ 'job-hold-until-time-supported': true }, ['boolean']],
  [{ 'printer-resolution-default': { cross: 600, feed: 600, units: 'dpi' } }, ['resolution']],
  [{ 'date-time-at-creation': DATE }, ['dateTime']],
  [{ 'job-password': Uint8Array.of(1, 2, 3) }, ['octetString']],
  [{ 'printer-info': 'Büro' }, ['textWithoutLanguage']],
  [{ 'job-name': '' }, ['nameWithoutLanguage']],
  [{ 'sides-supported': ['one-sided', 'two-sided-long-edge'] }, ['keyword', 'keyword']],
  [{ media: 'iso_a4_210x297mm' }, ['keyword']],
  [{ media: 'Briefpapier, weiß' }, ['nameWithoutLanguage']],
  [{ 'printer-uri': 'ipp://localhost/ipp/print' }, ['uri']],
  [{ 'reference-uri-schemes-supported': ['ftp'] }, ['uriScheme']],
  [{ 'attributes-charset': 'utf-8' }, ['charset']],
  [{ 'attributes-natural-language': 'en' }, ['naturalLanguage']],
  [{ 'document-format': 'application/pdf' }, ['mimeMediaType']],
  [
    {
      'media-col': {
        'media-size': { 'x-dimension': 21000, 'y-dimension': 29700 },
        'media-type': 'stationery',
        'media-top-margin': 0,
      },
    },
    ['collection'],
  ],
  [
    {
      'media-col-ready': [
        { 'media-size': { 'x-dimension': { lower: 1, upper: 2 }, 'y-dimension': 5 } },
        { 'media-source-properties': { 'media-source-feed-orientation': 3 } },
      ],
    },
    ['collection', 'collection'],
  ],
];

for (const [input, syntaxes] of BOTH_WAYS) {
  const [name] = Object.keys(input) as [AttributeName];
  test(`${name} as ${syntaxes.join(', ')}, and back`, (t) => {
    const built = attributes(input);
    t.deepEqual(
      built.get(name)?.values.map((value) => value.syntax),
      syntaxes,
    );
    t.deepEqual(read(built, name) as unknown, input[name]);
    t.deepEqual(readLeniently(built, name) as unknown, input[name]);
    const groups = [{ kind: 'job', attributes: built }] as const;
    const sent = encodeMessage({ version: { major: 2, minor: 0 }, code: 0, requestId: 1, groups });
    const received = decodeMessage(sent).groups[0]?.attributes ?? new Attributes();
    t.deepEqual(read(received, name) as unknown, input[name]);
  });
}

test('members that are undefined are left out, in collections too; order is kept', (t) => {
  const built = attributes({
    sides: 'one-sided',
    copies: undefined,
    'media-col': { 'media-type': undefined, 'media-color': 'blue' },
    'job-name': 'x',
  });
  t.deepEqual(built.names, ['sides', 'media-col', 'job-name']);
  t.deepEqual(read(built, 'media-col'), { 'media-color': 'blue' });
});

test('no-value and unknown are written where the standard foresees them, and read as nothing', (t) => {
  const built = attributes({
    'time-at-completed': noValue,
    'printer-geo-location': unknown,
    'media-ready': noValue,
  });
  t.deepEqual(plain(built), [
    { name: 'time-at-completed', values: [{ syntax: 'no-value' }] },
    { name: 'printer-geo-location', values: [{ syntax: 'unknown' }] },
    { name: 'media-ready', values: [{ syntax: 'no-value' }] },
  ]);
  t.is(read(built, 'time-at-completed'), undefined);
  t.is(readLeniently(built, 'media-ready'), undefined);
});

test('text and names take and give up their language', (t) => {
  const built = attributes({
    'job-name': { language: 'de', text: 'Lohn' },
    'printer-info': { language: 'de', text: 'Flur' },
    'media-supported': ['a4', { language: 'de', text: 'Brief' }],
  });
  t.deepEqual(
    [...built].map(({ values }) => values.map((value) => value.syntax)),
    [['nameWithLanguage'], ['textWithLanguage'], ['keyword', 'nameWithLanguage']],
  );
  t.is(read(built, 'job-name'), 'Lohn');
  t.is(read(built, 'printer-info'), 'Flur');
  t.deepEqual(read(built, 'media-supported'), ['a4', 'Brief']);
});

const one = (name: string, ...values: Value[]): Attributes => new Attributes([{ name, values }]);
const integer = (value: number): Value => ({ syntax: 'integer', value });
const members = (...list: [string, Value][]): Value => ({
  syntax: 'collection',
  value: new Attributes(list.map(([name, value]) => ({ name, values: [value] }))),
});

/** What is wrong, what strict reading says, and what is left of it by lenient reading. */
const WRONG: [AttributeName, Value[], message: string, left: unknown][] = [
  ['copies', [{ syntax: 'keyword', value: 'two' }], 'copies: keyword instead of integer', undefined],
  ['copies', [integer(0)], 'copies: 0 instead of 1 to 2147483647', undefined],
  ['copies', [integer(2), integer(3)], 'copies: 2 values where one is allowed', 2],
  ['job-priority', [integer(101)], 'job-priority: 101 instead of 1 to 100', undefined],
  ['job-state', [{ syntax: 'enum', value: 10 }], 'job-state: no enum value 10', undefined],
  ['print-quality', [{ syntax: 'enum', value: 0 }], 'print-quality: no enum value 0', undefined],
  ['print-quality', [integer(4)], 'print-quality: integer instead of enum', undefined],
  [
    'sides',
    [{ syntax: 'nameWithoutLanguage', value: 'x' }],
    'sides: nameWithoutLanguage instead of keyword',
    undefined,
  ],
  [
    'printer-name',
    [{ syntax: 'nameWithoutLanguage', value: 'x'.repeat(128) }],
    'printer-name: 128 octets, at most 127 allowed',
    undefined,
  ],
  [
    'printer-info',
    [{ syntax: 'textWithLanguage', value: { language: 'de', text: 'ü'.repeat(64) } }],
    'printer-info: 128 octets, at most 127 allowed',
    undefined,
  ],
  [
    'job-password',
    [{ syntax: 'octetString', value: new Uint8Array(256) }],
    'job-password: 256 octets, at most 255 allowed',
    undefined,
  ],
  [
    'copies-supported',
    [{ syntax: 'rangeOfInteger', value: { lower: 0, upper: 9 } }],
    'copies-supported: 0 to 9 instead of 1 to 2147483647',
    undefined,
  ],
  [
    'number-up-supported',
    [integer(1), { syntax: 'boolean', value: true }, integer(0), integer(4)],
    'number-up-supported: boolean instead of integer or rangeOfInteger',
    [1, 4],
  ],
  [
    'media',
    [{ syntax: 'textWithoutLanguage', value: 'x' }],
    'media: textWithoutLanguage instead of keyword or name',
    undefined,
  ],
  [
    'sides-supported',
    [{ syntax: 'keyword', value: 'one-sided' }, { syntax: 'no-value' }],
    'sides-supported: no-value among other values',
    ['one-sided'],
  ],
  ['media-col', [integer(1)], 'media-col: integer instead of collection', undefined],
  [
    'media-col',
    [
      members(
        ['media-size', members(['x-dimension', integer(-1)], ['y-dimension', integer(29700)])],
        ['media-type', { syntax: 'keyword', value: 'thin' }],
      ),
    ],
    'media-col/media-size/x-dimension: -1 instead of 1 to 2147483647',
    { 'media-size': { 'y-dimension': 29700 }, 'media-type': 'thin' },
  ],
];

for (const [name, values, message, left] of WRONG) {
  test(`${message} is refused, and dropped from a printer's answer`, (t) => {
    const failure = t.throws(() => read(one(name, ...values), name), {
      instanceOf: Failure,
      code: 'bad-attribute',
    });
    t.is(failure.message, message);
    t.deepEqual(readLeniently(one(name, ...values), name) as unknown, left);
  });
}

test('what is absent or out of band reads as undefined', (t) => {
  t.is(read(new Attributes(), 'copies'), undefined);
  for (const syntax of ['unsupported', 'no-value', 'delete-attribute'] as const) {
    t.is(read(one('copies', { syntax }), 'copies'), undefined);
    t.is(readLeniently(one('sides-supported', { syntax }), 'sides-supported'), undefined);
  }
});

test('members that the table does not know are left out; collections without a table stay as they are', (t) => {
  const value = members(['media-color', { syntax: 'keyword', value: 'blue' }], ['x-vendor', integer(1)]);
  t.deepEqual(read(one('media-col', value), 'media-col'), { 'media-color': 'blue' });
  const [first] = read(one('overrides', value), 'overrides') ?? [];
  t.deepEqual(first?.names, ['media-color', 'x-vendor']);
});

const UNBUILDABLE: [AttributesInput, RegExp][] = [
  [{ copies: 0 }, /^copies: 0 instead of 1/],
  [{ 'printer-name': 'x'.repeat(128) }, /^printer-name: 128 octets/],
  [{ 'sides-supported': [] }, /^sides-supported: an empty set/],
  [{ 'media-col': { 'media-size': { 'x-dimension': 0 } } }, /^media-col\/media-size\/x-dimension: 0 instead/],
  [{ 'copies-supported': { lower: -1, upper: 3 } }, /^copies-supported: -1 to 3 instead/],
  [{ 'no-such': 1 } as AttributesInput, /^no-such is not in the table/],
  [{ 'media-col': { 'no-such': 1 } } as AttributesInput, /^media-col has no member no-such/],
];

for (const [input, message] of UNBUILDABLE) {
  test(`not built: ${message.source}`, (t) => {
    t.throws(() => attributes(input), { instanceOf: Failure, code: 'bad-attribute', message });
  });
}
