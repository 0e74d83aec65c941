/**
 * Swipes that are due at fixed times, whether or not those before were answered (an open loop). Runs in a thread of its own:
 * it stands for readers, whose interrupts wait for nobody.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { isElsewhere } from '../elsewhere.ts';

isElsewhere();

/** Milliseconds between two. */
const { interval } = workerData as { readonly interval: number };
const sleeping = new Int32Array(new SharedArrayBuffer(4));
const begun = process.hrtime.bigint();
for (let swipe = 1; ; swipe++) {
  const due = begun + BigInt(Math.round(swipe * interval * 1e6));
  const left = Number(due - process.hrtime.bigint()) / 1e6;
  if (left > 0) Atomics.wait(sleeping, 0, 0, left);
  parentPort?.postMessage(due);
}
