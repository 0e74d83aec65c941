// The one form of a card's number.
import test from 'ava';
import { canonicalCard } from '../../../identity/cards/card-number.ts';

const NUMBERS: [written: string, canonical: string | undefined][] = [
  ['0009876543', '9876543'],
  ['04:a1:b2:c3', '4A1B2C3'],
  [' 117-54321 ', '11754321'],
  ['04 A1 B2 C3\r\n', '4A1B2C3'],
  ['W-0815', 'W0815'],
  ['', undefined],
  ['0000000000', undefined],
  ['FFFFFFFF', undefined],
  ['FF', 'FF'],
  [';123?', undefined],
  ['１２３４', undefined],
  ['12\u202e34', undefined],
  ['7'.repeat(128), '7'.repeat(128)],
  ['7'.repeat(129), undefined],
  [`${' '.repeat(400)}7`, undefined],
];

for (const [written, canonical] of NUMBERS) {
  test(`${JSON.stringify(written.slice(0, 20))} (${written.length}) is ${canonical?.slice(0, 20) ?? 'none'}`, (t) => {
    t.is(canonicalCard(written), canonical as typeof canonical & ReturnType<typeof canonicalCard>);
  });
}
