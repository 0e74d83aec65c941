/** Sync workers: one is kept warm between two readings, so that a poll does not pay for the start of a thread. */
import { Worker } from 'node:worker_threads';

const SCRIPT = new URL('./worker.ts', import.meta.url);
/**
 * Entries live as long as it takes to hand them over. In a young generation that is too small for that they are moved about,
 * by threads of V8 that take the processors from the gateway: a quarter of that work is left, and less memory is used.
 */
const OPTIONS = { name: 'sync', resourceLimits: { maxYoungGenerationSizeMb: 24 } };

export class SyncWorkers implements AsyncDisposable {
  #idle: Worker | undefined;
  #closed = false;
  readonly #forget = () => {
    this.#idle = undefined;
  };

  /** For one reading; the caller then gives it back, or ends it. */
  take(): Worker {
    const idle = this.#idle;
    this.#idle = undefined;
    if (idle === undefined) return new Worker(SCRIPT, OPTIONS);
    // Not all listeners: a Worker has one of its own, without which it gives no messages.
    idle.off('error', this.#forget).off('exit', this.#forget);
    idle.ref();
    return idle;
  }

  /** @param worker one that has told how its reading ended, and of which nobody listens any more */
  async giveBack(worker: Worker): Promise<void> {
    if (this.#closed || this.#idle !== undefined) {
      await worker.terminate();
      return;
    }
    this.#idle = worker;
    // Whoever waits for the gateway to end need not wait for it.
    worker.unref();
    worker.on('error', this.#forget).on('exit', this.#forget);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const idle = this.#idle;
    this.#idle = undefined;
    await idle?.terminate();
  }
}
