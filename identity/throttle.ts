/** Guessing is made slow: a budget of wrong tries, and delays that grow once it is spent. */
import { Milliseconds, Minutes, Seconds } from '../base/units.ts';

export interface ThrottleLimits {
  /** Wrong tries that cost no delay, ≥ 1. */
  readonly budget: number;
  /** How long it takes until one wrong try is forgiven; in the long run nobody guesses faster than this. */
  readonly forgiveEvery: Milliseconds;
  /** After the first wrong try past the budget; each further one doubles it. */
  readonly firstDelay: Milliseconds;
  readonly longestDelay: Milliseconds;
}

/** Twelve guesses an hour in the long run. A panel at which twelve people an hour mistype is never slowed down. */
export const THROTTLE_DEFAULTS: ThrottleLimits = {
  budget: 5,
  forgiveEvery: Minutes(5),
  firstDelay: Seconds(10),
  longestDelay: Minutes(15),
};

/** Times are those of `Clock.monotonic`. */
export interface ThrottleState {
  /** Wrong tries not forgiven yet, as of `at`; forgiven steadily, so with a fraction. */
  readonly wrong: number;
  readonly at: number;
  /** Every try before this time is refused unread, a right one too: else guessing would go on. */
  readonly blockedUntil: number;
}

export const UNTRIED: ThrottleState = { wrong: 0, at: 0, blockedUntil: 0 };

/** How long to wait until the next try is taken; 0: it is taken now. */
export function waitOf(state: ThrottleState, now: number): Milliseconds {
  return Milliseconds(Math.max(0, state.blockedUntil - now));
}

/**
 * After a try that was taken and was wrong. There is no counterpart for a right one: only time forgives, so that somebody
 * with a code of their own cannot buy new guesses with it.
 */
export function afterWrong(state: ThrottleState, now: number, limits: ThrottleLimits): ThrottleState {
  const forgiven = Math.max(0, now - state.at) / limits.forgiveEvery;
  const wrong = Math.max(0, state.wrong - forgiven) + 1;
  const past = Math.ceil(wrong - limits.budget);
  const delay = past <= 0 ? 0 : Math.min(limits.longestDelay, limits.firstDelay * 2 ** (past - 1));
  return { wrong, at: now, blockedUntil: now + delay };
}

/** More places than any gateway has; past it the one whose last wrong try is the longest ago is forgotten. */
const MOST_PLACES = 10_000;

/** The states of all places at which guesses are made. A place is a name of the caller's: a panel, a reader. */
export class Throttle {
  readonly #limits: ThrottleLimits;
  /** In the order of the last wrong try. */
  readonly #states = new Map<string, ThrottleState>();

  constructor(limits: ThrottleLimits) {
    this.#limits = limits;
  }

  waitOf(place: string, now: number): Milliseconds {
    return waitOf(this.#states.get(place) ?? UNTRIED, now);
  }

  /** Counts a wrong try; gives how long to wait until the next one. */
  afterWrong(place: string, now: number): Milliseconds {
    const state = afterWrong(this.#states.get(place) ?? UNTRIED, now, this.#limits);
    this.#states.delete(place);
    this.#states.set(place, state);
    if (this.#states.size > MOST_PLACES) {
      const [oldest] = this.#states.keys();
      if (oldest !== undefined) this.#states.delete(oldest);
    }
    return waitOf(state, now);
  }
}
