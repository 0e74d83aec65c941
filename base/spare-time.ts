/** For threads whose work nobody waits for: they run only while no other thread wants the processor. */
import { execFile } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Gives the calling thread Linux's policy SCHED_IDLE (sched(7)), for as long as it lives. A high nice value is not enough:
 * since 6.6 the kernel lets any thread of the ordinary policy finish its slice, some 4 ms, before one that has just woken up.
 * Node has no call for it, so util-linux's `chrt` is asked. Where there is none, nothing changes: false.
 */
export async function runInSpareTime(): Promise<boolean> {
  try {
    await run('chrt', ['--idle', '--pid', '0', threadId()]);
    return true;
  } catch {
    return false;
  }
}

/** What the kernel calls the calling thread. */
function threadId(): string {
  return readlinkSync('/proc/thread-self').split('/').at(-1) as string;
}
