/** Time as a port, so that machines stay pure and no test sleeps. */
import type { Milliseconds } from './units.ts';

export interface Timer {
  /** Harmless when the timer has fired or was cancelled. */
  cancel(): void;
}

export interface Clock {
  /** Wall clock: milliseconds since 1970-01-01 UTC. May jump when the administrator sets it. */
  now(): number;
  /** Milliseconds that never go back, with fractions. For durations. */
  monotonic(): number;
  /** Calls `run` once after `delay`. Does not keep the process alive. */
  after(delay: Milliseconds, run: () => void): Timer;
}

/** setTimeout takes 32 bits; a longer delay fires early and would have to be set again. */
const LONGEST_DELAY = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delay, run) {
    const timer = setTimeout(run, Math.min(delay, LONGEST_DELAY));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Resolves after `delay`; rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, delay: Milliseconds, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.after(delay, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
