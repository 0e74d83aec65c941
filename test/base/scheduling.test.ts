import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import test from 'ava';

/** SCHED_RR and SCHED_IDLE, in the 41st field of proc_pid_stat(5). */
const ROUND_ROBIN = '2';
const IDLE = '5';

function policies(): string[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    // The name of the thread, in parentheses, may hold blanks.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38] ?? '';
  });
}

/** @param asked what a new thread calls; it answers with what that resolved to, and starts a thread of its own then. */
async function thread(asked: string): Promise<{ readonly done: unknown; readonly worker: Worker }> {
  const script = `
    const { parentPort, Worker } = require('node:worker_threads');
    import(${JSON.stringify(new URL('../../base/scheduling.ts', import.meta.url).href)}).then(async ({ ${asked} }) => {
      const done = await ${asked}();
      const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
      worker.once('online', () => parentPort.postMessage(done));
    });
    parentPort.on('message', () => {});`;
  const worker = new Worker(script, { eval: true });
  const [done] = await once(worker, 'message');
  return { done, worker };
}

const count = (policy: string): number => policies().filter((each) => each === policy).length;

test.serial('a thread that asks for it runs in spare time', async (t) => {
  t.is(count(IDLE), 0);
  const { done, worker } = await thread('runInSpareTime');
  t.true(done);
  t.true(count(IDLE) >= 1);
  await worker.terminate();
});

test.serial(
  'a thread that asks for it runs before others, where the system lets it; what it starts does not',
  async (t) => {
    const { done, worker } = await thread('runBeforeOthers');
    t.is(count(ROUND_ROBIN), done ? 1 : 0);
    const isAllowed = spawnSync('chrt', ['--rr', '1', 'true']).status === 0;
    t.is(done, isAllowed);
    await worker.terminate();
  },
);
