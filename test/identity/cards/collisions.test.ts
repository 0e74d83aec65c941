// Which conversions make no two cards one, whosever they are.
import test from 'ava';
import type { RawSwipe } from '../../../identity/cards/card-number.ts';
import { isLossless } from '../../../identity/cards/collisions.ts';
import { type Conversion, type ConversionStep, convert } from '../../../identity/cards/conversion.ts';
import { random } from '../../random.ts';

const text = (read: string): RawSwipe => ({ kind: 'text', text: read });
const LEAVING_OUT: readonly ConversionStep[] = [
  { kind: 'match', pattern: /.(.*)/ },
  { kind: 'bits', window: { first: 4, length: 8 } },
  {
    kind: 'facility-and-number',
    facility: { first: 0, length: 4 },
    number: { first: 4, length: 8 },
    digits: 3,
  },
];
const STEPS: readonly ConversionStep[] = [
  ...LEAVING_OUT,
  { kind: 'hex-to-decimal' },
  { kind: 'decimal-to-hex', digits: 0 },
  { kind: 'decimal-to-hex', digits: 3 },
  { kind: 'reverse-bytes' },
  { kind: 'reverse-bits' },
  { kind: 'pad', digits: 6 },
];

/** Every number of four digits, as a reader with a fixed length gives it; the numbers that come out. */
function numbersOf(conversion: Conversion): { readonly read: number; readonly different: number } {
  const cards: string[] = [];
  for (let number = 0; number < 10_000; number++) {
    const converted = convert(text(String(number).padStart(4, '0')), conversion);
    if (converted.ok) cards.push(converted.card);
  }
  return { read: cards.length, different: new Set(cards).size };
}

test('a conversion that is called lossless makes no two cards one', (t) => {
  const next = random(21);
  let lossless = 0;
  for (let round = 0; round < 60; round++) {
    const steps = Array.from({ length: round % 4 }, () => STEPS[Math.floor(next() * STEPS.length)]);
    const conversion = steps as ConversionStep[];
    if (!isLossless(conversion)) continue;
    lossless++;
    const { read, different } = numbersOf(conversion);
    t.is(different, read, conversion.map(({ kind }) => kind).join(', '));
  }
  t.true(lossless > 15);
});

test('what leaves something out is not, nor what is turned round after it has lost its length', (t) => {
  const turned: Conversion = [{ kind: 'decimal-to-hex', digits: 0 }, { kind: 'reverse-bytes' }];
  for (const conversion of [turned, ...LEAVING_OUT.map((step) => [step])]) {
    t.false(isLossless(conversion));
    const { read, different } = numbersOf(conversion);
    t.true(different < read, conversion.map(({ kind }) => kind).join(', '));
  }
});
