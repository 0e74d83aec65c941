// The example panel: short enough to be read, and it works.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { CODE, job, PAUL, UNOWNED } from './fakes.ts';
import { type Gateway, openGateway } from './gateway.ts';

const EXAMPLE = join(import.meta.dirname, '../../panel-protocol/example/terminal.mjs');

test('it has at most 100 lines', (t) => {
  t.true(readFileSync(EXAMPLE, 'utf8').trimEnd().split('\n').length <= 100);
});

/** A terminal where its code is asked for; `see` waits until a text was shown. */
async function started(t: ExecutionContext, gateway: Gateway) {
  const terminal = spawn(process.execPath, [EXAMPLE, `http://${gateway.host}/panel/ward-3`]);
  t.teardown(() => terminal.kill());
  let shown = '';
  let wake = () => {};
  const show = (chunk: Buffer) => {
    shown += chunk;
    wake();
  };
  terminal.stdout.on('data', show);
  terminal.stderr.on('data', show);
  const timer = setTimeout(() => terminal.kill(), 20_000);
  t.teardown(() => clearTimeout(timer));
  terminal.on('exit', () => wake());
  const see = async (text: string) => {
    while (!shown.includes(text)) {
      if (terminal.exitCode !== null || terminal.signalCode !== null) throw new Error(`it ended: ${shown}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await see('Type your code.');
  return { see, type: (line: string) => terminal.stdin.write(`${line}\n`) };
}

async function ordered({ jobs: { orders } }: Gateway) {
  while (orders.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  return orders.map(({ jobs, printer }) => ({ jobs: jobs.map(Number), printer }));
}

test('somebody signs in with it, prints and leaves', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(7, { name: 'Letter' }));
  const { see, type } = await started(t, gateway);
  type('9999');
  await see('Nobody has that.');
  type(CODE);
  await see('7  Letter');
  type('7');
  t.deepEqual(await ordered(gateway), [{ jobs: [7], printer: 'mfp-2' }]);
});

test('all is what is one’s own: not what is nobody’s, nor what others delegated', async (t) => {
  const gateway = await openGateway(t);
  const { jobs } = gateway;
  const look = jobs.look.bind(jobs);
  jobs.look = (seen, person) =>
    Number(seen.id) === 9 ? { job: seen, claimable: false, owner: PAUL } : look(seen, person);
  jobs.put(job(6));
  jobs.put(job(7));
  jobs.put(job(8, UNOWNED));
  jobs.put(job(9, { name: 'Menu' }));
  const { see, type } = await started(t, gateway);
  type(CODE);
  await see('9  Menu');
  type('all');
  t.deepEqual(await ordered(gateway), [{ jobs: [7, 6], printer: 'mfp-2' }]);
});
