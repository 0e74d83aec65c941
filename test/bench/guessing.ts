/** Hits a week of somebody who guesses codes, and whether the accounting of codes promises no less than it keeps. */
import { assess, codeSpace, shortestCode } from '../../identity/codes/accounting.ts';
import { codesGuessedPerWeek } from '../../identity/guessing/exposure.ts';
import { GUESSING_DEFAULTS } from '../../identity/guessing/limits.ts';
import { attack } from '../identity/guessing/thief.ts';
import { random } from '../random.ts';
import { type Bench, type Figures, rounded } from './bench.ts';

const PEOPLE = [500, 3000];
const DIGITS = [4, 6, 8];
const PANELS = [1, 20];
const WEEKS = 10;
const ALLOWED = 1;

export const bench: Bench = {
  summary: `Guesses codes for ${WEEKS} weeks with the default limits, as fast as the panels take them`,
  atMost: { worst_admitted_hits_per_week: ALLOWED, worst_guesses_over_bound: 1 },
  async run(say) {
    const next = random(4);
    let admitted = 0;
    let overBound = 0;
    const row = (people: number, panels: number, digits: number) => {
      const limits = GUESSING_DEFAULTS;
      // A week is simulated from its beginning each time: the budget is fresh, the thief knows nothing yet.
      const weeks = Array.from({ length: WEEKS }, () =>
        attack({ people, panels, digits, weeks: 1, limits, random: next }),
      );
      const mean = (read: (loot: (typeof weeks)[number]) => number) =>
        weeks.reduce((sum, each) => sum + read(each), 0) / WEEKS;
      const guesses = mean(({ guessesPerWeek }) => guessesPerWeek);
      const hits = mean(({ hitsPerWeek }) => hitsPerWeek);
      const bound = codesGuessedPerWeek(panels, limits);
      const promised = assess({ space: codeSpace(digits), inUse: people, guessesPerWeek: bound });
      const wrong = guesses - hits;
      overBound = Math.max(overBound, wrong / bound);
      const cells = [
        people,
        panels,
        digits,
        Math.round(guesses),
        rounded(hits),
        rounded(promised.hitsPerWeek),
      ];
      say(cells.map((cell) => String(cell).padStart(10)).join(''));
      return { hits, guesses };
    };
    const head = ['people', 'panels', 'digits', 'guesses', 'hits', 'promised'];
    say(`${head.map((cell) => cell.padStart(10)).join('')}   (a week)`);
    let figures: Figures = {};
    for (const people of PEOPLE) {
      for (const panels of PANELS) {
        for (const digits of DIGITS) row(people, panels, digits);
        const shortest = shortestCode(people, codesGuessedPerWeek(panels, GUESSING_DEFAULTS), ALLOWED);
        if (shortest === undefined) throw new Error('no length would do');
        say(`shortest admitted: ${shortest} digits`);
        const { hits, guesses } = row(people, panels, shortest);
        admitted = Math.max(admitted, hits);
        figures = { people, panels, shortest_digits: shortest, guesses_per_week: Math.round(guesses) };
      }
    }
    return {
      ...figures,
      worst_admitted_hits_per_week: admitted,
      worst_guesses_over_bound: overBound,
    };
  },
};
