/** Codes that are mailed to make an unknown badge somebody's: for that badge only, once, for half an hour; in memory only. */
import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { keyedHash } from '../../base/secrets/keyed-hash.ts';
import { newKey } from '../../base/secrets/sealing.ts';
import { Hours, Minutes } from '../../base/units.ts';
import type { CardNumber } from '../cards/card-number.ts';
import type { PersonId } from '../person.ts';

interface Activation {
  readonly person: PersonId;
  readonly code: Buffer;
  /** By the clock's monotonic time. */
  readonly until: number;
  wrong: number;
}

export const ACTIVATION_TIME = Minutes(30);
/** Digits only: a small terminal's keypad has nothing else. Five tries of 10⁸, and only with the badge in hand. */
const DIGITS = 8;
/** Codes that were typed wrong for one badge; then its codes are worth nothing. */
const MOST_WRONG = 5;
const WINDOW = Hours(1);
/** Asked for within an hour; nobody's mailbox is filled by somebody at a panel. */
const MOST_FOR_PERSON = 3;
const MOST_AT_PANEL = 60;
const MOST_WAITING = 10_000;

export class Activations {
  readonly #clock: Clock;
  /** Under a key that lives as long as this process. */
  readonly #hash = keyedHash(newKey());
  /** By badge. */
  readonly #waiting = new Map<string, Activation[]>();
  /** When they were asked for, by person and by panel. */
  readonly #asked = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A code for that person and badge; undefined when there were too many. */
  make(person: PersonId, card: CardNumber, panel: string): string | undefined {
    this.#sweep();
    const limits = [
      [`person ${person}`, MOST_FOR_PERSON],
      [`panel ${panel}`, MOST_AT_PANEL],
    ] as const;
    if (this.#waiting.size >= MOST_WAITING) return undefined;
    if (limits.some(([key, most]) => (this.#asked.get(key)?.length ?? 0) >= most)) return undefined;
    const now = this.#clock.monotonic();
    for (const [key] of limits) this.#asked.set(key, [...(this.#asked.get(key) ?? []), now]);
    const code = Array.from({ length: DIGITS }, () => randomInt(10)).join('');
    const key = this.#keyOf(card);
    const others = (this.#waiting.get(key) ?? []).filter((each) => each.person !== person);
    const activation = { person, code: this.#hash(code), until: now + ACTIVATION_TIME, wrong: 0 };
    this.#waiting.set(key, [...others, activation]);
    return code;
  }

  /** Whose code it is for that badge; it is worth nothing after that. */
  redeem(typed: string, card: CardNumber): PersonId | undefined {
    this.#sweep();
    const key = this.#keyOf(card);
    const waiting = this.#waiting.get(key) ?? [];
    const code = this.#hash(typed);
    const found = waiting.find((each) => timingSafeEqual(each.code, code));
    if (found !== undefined) {
      this.#waiting.delete(key);
      return found.person;
    }
    for (const each of waiting) each.wrong += 1;
    this.#keep(
      key,
      waiting.filter(({ wrong }) => wrong < MOST_WRONG),
    );
    return undefined;
  }

  #keyOf(card: CardNumber): string {
    return this.#hash(card).toString('base64');
  }

  #keep(key: string, waiting: readonly Activation[]): void {
    if (waiting.length === 0) this.#waiting.delete(key);
    else this.#waiting.set(key, [...waiting]);
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const [key, waiting] of this.#waiting)
      this.#keep(
        key,
        waiting.filter(({ until }) => until > now),
      );
    for (const [key, times] of this.#asked) {
      const lately = times.filter((at) => at > now - WINDOW);
      if (lately.length === 0) this.#asked.delete(key);
      else this.#asked.set(key, lately);
    }
  }
}
