/** How many guesses the delays let through in a week: what the accounting of codes and cards rests on. */
import { Days } from '../../base/units.ts';
import type { GuessingLimits } from './limits.ts';
import { stepsOf } from './machine.ts';

const WEEK = Days(7);

/**
 * An upper bound of the wrong codes that are looked at in a week, whatever the thief's timing.
 * @param panels at which the thief types, ≥ 0
 */
export function codesGuessedPerWeek(panels: number, limits: GuessingLimits): number {
  const { budget, forgiveEvery, firstDelay, longestDelay } = limits.code;
  const doublings = Math.max(1, Math.ceil(Math.log2(longestDelay / firstDelay)) + 1);
  const atOne = budget + doublings + WEEK / Math.min(forgiveEvery, longestDelay);
  return atMost(panels, atOne, limits);
}

/** The same of unknown cards that are looked at without a PIN. */
export function cardsGuessedPerWeek(panels: number, limits: GuessingLimits): number {
  const { budget, forgiveEvery } = limits.card;
  return atMost(panels, budget + WEEK / forgiveEvery, limits);
}

/**
 * The site lets its budget through and what it forgives. Past that each panel has its delays from the first to the
 * longest one, and then one guess in the longest: with very many panels these are more.
 */
function atMost(panels: number, atOne: number, limits: GuessingLimits): number {
  const { budget, forgiveEvery, longestDelay } = limits.site;
  const inAll =
    budget + panels * stepsOf(limits) + Math.max(WEEK / forgiveEvery, (panels * WEEK) / longestDelay);
  return Math.ceil(Math.min(panels * atOne, inAll));
}
