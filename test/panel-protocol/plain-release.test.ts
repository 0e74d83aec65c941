/** A release without choices is read without the schema: it must read as the schema reads it. */
import test from 'ava';
import { LARGEST_ID, LISTED_JOBS } from '../../panel-protocol/bounds.ts';
import { clientMessage, readClientMessage } from '../../panel-protocol/client-messages.ts';

const PLAIN = { type: 'release', id: 3, key: 'abcdEFGH_-12', 'job-ids': [1, 7] };

const TOLD: Record<string, readonly unknown[]> = {
  type: ['releases', 'cancel', 1, null, undefined],
  id: [1, LARGEST_ID, 0, -1, 1.5, LARGEST_ID + 1, 2 ** 53, '3', true, null, undefined],
  key: [
    'a'.repeat(8),
    'a'.repeat(64),
    'a'.repeat(7),
    'a'.repeat(65),
    'abcdefg ',
    'abcdefgh\n',
    1,
    null,
    undefined,
  ],
  'job-ids': [
    [1],
    [LARGEST_ID],
    Array.from({ length: LISTED_JOBS }, (_, at) => at + 1),
    Array.from({ length: LISTED_JOBS + 1 }, (_, at) => at + 1),
    [],
    [1, 1],
    [0],
    [-1],
    [1.5],
    [LARGEST_ID + 1],
    ['1'],
    [null],
    [[1]],
    [1, '2'],
    { 0: 1, length: 1 },
    1,
    null,
    undefined,
  ],
  keep: [true, false, null],
  'job-password': ['secret', '', 1],
  changes: [{}, { copies: 2 }, { copies: 0 }, null],
  toString: [1],
};

for (const [field, values] of Object.entries(TOLD)) {
  test(`a release with other values of ${field} reads as by the schema`, (t) => {
    for (const value of values) sameAsSchema(t, JSON.stringify({ ...PLAIN, [field]: value }));
  });
}

test('a release without choices, and what looks like one', (t) => {
  const reading = readClientMessage(JSON.stringify(PLAIN));
  t.deepEqual(reading, { ok: true, message: PLAIN as never });
  const text = JSON.stringify(PLAIN);
  for (const like of [
    text,
    text.replace('"id":3', '"__proto__":{"id":3}'),
    text.replace('{', '{"__proto__":{},'),
    `[${text}]`,
    'null',
    '"release"',
  ])
    sameAsSchema(t, like);
});

function sameAsSchema(t: { deepEqual(a: unknown, b: unknown, message?: string): void }, text: string): void {
  const expected = clientMessage.safeParse(JSON.parse(text));
  const reading = readClientMessage(text);
  t.deepEqual(reading.ok ? plainOf(reading.message) : undefined, plainOf(expected.data), text);
}

/** A secret is compared by what it holds. */
const plainOf = (message: object | undefined): unknown =>
  message &&
  Object.fromEntries(
    Object.entries(message).map(([name, value]) => [
      name,
      name === 'job-password' ? (value as { reveal(): string }).reveal() : value,
    ]),
  );
