/** A clock that only moves when the test says so. */
import type { Clock, Timer } from '../base/clock.ts';

interface Waiting {
  readonly due: number;
  readonly run: () => void;
}

export class ManualClock implements Clock {
  #time: number;
  #waiting: Waiting[] = [];

  /** @param start milliseconds since 1970; 2026-01-01 unless told. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#time = start;
  }

  now(): number {
    return this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  after(delay: number, run: () => void): Timer {
    const entry = { due: this.#time + delay, run };
    this.#waiting.push(entry);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((each) => each !== entry);
      },
    };
  }

  /** Moves on by `milliseconds`, running what falls due on the way, in order. */
  advance(milliseconds: number): void {
    const end = this.#time + milliseconds;
    for (;;) {
      const next = this.#waiting.filter((each) => each.due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.#waiting = this.#waiting.filter((each) => each !== next);
      this.#time = Math.max(this.#time, next.due);
      next.run();
    }
    this.#time = end;
  }

  /** Resolves when something waits that falls due in `milliseconds` from now. */
  async waitedFor(milliseconds: number): Promise<void> {
    while (!this.#waiting.some(({ due }) => due === this.#time + milliseconds)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Timers that still wait; for tests that nothing is left behind. */
  get pending(): number {
    return this.#waiting.length;
  }
}
