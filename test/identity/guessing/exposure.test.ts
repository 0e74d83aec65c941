// What the delays let through, held against a thief who types; and codes that are long enough for it.
import test from 'ava';
import { Hours, Minutes, Seconds } from '../../../base/units.ts';
import { shortestCode } from '../../../identity/codes/accounting.ts';
import { cardsGuessedPerWeek, codesGuessedPerWeek } from '../../../identity/guessing/exposure.ts';
import { GUESSING_DEFAULTS, type GuessingLimits } from '../../../identity/guessing/limits.ts';
import { random } from '../../random.ts';
import { attack } from './thief.ts';

for (const [people, panels] of [
  [500, 1],
  [500, 20],
  [3000, 1],
  [3000, 20],
] as const) {
  test(`${people} people, ${panels} panels: the shortest admitted length gives under one hit a week`, (t) => {
    const limits = GUESSING_DEFAULTS;
    const digits = shortestCode(people, codesGuessedPerWeek(panels, limits), 1) ?? 0;
    const thief = { people, panels, limits, weeks: 1 };
    // Several weeks of a few thieves: one alone may be lucky.
    const weeks = [1, 2, 3].map((seed) => attack({ ...thief, digits, random: random(seed) }));
    t.true(weeks.reduce((sum, { hitsPerWeek }) => sum + hitsPerWeek, 0) / weeks.length < 1);
    const shorter = attack({ ...thief, digits: 4, random: random(9) });
    t.true(shorter.hitsPerWeek > 20, 'the thief does find what is there');
  });
}

const LIMITS: { name: string; limits: GuessingLimits; panels: number }[] = [
  { name: 'the defaults at one panel', limits: GUESSING_DEFAULTS, panels: 1 },
  { name: 'the defaults at twenty', limits: GUESSING_DEFAULTS, panels: 20 },
  { name: 'so many panels that the site’s delays are what counts', limits: GUESSING_DEFAULTS, panels: 200 },
  {
    name: 'delays that end before a try is forgiven',
    limits: {
      ...GUESSING_DEFAULTS,
      code: { budget: 3, forgiveEvery: Hours(2), firstDelay: Seconds(20), longestDelay: Minutes(20) },
    },
    panels: 2,
  },
  {
    name: 'a site that forgives slowly',
    limits: {
      ...GUESSING_DEFAULTS,
      site: { budget: 10, forgiveEvery: Minutes(30), longestDelay: Hours(12) },
    },
    panels: 5,
  },
];

for (const { name, limits, panels } of LIMITS) {
  test(`no thief gets more guesses than are accounted for, and hardly fewer: ${name}`, (t) => {
    const { guessesPerWeek } = attack({ people: 0, panels, digits: 9, weeks: 1, limits, random: random(3) });
    const bound = codesGuessedPerWeek(panels, limits);
    t.true(guessesPerWeek <= bound, `${guessesPerWeek} guesses, ${bound} accounted for`);
    t.true(guessesPerWeek > bound * 0.5, `${guessesPerWeek} guesses, ${bound} accounted for`);
  });
}

test('nobody guesses where there is no panel', (t) => {
  t.is(codesGuessedPerWeek(0, GUESSING_DEFAULTS), 0);
  t.is(cardsGuessedPerWeek(0, GUESSING_DEFAULTS), 0);
});

test('cards: the budget and what is forgiven', (t) => {
  t.is(cardsGuessedPerWeek(1, GUESSING_DEFAULTS), 10 + (7 * 24 * 60) / 5);
});
