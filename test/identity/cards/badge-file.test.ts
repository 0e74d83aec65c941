// Badges from a file: the forms of a swipe, what is wrong with a row, cards that become one.
import test from 'ava';
import { readBadges } from '../../../identity/cards/badge-file.ts';
import { convertAll } from '../../../identity/cards/collisions.ts';
import { ManualClock } from '../../manual-clock.ts';

const read = (content: string) => readBadges(Buffer.from(content), new ManualClock());

test('text, bits, and hexadecimal of which only some bits count', async (t) => {
  const file = await read('READ,WRITTEN\r\n66CF,26319\nbits:0110011,51\rhex:1A2B\nhex:FFFF/9,511\n\n');
  t.deepEqual(file, {
    ok: true,
    badges: [
      { line: 2, read: { kind: 'text', text: '66CF' }, written: '26319' },
      { line: 3, read: { kind: 'bits', octets: Uint8Array.of(0b01100110), bits: 7 }, written: '51' },
      { line: 4, read: { kind: 'bits', octets: Uint8Array.of(0x1a, 0x2b), bits: 16 }, written: '' },
      { line: 5, read: { kind: 'bits', octets: Uint8Array.of(0xff, 0x80), bits: 9 }, written: '511' },
    ],
  });
  t.like(await read('1,2'), { ok: true, badges: [{ line: 1 }] }, 'the header may be missing');
});

for (const row of [
  'bits:012',
  'bits:',
  'hex:12/9',
  'hex:1/0',
  'hex:xy',
  ',5',
  `${'1'.repeat(257)},1`,
  `bits:${'1'.repeat(513)}`,
  'a,b,c',
  `1,${'2'.repeat(257)}`,
]) {
  test(`not a badge: ${row.slice(0, 20)} (${row.length})`, async (t) => {
    const file = await read(`READ,WRITTEN\n${row}`);
    t.like(file, { ok: false, problems: [{ line: 2 }] });
    t.notRegex(JSON.stringify(file), /1{10}|2{10}/, 'no number is said back');
  });
}

test('different cards with one number are told, the same card twice is not', async (t) => {
  const file = await read('A1\nB1\nC2\nA1\n!!\n');
  if (!file.ok) return t.fail();
  const { cards, collisions } = convertAll(file.badges, [{ kind: 'match', pattern: /\d/ }]);
  t.deepEqual(collisions, [[1, 2]]);
  t.deepEqual(
    cards.map(({ line, card }) => [line, card as string | undefined]),
    [
      [1, '1'],
      [2, '1'],
      [3, '2'],
      [4, '1'],
      [5, undefined],
    ],
  );
});
