/** How many guesses cost nothing, and how slow they become after that. */
import { Hours, type Milliseconds, Minutes } from '../../base/units.ts';
import { THROTTLE_DEFAULTS, type ThrottleLimits } from '../throttle.ts';

/** Cards are not delayed: past the budget they are looked at only with a PIN. */
export interface CardLimits {
  /** Unknown cards that cost nothing, ≥ 1. */
  readonly budget: number;
  /** How long it takes until one unknown card is forgiven. */
  readonly forgiveEvery: Milliseconds;
}

/** All kinds at all places taken together. */
export interface SiteLimits {
  /** Wrong tries, ≥ 1. Once they are spent, places where guesses were wrong have no budget of their own. */
  readonly budget: number;
  readonly forgiveEvery: Milliseconds;
  /** Where the delays of such a place end; it also takes that long until one try of its is forgotten. */
  readonly longestDelay: Milliseconds;
}

export interface GuessingLimits {
  /** Of codes at one panel or reader; of PINs and of passwords too, each counted by themselves. */
  readonly code: ThrottleLimits;
  /** At one panel or reader. */
  readonly card: CardLimits;
  readonly site: SiteLimits;
}

/**
 * The site forgives 1,440 slips a day; 3,000 people who sign in twice a day and mistype one time in ten make 600. One
 * panel alone never spends it.
 */
export const GUESSING_DEFAULTS: GuessingLimits = {
  code: THROTTLE_DEFAULTS,
  card: { budget: 10, forgiveEvery: Minutes(5) },
  site: { budget: 100, forgiveEvery: Minutes(1), longestDelay: Hours(1) },
};
