// The example panel: short enough to be read, and it works.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { CODE, job } from './fakes.ts';
import { openGateway } from './gateway.ts';

const EXAMPLE = join(import.meta.dirname, '../../panel-protocol/example/terminal.mjs');

test('it has at most 100 lines', (t) => {
  t.true(readFileSync(EXAMPLE, 'utf8').trimEnd().split('\n').length <= 100);
});

test('somebody signs in with it, prints and leaves', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(7, { name: 'Letter' }));
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
  terminal.stdin.write('9999\n');
  await see('Nobody has that.');
  terminal.stdin.write(`${CODE}\n`);
  await see('7  Letter');
  terminal.stdin.write('7\n');
  while (gateway.jobs.orders.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  t.deepEqual(
    gateway.jobs.orders.map(({ jobs, printer }) => ({ jobs: jobs.map(Number), printer })),
    [{ jobs: [7], printer: 'mfp-2' }],
  );
});
