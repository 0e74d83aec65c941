// The one form of a card's number.
import test from 'ava';
import { canonicalCard } from '../../../identity/cards/card-number.ts';
import { random } from '../../random.ts';

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
  ['0ff:ff:ff', undefined],
  ['FFFFFF1', 'FFFFFF1'],
  ['00Z', 'Z'],
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

test('any text gives what three expressions make of it', (t) => {
  const next = random(7);
  const units = [...'0123456789ABCDEFXYZafz000FFF@[/`{ :.-_\t\u00a0\u2028;?=ßſıﬁé\u0130', '\ud83d'];
  const some = [3, 10, 24, units.length];
  for (let round = 0; round < 20_000; round++) {
    const kinds = some[round % some.length] as number;
    const written = Array.from({ length: 1 + next() * 12 }, () => units[Math.floor(next() * kinds)]).join('');
    const number = written
      .replace(/[\s:.\-_]/g, '')
      .toUpperCase()
      .replace(/^0+/, '');
    const isOne = /^[0-9A-Z]+$/.test(number) && !/^F{6,}$/.test(number);
    t.is<string | undefined, undefined>(
      canonicalCard(written),
      (isOne ? number : undefined) as undefined,
      JSON.stringify(written),
    );
  }
});
