/** Lines in front of printers that do not go on: who has waited too long is held again, so that nothing comes out unseen. */
import type { Clock, Timer } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/units.ts';

export interface StuckOptions {
  readonly clock: Clock;
  /** How long a person waits for a printer. */
  waitTime(): Milliseconds;
  /** Holds again who has waited at this printer since then or longer. `since`: of the monotonic clock. */
  giveUpOn(printer: string, since: number): void;
}

interface Stuck {
  timer: Timer;
}

/**
 * Out of paper at noon, filled at five: the documents of those who went away would lie there for everybody. Everybody in
 * the line has the same time, from when they joined it, while the printer does not go on.
 */
export class StuckPrinters {
  readonly #options: StuckOptions;
  readonly #stuck = new Map<string, Stuck>();

  constructor(options: StuckOptions) {
    this.#options = options;
  }

  /** The printer goes on, or does not. */
  set(printer: string, isStuck: boolean): void {
    if (this.#stuck.has(printer) === isStuck) return;
    if (isStuck) {
      this.#stuck.set(printer, { timer: this.#again(printer) });
      return;
    }
    this.#stuck.get(printer)?.timer.cancel();
    this.#stuck.delete(printer);
  }

  /** Looks at the line now and then, for as long as the printer does not go on. */
  #again(printer: string): Timer {
    const { clock, waitTime, giveUpOn } = this.#options;
    const often = Math.max(1, waitTime() / LOOKS);
    return clock.after(often as Milliseconds, () => {
      const stuck = this.#stuck.get(printer);
      if (stuck === undefined) return;
      giveUpOn(printer, clock.monotonic() - waitTime());
      stuck.timer = this.#again(printer);
    });
  }
}

/** Times that a line is looked at while one in it may wait. */
const LOOKS = 10;
