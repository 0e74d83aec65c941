/** Work that comes in rounds: one round at a time, another behind it when it was asked for meanwhile, the next at a time. */
import { type Clock, sleep, type Timer } from './clock.ts';
import { type Milliseconds, Seconds } from './units.ts';

/** What a stop waits for the round that is under way. */
const PATIENCE = Seconds(5);

export class Rounds {
  readonly #clock: Clock;
  readonly #round: () => Promise<void>;
  readonly #ending = new AbortController();
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #again = false;

  /** @param round never rejects, and ends soon when `ending` is aborted */
  constructor(clock: Clock, round: () => Promise<void>) {
    this.#clock = clock;
    this.#round = round;
  }

  /** Aborted by `stop`. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** There may be something to do. Returns at once. */
  look(): void {
    if (this.ending.aborted) return;
    this.#timer?.cancel();
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    this.#running = this.#round().finally(() => {
      this.#running = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.look();
    });
  }

  /** Looks after `delay`, in place of any time that was named before; a `look` before that takes its place. */
  lookIn(delay: Milliseconds): void {
    if (this.ending.aborted) return;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(delay, () => this.look());
  }

  /** No round begins any more. Resolves when none is under way, or after 5 s. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#timer?.cancel();
    await Promise.race([this.#running, sleep(this.#clock, PATIENCE)]);
  }
}
