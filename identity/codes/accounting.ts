/**
 * How often a guess hits. A code that opens somebody's jobs without a name beside it is guessed for all people at once:
 * with 3,000 people one of 3,333 codes of seven digits is somebody's.
 */
import { LONGEST_CODE, SHORTEST_CODE } from '../credential.ts';
import { trivialCodes } from './trivial.ts';

export interface Exposure {
  /** Values that a credential of this form may have. */
  readonly space: number;
  /** Of these, the ones that are somebody's. */
  readonly inUse: number;
  /** Wrong guesses in a week that the delays let through, all panels taken together. */
  readonly guessesPerWeek: number;
}

export interface Assessment {
  /** Guesses until the first hit, on average; Infinity when there is nothing to hit. */
  readonly expectedGuesses: number;
  /** Hits of somebody who guesses the whole week. */
  readonly hitsPerWeek: number;
}

/** Guessing at random among the values that have not been tried yet. */
export function assess({ space, inUse, guessesPerWeek }: Exposure): Assessment {
  if (inUse === 0) return { expectedGuesses: Number.POSITIVE_INFINITY, hitsPerWeek: 0 };
  return {
    expectedGuesses: (space + 1) / (Math.min(inUse, space) + 1),
    hitsPerWeek: (Math.min(guessesPerWeek, space) * Math.min(inUse, space)) / space,
  };
}

/** Codes of that many digits that are given out. @param digits 4 to 16 */
export function codeSpace(digits: number): number {
  return 10 ** digits - trivialCodes(digits);
}

/** The shortest length with fewer hits a week than the policy allows; undefined when no length does. */
export function shortestCode(
  inUse: number,
  guessesPerWeek: number,
  hitsAllowedPerWeek: number,
): number | undefined {
  for (let digits = SHORTEST_CODE; digits <= LONGEST_CODE; digits++) {
    const { hitsPerWeek } = assess({ space: codeSpace(digits), inUse, guessesPerWeek });
    if (hitsPerWeek < hitsAllowedPerWeek && inUse <= codeSpace(digits)) return digits;
  }
  return undefined;
}
