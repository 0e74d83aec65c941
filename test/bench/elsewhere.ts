/** For what stands for other machines in a bench: readers, people, printers. They have processors of their own. */
import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';

/**
 * The calling thread goes before everything here, so that what is measured does not wait for the one who measures; what it
 * starts does not. As root only: else it waits a little on a busy machine, which counts as the gateway's time.
 */
export function isElsewhere(): void {
  if (process.getuid?.() !== 0) return;
  const thread = readlinkSync('/proc/thread-self').split('/').at(-1) as string;
  execFileSync('chrt', ['--fifo', '--reset-on-fork', '--pid', '2', thread]);
}
