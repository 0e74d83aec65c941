/**
 * Swipes that are due at fixed times, whether or not those before were answered (an open loop). Runs in a thread of its own,
 * which goes before all others: it stands for readers, whose interrupts wait for nobody.
 */
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
// As root only; else the swipes come a little late under load, which counts as the gateway's time.
if (process.getuid?.() === 0) setPriority(thread, constants.priority.PRIORITY_HIGHEST);

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
