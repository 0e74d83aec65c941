import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import test from 'ava';

/** SCHED_IDLE, in the 41st field of proc_pid_stat(5). */
const IDLE = '5';

function policies(): string[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    // The name of the thread, in parentheses, may hold blanks.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38] ?? '';
  });
}

test('a thread that asks for it runs in spare time, and no other does', async (t) => {
  t.is(policies().filter((policy) => policy === IDLE).length, 0);
  const script = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(new URL('../../base/spare-time.ts', import.meta.url).href)}).then(async ({ runInSpareTime }) => {
      parentPort.postMessage(await runInSpareTime());
    });
    parentPort.on('message', () => {});`;
  const worker = new Worker(script, { eval: true });
  const [done] = await once(worker, 'message');
  t.true(done);
  t.is(policies().filter((policy) => policy === IDLE).length, 1);
  await worker.terminate();
});
