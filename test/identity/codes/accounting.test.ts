// How often guesses hit, held against guesses that are really made.
import test from 'ava';
import { assess, codeSpace, shortestCode } from '../../../identity/codes/accounting.ts';
import { random } from '../../random.ts';

test('26 bits, one facility code, 3,000 people: one guess in 22', (t) => {
  const { expectedGuesses } = assess({ space: 2 ** 16, inUse: 3000, guessesPerWeek: 0 });
  t.is(Math.round(expectedGuesses), 22);
});

test('hits a week are those of a simulated thief', (t) => {
  const [space, inUse, guessesPerWeek] = [10_000, 500, 300];
  const next = random(5);
  const weeks = 2000;
  let hits = 0;
  for (let guess = 0; guess < guessesPerWeek * weeks; guess++) {
    if (Math.floor(next() * space) < inUse) hits++;
  }
  const { hitsPerWeek } = assess({ space, inUse, guessesPerWeek });
  t.is(hitsPerWeek, 15);
  t.true(Math.abs(hits / weeks - hitsPerWeek) < 0.3);
});

test('nobody has a code: nothing to hit', (t) => {
  t.deepEqual(assess({ space: 10_000, inUse: 0, guessesPerWeek: 2000 }), {
    expectedGuesses: Number.POSITIVE_INFINITY,
    hitsPerWeek: 0,
  });
});

test('the shortest length that the policy allows', (t) => {
  t.is(shortestCode(3000, 2021, 1), 7);
  t.is(shortestCode(500, 2021, 1), 7);
  t.is(shortestCode(10, 2021, 1), 5);
  t.is(shortestCode(0, 2021, 1), 4);
  t.is(shortestCode(3000, 2021, 0.000_000_001), 16);
  t.is(shortestCode(3000, 2021, 0), undefined);
  t.true(assess({ space: codeSpace(6), inUse: 500, guessesPerWeek: 2021 }).hitsPerWeek > 1);
});
