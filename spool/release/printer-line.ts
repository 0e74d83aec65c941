/** The line in front of one printer: one job at a time, first come first served. */
import type { Trouble } from '../../drivers/printers/port.ts';

export interface Waiting {
  /** Prints; the line goes on when it settles. Must not reject. */
  run(): Promise<void>;
  /** Told instead of being run; without a reason when the line is closed. */
  giveUp(reason?: Trouble): void;
}

export class PrinterLine {
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  /** Runs at once when nobody is before it. */
  join(entry: Waiting): void {
    if (this.#closed) return entry.giveUp();
    this.#waiting.push(entry);
    this.#running ??= this.#runAll();
  }

  /** Takes one that has not begun out of the line. @returns false when it is not waiting here. */
  leave(entry: Waiting): boolean {
    const index = this.#waiting.indexOf(entry);
    if (index !== -1) this.#waiting.splice(index, 1);
    return index !== -1;
  }

  /**
   * Puts one that waits before all others, or right behind another; behind the one that is being run is the front.
   * @returns false when it is not waiting here.
   */
  move(entry: Waiting, behind?: Waiting): boolean {
    if (behind === entry || !this.leave(entry)) return false;
    this.#waiting.splice(behind === undefined ? 0 : this.#waiting.indexOf(behind) + 1, 0, entry);
    return true;
  }

  get length(): number {
    return this.#waiting.length + (this.#running === undefined ? 0 : 1);
  }

  /** Lets the one under way finish and tells the others that their turn will not come. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const entry of this.#waiting.splice(0)) entry.giveUp();
    await this.#running;
  }

  async #runAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) await next.run();
    this.#running = undefined;
  }
}
