/** Warnings that a client can cause as often as it likes: each kind at most once in a while, with how many were left out. */
import type { Clock } from './clock.ts';
import type { Log, LogFields } from './log.ts';
import { type Milliseconds, Minutes } from './units.ts';

interface Kind {
  /** Of the clock's monotonic time. */
  lastAt: number;
  unlogged: number;
}

/** Kinds come from constants and our own ids; they must not fill the memory. */
const MOST_KINDS = 1000;

export class SparingLog {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #interval: Milliseconds;
  /** In the order of their last lines. */
  readonly #kinds = new Map<string, Kind>();

  constructor(log: Log, clock: Clock, interval = Minutes(1)) {
    this.#log = log;
    this.#clock = clock;
    this.#interval = interval;
  }

  /**
   * @param kind tells apart what is counted by itself; nothing from outside.
   * A line that follows others which were not logged says how many in `unlogged`.
   */
  warn(event: string, fields: LogFields = {}, kind = event): void {
    const now = this.#clock.monotonic();
    const before = this.#kinds.get(kind);
    if (before !== undefined && now - before.lastAt < this.#interval) {
      before.unlogged++;
      return;
    }
    this.#kinds.delete(kind);
    if (this.#kinds.size >= MOST_KINDS && !this.#forgetOldest(now)) return;
    this.#kinds.set(kind, { lastAt: now, unlogged: 0 });
    const unlogged = before?.unlogged ?? 0;
    this.#log.warn(event, unlogged === 0 ? fields : { ...fields, unlogged });
  }

  /** @returns whether there is a place: one was not logged for so long that its next line would be logged anyway. */
  #forgetOldest(now: number): boolean {
    const [oldest] = this.#kinds;
    if (oldest === undefined || now - oldest[1].lastAt < this.#interval) return false;
    return this.#kinds.delete(oldest[0]);
  }
}
