/** Guessing as a pure function: what one wrong try means for its place and for the site. */
import { Milliseconds } from '../../base/units.ts';
import { afterWrong, type ThrottleState, UNTRIED } from '../throttle.ts';
import type { CardLimits, GuessingLimits, SiteLimits } from './limits.ts';

/** Each is counted by itself, so that unknown cards do not slow down codes. */
export type GuessKind = 'code' | 'card' | 'pin' | 'password';

/** One kind at one panel or reader. Times are those of `Clock.monotonic`. */
export interface PlaceState {
  /** Its own budget. Of a card only the count matters. */
  readonly own: ThrottleState;
  /** Its part in the site's wrong tries, as of `own.at`; forgotten slowly. */
  readonly share: number;
}

/** Wrong tries of all kinds at all places that are not forgiven, as of `at`. */
export interface SiteState {
  readonly wrong: number;
  readonly at: number;
}

export const QUIET_PLACE: PlaceState = { own: UNTRIED, share: 0 };
export const QUIET_SITE: SiteState = { wrong: 0, at: 0 };

/** Wrong tries that are not forgiven at `now`. */
export function unforgiven(
  { wrong, at }: { readonly wrong: number; readonly at: number },
  now: number,
  forgiveEvery: Milliseconds,
): number {
  return Math.max(0, wrong - Math.max(0, now - at) / forgiveEvery);
}

export function isSpent(site: SiteState, now: number, limits: SiteLimits): boolean {
  return unforgiven(site, now, limits.forgiveEvery) > limits.budget;
}

/**
 * After a try that was looked at and was wrong. While the site's budget is spent, the delay of the place begins with the
 * first wrong try and grows further; a place where nothing was wrong notices nothing.
 * @param isPersonSpent the same, for the PIN of somebody whose PIN was guessed at many places
 */
export function afterGuess(
  place: PlaceState,
  site: SiteState,
  now: number,
  kind: GuessKind,
  limits: GuessingLimits,
  isPersonSpent = false,
): { readonly place: PlaceState; readonly site: SiteState } {
  const after = { wrong: unforgiven(site, now, limits.site.forgiveEvery) + 1, at: now };
  const { longestDelay } = limits.site;
  const { firstDelay } = limits.code;
  // Past the steps the delay grows no more, so what is above them need not be remembered.
  const share = Math.min(remembered(place, now, longestDelay) + 1, stepsOf(limits));
  if (kind === 'card') {
    const wrong = unforgiven(place.own, now, limits.card.forgiveEvery) + 1;
    return { place: { own: { wrong, at: now, blockedUntil: 0 }, share }, site: after };
  }
  const own = afterWrong(place.own, now, limits.code);
  const delay =
    isPersonSpent || isSpent(after, now, limits.site)
      ? Math.min(longestDelay, firstDelay * 2 ** (Math.ceil(share) - 1))
      : 0;
  const blockedUntil = Math.max(own.blockedUntil, now + delay);
  return { place: { own: { ...own, blockedUntil }, share }, site: after };
}

/** Doublings from the first delay to the longest one of the site. */
export function stepsOf({ code, site }: GuessingLimits): number {
  return Math.max(1, Math.ceil(Math.log2(site.longestDelay / code.firstDelay)) + 1);
}

function remembered({ own, share }: PlaceState, now: number, longestDelay: Milliseconds): number {
  return unforgiven({ wrong: share, at: own.at }, now, longestDelay);
}

/** Whether a card says who somebody is by itself here, or only with a PIN. */
export function isCardEnough(
  place: PlaceState,
  site: SiteState,
  now: number,
  limits: { readonly card: CardLimits; readonly site: SiteLimits },
): boolean {
  // One more unknown card must still fit.
  if (unforgiven(place.own, now, limits.card.forgiveEvery) > limits.card.budget - 1) return false;
  return !isSpent(site, now, limits.site) || remembered(place, now, limits.site.longestDelay) === 0;
}

/** How long until the next code or PIN is looked at. */
export function waitAt({ own }: PlaceState, now: number): Milliseconds {
  return Milliseconds(Math.max(0, own.blockedUntil - now));
}
