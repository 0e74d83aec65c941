// How many cards there are to choose from for somebody who has seen one badge.
import test from 'ava';
import type { CardNumber, RawSwipe } from '../../../identity/cards/card-number.ts';
import type { Conversion } from '../../../identity/cards/conversion.ts';
import { guessableCards } from '../../../identity/cards/guessable.ts';
import { random } from '../../random.ts';

const TEXT: RawSwipe = { kind: 'text', text: '' };

function guessable(cards: readonly (string | number)[], read = TEXT, conversion: Conversion = []): number {
  return guessableCards(
    cards.map((card) => String(card) as CardNumber),
    cards.map(() => read),
    conversion,
  );
}

/** Of 16 bits. */
const NUMBERS = [1021, 40_000, 65_001, 22_222, 31_007];
const padded = (number: number, digits = 5) => String(number).padStart(digits, '0');
const hex = (number: number, digits: number) => number.toString(16).toUpperCase().padStart(digits, '0');

test('a facility code that all have is not guessed, however it is written', (t) => {
  t.is(guessable(NUMBERS), 2 ** 16, 'left out');
  t.is(guessable(NUMBERS.map((each) => 123 * 2 ** 16 + each)), 2 ** 16, 'as bits of a decimal number');
  t.is(guessable(NUMBERS.map((each) => `123${padded(each)}`)), 2 ** 16, 'as decimal digits');
  t.is(guessable(NUMBERS.map((each) => `7B${hex(each, 4)}`)), 2 ** 16, 'as hexadecimal');
  t.is(guessable(NUMBERS.map((each) => `XY${padded(each)}`)), 2 ** 16, 'as letters');
  t.is(guessable(['AB10234', 'AB99871', 'AB55012']), 10 ** 5, 'letters that are hexadecimal too');
});

test('each of several facility codes counts once', (t) => {
  const at = (codes: readonly number[]) => codes.map((code, index) => code * 2 ** 16 + (NUMBERS[index] ?? 0));
  t.is(guessable(at([123, 201, 123, 201, 123])), 2 * 2 ** 16);
  const decimal = [123, 201, 123, 201, 123].map((code, index) => `${code}${padded(NUMBERS[index] ?? 0)}`);
  t.is(guessable(decimal), 2 * 2 ** 16);
});

test('never more than the format has', (t) => {
  const bits = (width: number): RawSwipe => ({ kind: 'bits', octets: new Uint8Array(8), bits: width });
  const two = [173 * 2 ** 16 + 54_321, 73 * 2 ** 16 + 40_001];
  t.true(guessable(two) > 2 ** 20, 'nothing is known of the format');
  t.is(guessable(two, bits(26)), 2 ** 16);
  t.true(guessable(two, bits(32)) > 2 ** 20, 'a chip has no facility code');
  const step = {
    kind: 'facility-and-number',
    facility: { first: 1, length: 8 },
    number: { first: 9, length: 16 },
    digits: 5,
  } as const;
  t.is(guessable(['17354321', '20140001'], bits(30), [step]), 2 ** 16);
});

test('badges that have nothing to do with each other are any of their length; those of one box are of that box', (t) => {
  const next = random(7);
  const chips = (count: number) => Array.from({ length: count }, () => Math.floor(next() * 2 ** 32));
  for (const count of [5, 50, 3000]) {
    const cards = chips(count);
    const space = guessable(cards.map((card) => hex(card, 8)));
    t.true(space <= 2 ** 32 && space >= 2 ** 30, `${count} chips: ${space}`);
    t.true(guessable([...cards, ...cards]) >= 2 ** 30, 'each counts once');
  }
  const box = Array.from({ length: 3000 }, (_, index) => 20_000 + index);
  t.true(guessable(box) <= 3008, `${guessable(box)}`);
  t.is(guessable(['77', '77']), 100, 'one badge tells nothing of the others');
});
