/** A reader that sends over the network, whatever carries it: it is there while somebody speaks for it. */
import type { Clock } from '../../base/clock.ts';
import type { RawSwipe } from '../../identity/cards/card-number.ts';
import type { Reader, ReaderCounts, ReaderStatus } from './port.ts';
import { Swipes } from './swipes.ts';

export class NetworkReader implements Reader {
  readonly #swipes: Swipes;
  #status: ReaderStatus;
  #dropped = 0;

  /** @param status before anything has come */
  constructor(clock: Clock, status: ReaderStatus) {
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

  deliver(swipe: RawSwipe): void {
    this.#swipes.add(swipe);
  }

  /** What came was no swipe. */
  drop(frames: number): void {
    this.#dropped += frames;
  }

  feedback(): void {}

  async close(): Promise<void> {
    this.#status = { state: 'closed' };
    this.#swipes.end();
  }
}
