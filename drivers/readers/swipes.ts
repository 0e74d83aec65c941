/** Swipes on their way to who listens: each once, none kept for long, double reads folded into one. */
import type { Clock } from '../../base/clock.ts';
import { type Milliseconds, Seconds } from '../../base/units.ts';
import type { RawSwipe } from '../../identity/cards/card-number.ts';

/**
 * The same swipe within this time of the one before is the same: readers that send twice, or again and again while a card
 * lies on them. Who swipes a second time to sign out takes longer.
 */
export const FOLD_TIME: Milliseconds = Seconds(1.5);
/** Nobody is signed in by a card that was held there so long ago. */
export const LONGEST_WAIT: Milliseconds = Seconds(5);
const MOST_WAITING = 4;

interface Waiting {
  readonly swipe: RawSwipe;
  readonly at: number;
}

export class Swipes {
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #last: { readonly key: string; readonly at: number } | undefined;
  #given = 0;
  #folded = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get counts(): { readonly swipes: number; readonly folded: number } {
    return { swipes: this.#given, folded: this.#folded };
  }

  /** False for one that is not given out: the same again, or after the end. */
  add(swipe: RawSwipe): boolean {
    if (this.#ended) return false;
    const at = this.#clock.monotonic();
    const key = swipeKey(swipe);
    const isSame = this.#last?.key === key && at - this.#last.at < FOLD_TIME;
    this.#last = { key, at };
    if (isSame) {
      this.#folded++;
      return false;
    }
    this.#given++;
    this.#waiting = [...this.#waiting, { swipe, at }].slice(-MOST_WAITING);
    this.#wake?.();
    return true;
  }

  end(): void {
    this.#ended = true;
    this.#waiting = [];
    this.#last = undefined;
    this.#wake?.();
  }

  async *listen(): AsyncGenerator<RawSwipe, undefined> {
    while (!this.#ended) {
      const [next, ...rest] = this.#waiting;
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      this.#waiting = rest;
      if (this.#clock.monotonic() - next.at <= LONGEST_WAIT) yield next.swipe;
    }
    return undefined;
  }
}

/** Equal for two swipes that are the same. */
export const swipeKey = (swipe: RawSwipe): string =>
  swipe.kind === 'text' ? swipe.text : `${swipe.bits}:${Buffer.from(swipe.octets).toString('hex')}`;
