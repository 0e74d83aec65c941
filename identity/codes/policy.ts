/** Which codes are long enough: how often a guess may hit, and what a thief at the panels of this gateway gets. */
import { Failure } from '../../base/errors.ts';
import type { CredentialKey } from '../credential.ts';
import { LONGEST_CODE, SHORTEST_CODE } from '../credential.ts';
import type { Turns } from '../import/turns.ts';
import { codeSpace, shortestCode } from './accounting.ts';
import { randomCode } from './generate.ts';

/** PINs have four digits or more, but people choose them: a thief who tries those that people like needs no 10,000. */
export const PIN_GUESSES = 1000;

export interface CodePolicy {
  /** Wrong codes that the delays let through in a week, at all panels together. */
  readonly guessesPerWeek: number;
  /** Hits must stay below, > 0. */
  readonly hitsAllowedPerWeek: number;
  /** Of so many guesses at what is asked beside a right code one is right; 1 when nothing is asked. See {@link PIN_GUESSES}. */
  readonly secondFactor?: number;
  /** Codes of any length are taken. */
  readonly acceptRisk: boolean;
}

/** One length of code, as a thief finds it. */
export interface Guessability {
  readonly digits: number;
  /** Of all codes of that length, how many are somebody's: 0 to 1. */
  readonly share: number;
  readonly hitsPerWeek: number;
  readonly allowed: boolean;
}

export function judge(digits: number, share: number, policy: CodePolicy): Guessability {
  const { guessesPerWeek, secondFactor = 1 } = policy;
  const hitsPerWeek = (Math.min(guessesPerWeek, codeSpace(digits) * secondFactor) * share) / secondFactor;
  return { digits, share, hitsPerWeek, allowed: hitsPerWeek < policy.hitsAllowedPerWeek };
}

/** Why a length is refused, and which would do, as sentences without the first letter large and the last stop. */
export function wordsOf({ digits, share, hitsPerWeek }: Guessability, policy: CodePolicy): string {
  const inUse = Math.max(1, Math.round(share * codeSpace(digits)));
  const { guessesPerWeek, hitsAllowedPerWeek, secondFactor = 1 } = policy;
  const guesses = Math.max(1, Math.round(secondFactor / share));
  const shortest = shortestCode(inUse, guessesPerWeek / secondFactor, hitsAllowedPerWeek);
  const remedy = shortest === undefined ? 'no length would do' : `${shortest} digits would do`;
  return `codes of ${digits} digits are too short for some ${inUse} people: one guess in ${guesses} hits, ${hits(hitsPerWeek)} a week with somebody guessing at every panel; ${remedy}`;
}

/**
 * For codes that are to be made.
 * @param share of that length, in use already
 * @throws Failure `code-too-short` when a guess would hit too often with `count` more
 */
export function mustBeLongEnough(digits: number, share: number, count: number, policy: CodePolicy): void {
  const judged = judge(digits, Math.min(1, share + count / codeSpace(digits)), policy);
  if (judged.allowed || policy.acceptRisk) return;
  throw new Failure('code-too-short', wordsOf(judged, policy), {
    advice: 'See holdfast codes lengths; codes.accept-risk takes them all the same',
  });
}

const hits = (perWeek: number): string => (perWeek < 10 ? perWeek.toPrecision(2) : `${Math.round(perWeek)}`);

/** A thief's hits show by then: with one in ten thousand in use, ten of these. */
export const GUESSES_TO_MEASURE = 100_000;

/**
 * What part of all codes of a length is in use, found as a thief would: by guessing. Codes are kept as keyed hashes, so
 * nothing else tells. Exact for four digits; for others at random, so a share below 1 in 10,000 is only roughly right.
 */
export async function shareInUse(
  digits: number,
  isInUse: (code: string) => boolean,
  turns: Turns,
): Promise<number> {
  const all = 10 ** digits <= GUESSES_TO_MEASURE;
  const tries = all ? 10 ** digits : GUESSES_TO_MEASURE;
  let found = 0;
  for (let next = 0; next < tries; next++) {
    if (turns.due) await turns.next();
    if (isInUse(all ? String(next).padStart(digits, '0') : randomCode(digits))) found++;
  }
  return all ? Math.min(1, found / codeSpace(digits)) : found / tries;
}

/** The codes of a change that nobody had before, by length; the codes themselves are not kept. */
export class NewCodes {
  readonly #keys = new Map<number, Set<string>>();

  note(digits: number, key: CredentialKey): void {
    const keys = this.#keys.get(digits) ?? new Set();
    this.#keys.set(digits, keys.add(key.toString('latin1')));
  }

  /** Lengths that are refused. @param isInUse after the change */
  async refused(
    isInUse: (code: string) => CredentialKey | undefined,
    policy: CodePolicy,
    turns: Turns,
  ): Promise<Guessability[]> {
    if (policy.acceptRisk) return [];
    const refused: Guessability[] = [];
    for (const [digits, keys] of this.#keys) {
      // New ones are counted, so that only what was there before is measured.
      const old = await shareInUse(
        digits,
        (code) => {
          const key = isInUse(code);
          return key !== undefined && !keys.has(key.toString('latin1'));
        },
        turns,
      );
      const judged = judge(digits, Math.min(1, old + keys.size / codeSpace(digits)), policy);
      if (!judged.allowed) refused.push(judged);
    }
    return refused;
  }
}

/** Every length that a code may have. */
export const CODE_LENGTHS: readonly number[] = Array.from(
  { length: LONGEST_CODE - SHORTEST_CODE + 1 },
  (_, index) => SHORTEST_CODE + index,
);
