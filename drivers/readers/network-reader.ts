/** A reader that sends over the network, whatever carries it: it is there while somebody speaks for it. */
import type { Clock } from '../../base/clock.ts';
import { Seconds } from '../../base/units.ts';
import type { RawSwipe } from '../../identity/cards/card-number.ts';
import type { Feedback, Reader, ReaderCounts, ReaderStatus } from './port.ts';
import { Swipes } from './swipes.ts';

/** A reader that posted waits this long for an answer. */
const VERDICT_TIME = Seconds(2);

export class NetworkReader implements Reader {
  readonly #swipes: Swipes;
  #status: ReaderStatus;
  #dropped = 0;
  readonly #clock: Clock;
  /** Who sent the last swipe, and waits for what became of it. */
  #asking: ((verdict: Feedback | undefined) => void) | undefined;

  /** @param status before anything has come */
  constructor(clock: Clock, status: ReaderStatus) {
    this.#clock = clock;
    this.#swipes = new Swipes(clock);
    this.#status = status;
  }

  get status(): ReaderStatus {
    return this.#status;
  }

  set status(status: ReaderStatus) {
    if (this.#status.state !== 'closed') this.#status = status;
  }

  get counts(): ReaderCounts {
    return { ...this.#swipes.counts, dropped: this.#dropped };
  }

  swipes(): AsyncIterableIterator<RawSwipe, undefined> {
    return this.#swipes.listen();
  }

  /** Resolves to what became of it; undefined where that is not known in time, or it was the same swipe again. */
  deliver(swipe: RawSwipe): Promise<Feedback | undefined> {
    this.#asking?.(undefined);
    if (!this.#swipes.add(swipe)) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer = this.#clock.after(VERDICT_TIME, () => told(undefined));
      const told = (verdict: Feedback | undefined) => {
        timer.cancel();
        if (this.#asking === told) this.#asking = undefined;
        resolve(verdict);
      };
      this.#asking = told;
    });
  }

  /** What came was no swipe. */
  drop(frames: number): void {
    this.#dropped += frames;
  }

  feedback(kind: Feedback): void {
    this.#asking?.(kind);
  }

  async close(): Promise<void> {
    this.#status = { state: 'closed' };
    this.#asking?.(undefined);
    this.#swipes.end();
  }
}
