/** Who gets the processor first: the thread that people wait for before all others, work that nobody waits for after them. */
import { execFile } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Gives the calling thread Linux's policy SCHED_IDLE (sched(7)), for as long as it lives: it runs only while no other thread
 * wants the processor. A high nice value is not enough: since 6.6 the kernel lets any thread of the ordinary policy finish
 * its slice, some 4 ms, before one that has just woken up.
 * @returns false where the system does not do it; then nothing changes
 */
export const runInSpareTime = (): Promise<boolean> => change('--idle', '--pid', '0');

/**
 * Gives the calling thread Linux's lowest real-time priority (SCHED_RR, sched(7)): when something has come for it, it runs at
 * once, whatever else does. For a thread that never works for more than some milliseconds. Threads and programs that it
 * starts are ordinary ones; should it ever go round in a circle, the kernel still leaves them 5 % of that processor.
 * Wants root, CAP_SYS_NICE or RLIMIT_RTPRIO.
 * @returns false where the system does not do it; then nothing changes
 */
export const runBeforeOthers = (): Promise<boolean> => change('--rr', '--reset-on-fork', '--pid', '1');

/** Node has no call for it, so util-linux's `chrt` is asked. */
async function change(...policy: string[]): Promise<boolean> {
  try {
    await run('chrt', [...policy, threadId()]);
    return true;
  } catch {
    return false;
  }
}

/** What the kernel calls the calling thread. */
function threadId(): string {
  return readlinkSync('/proc/thread-self').split('/').at(-1) as string;
}
