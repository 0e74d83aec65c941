/** The line in front of one printer: one job at a time, in the order of `fair-order.ts` unless somebody moves one. */
import type { Trouble } from '../../drivers/printers/port.ts';
import { afterBegun, NOTHING_SERVED, type Place, placeOf, type Served } from './fair-order.ts';

export interface Waiting {
  /** Whose turn it takes. */
  readonly who: string;
  /** Prints; the line goes on when it settles. Must not reject. */
  run(): Promise<void>;
  /** Told instead of being run; without a reason when the line is closed. */
  giveUp(reason?: Trouble): void;
}

interface Waiter extends Place {
  readonly entry: Waiting;
}

export class PrinterLine {
  readonly #waiting: Waiter[] = [];
  #served: Served = NOTHING_SERVED;
  #running: Promise<void> | undefined;
  #closed = false;

  /** Runs at once when nobody is before it. */
  join(entry: Waiting): void {
    if (this.#closed) return entry.giveUp();
    const { index, place } = placeOf(entry.who, this.#waiting, this.#served);
    this.#waiting.splice(index, 0, { ...place, entry });
    this.#running ??= this.#runAll();
  }

  /** Takes one that has not begun out of the line. @returns false when it is not waiting here. */
  leave(entry: Waiting): boolean {
    return this.#take(entry) !== undefined;
  }

  /**
   * Puts one that waits before all others, or right behind another; behind the one that is being run is the front. That
   * is somebody's word, which goes before the fair order.
   * @returns false when it is not waiting here.
   */
  move(entry: Waiting, behind?: Waiting): boolean {
    if (behind === entry || !this.leave(entry)) return false;
    const other = behind === undefined ? -1 : this.#waiting.findIndex((each) => each.entry === behind);
    const turn = this.#waiting[other]?.turn ?? this.#served.turn;
    this.#waiting.splice(other + 1, 0, { who: entry.who, turn, entry });
    return true;
  }

  /** Those that wait, the next one first. */
  get waiting(): readonly Waiting[] {
    return this.#waiting.map(({ entry }) => entry);
  }

  /** Tells all that wait that their turn will not come; who comes after that waits as before. */
  giveUpAll(reason?: Trouble): void {
    for (const { entry } of this.#waiting.splice(0)) entry.giveUp(reason);
  }

  /** Lets the one under way finish and tells the others that their turn will not come. */
  async close(): Promise<void> {
    this.#closed = true;
    this.giveUpAll();
    await this.#running;
  }

  #take(entry: Waiting): Waiter | undefined {
    const index = this.#waiting.findIndex((each) => each.entry === entry);
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  async #runAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#served = afterBegun(next, this.#served);
      await next.entry.run();
    }
    this.#served = NOTHING_SERVED;
    this.#running = undefined;
  }
}
