// What printers do wrong: let through by its own option, refused without.
import test from 'ava';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { DecodeFailure } from '../../../ipp/codec/errors.ts';
import { LENIENT, type Leniency, STRICT } from '../../../ipp/codec/leniency.ts';
import { plain } from '../plain.ts';
import { jobGroup, wire } from '../wire.ts';

const CASES: readonly [title: string, option: keyof Leniency, octets: Buffer, read: unknown][] = [
  [
    'Pantum M7300FDW: named members in nested collections',
    'namedMembers',
    jobGroup(wire`34 0009 "media-col" 0000
      34 000a "media-size" 0000
        21 000b "x-dimension" 0004 00005208
        21 000b "y-dimension" 0004 00007404
      37 0000 0000
      44 000a "media-type" 0005 "plain"
      44 0000 0005 "thick"
    37 0000 0000`),
    [
      {
        name: 'media-col',
        values: [
          [
            {
              name: 'media-size',
              values: [
                [
                  { name: 'x-dimension', values: [{ syntax: 'integer', value: 21000 }] },
                  { name: 'y-dimension', values: [{ syntax: 'integer', value: 29700 }] },
                ],
              ],
            },
            {
              name: 'media-type',
              values: [
                { syntax: 'keyword', value: 'plain' },
                { syntax: 'keyword', value: 'thick' },
              ],
            },
          ],
        ],
      },
    ],
  ],
  [
    'a text with an empty language',
    'emptyStrings',
    jobGroup(wire`35 0001 "x" 0006 0000 0002 "hp"`),
    [{ name: 'x', values: [{ syntax: 'textWithLanguage', value: { language: '', text: 'hp' } }] }],
  ],
  [
    'an empty keyword',
    'emptyStrings',
    jobGroup(wire`44 0001 "x" 0000`),
    [{ name: 'x', values: [{ syntax: 'keyword', value: '' }] }],
  ],
  [
    'a name of 300 octets',
    'longStrings',
    jobGroup(wire`42 0001 "x" 012c ${'n'.repeat(300)}`),
    [{ name: 'x', values: [{ syntax: 'nameWithoutLanguage', value: 'n'.repeat(300) }] }],
  ],
  [
    'a location in Latin-1',
    'invalidUtf8',
    jobGroup(wire`41 0001 "x" 0004 "B" fc "ro"`),
    [{ name: 'x', values: [{ syntax: 'textWithoutLanguage', value: 'B\ufffdro' }] }],
  ],
  [
    'a dateTime before the clock was set',
    'malformedValues',
    jobGroup(wire`31 0001 "x" 000b 0000 00 00 00 00 00 00 2b 00 00 21 0001 "y" 0004 00000001`),
    [
      {
        name: 'x',
        values: [{ syntax: 'other', tag: 0x31, value: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 43, 0, 0) }],
      },
      { name: 'y', values: [{ syntax: 'integer', value: 1 }] },
    ],
  ],
  [
    'begCollection with a value',
    'malformedValues',
    jobGroup(wire`34 0001 "x" 0001 00 37 0000 0000`),
    [{ name: 'x', values: [[]] }],
  ],
  [
    'an attribute twice',
    'duplicateAttributes',
    jobGroup(wire`21 0001 "x" 0004 00000001 21 0001 "x" 0004 00000002 21 0000 0004 00000003`),
    [
      {
        name: 'x',
        values: [
          { syntax: 'integer', value: 2 },
          { syntax: 'integer', value: 3 },
        ],
      },
    ],
  ],
];

for (const [title, option, octets, read] of CASES) {
  test(`${title}: ${option}`, (t) => {
    const lenient = decodeMessage(octets, { leniency: { ...STRICT, [option]: true } });
    t.deepEqual(lenient.groups[0] && plain(lenient.groups[0].attributes), read);
    t.deepEqual(plain(decodeMessage(octets, { leniency: LENIENT }).groups[0]?.attributes ?? t.fail()), read);
    t.throws(() => decodeMessage(octets), { instanceOf: DecodeFailure });
  });
}

test('a malformed value that was kept is not sent on', (t) => {
  const message = decodeMessage(jobGroup(wire`21 0001 "x" 0001 00`), { leniency: LENIENT });
  t.throws(() => encodeMessage(message), { code: 'message-unsendable', message: /tag 33/ });
});

test('the frame stays strict with all options', (t) => {
  for (const octets of [
    wire`0101 0002 00000001 02 21 0001 "x" 0004 0000`,
    jobGroup(wire`21 0000 0004 00000001`),
    jobGroup(wire`34 0001 "x" 0000`),
    jobGroup(wire`34 0001 "x" 0000 4a 0000 0001 "m" 21 0001 "n" 0004 00000001 37 0000 0000`),
    jobGroup(wire`21 8001 "x"`),
  ]) {
    t.throws(() => decodeMessage(octets, { leniency: LENIENT }), { instanceOf: DecodeFailure });
  }
});
