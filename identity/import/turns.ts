/** Long work in slices, so that the event loop has its turns in between. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../base/clock.ts';
import { Milliseconds } from '../../base/units.ts';

/** What a panel or a print client may have to wait in passing: a swipe is answered within a millisecond. */
const LONGEST_SLICE = Milliseconds(0.5);

export class Turns {
  readonly #clock: Clock;
  #began: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#began = clock.monotonic();
  }

  /** True when this slice has taken long enough. */
  get due(): boolean {
    return this.#clock.monotonic() - this.#began >= LONGEST_SLICE;
  }

  /** Resolves when everything else that waits has had its turn. */
  async next(): Promise<void> {
    await nextTurn();
    this.#began = this.#clock.monotonic();
  }

  async forEach<Item>(items: Iterable<Item>, work: (item: Item) => void): Promise<void> {
    for (const item of items) {
      if (this.due) await this.next();
      work(item);
    }
  }
}
