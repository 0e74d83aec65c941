// The service: configuration, reload, signals, commands, and the errors that an administrator reads.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { listens } from '../peers/process.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { TcpSink } from '../simulators/tcp-sink.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess, holdfast } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const CONFIG = `
queues:
  print: { unowned-jobs: claimable }
printers:
  folder: { uri: "file:///nonexistent/holdfast-test" }
limits: { free-disk-floor: 1 MiB }
`;

test('config check says where, what is wrong and what is meant', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'bad.yaml');
  await writeFile(
    file,
    'queues:\n  print:\n    relase: at-panel\nprinters:\n  mfp:\n    uri: ipp://10.0.0.1/ipp/print\n    password: x\n',
  );
  const result = await holdfast(['config', 'check', file]);
  t.is(result.code, 1);
  t.regex(result.stderr, new RegExp(`^${file}:3:5 queues.print.relase: .*release`, 'm'));
  t.regex(result.stderr, new RegExp(`^${file}:7:5 printers.mfp.password: `, 'm'));
  const json = await holdfast(['config', 'check', file, '--json']);
  t.is(JSON.parse(json.stdout).problems.length, 2);
});

test('a good file is called good; a missing one is told', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'good.yaml');
  await writeFile(file, `${CONFIG}\npanels: { here: { printer: folder, addresses: [127.0.0.1] } }\n`);
  const good = await holdfast(['config', 'check', file]);
  t.is(good.code, 0, good.stderr);
  t.regex(good.stdout, /good\.yaml: good\n$/);
  const missing = await holdfast(['config', 'check', join(folder, 'none.yaml')]);
  t.is(missing.code, 1);
  t.regex(missing.stderr, /none\.yaml: cannot be read: there is no such file/);
});

test('serve with a bad configuration starts nothing and lists every problem', async (t) => {
  const file = join(await temporaryFolder(t), 'bad.yaml');
  await writeFile(file, 'queues: {}\nprinters: { a: { uri: "ftp://x" } }\n');
  const result = await holdfast(['serve', '--config', file]);
  t.is(result.code, 1);
  t.regex(result.stderr, /bad\.yaml:1:\d+ queues: /);
  t.is(result.stderr.split('bad.yaml:1:').length, 2, 'told once');
  t.regex(result.stderr, /bad\.yaml:2:\d+ printers\.a\.uri: /);
});

test('commands without a gateway say so', async (t) => {
  const socket = join(await temporaryFolder(t), 'none.sock');
  const result = await holdfast(['jobs', 'list', '--socket', socket]);
  t.is(result.code, 1);
  t.is(
    result.stderr,
    `holdfast: no gateway answers at ${socket}. Start it, or name its control socket with --socket PATH or HOLDFAST_SOCKET\n`,
  );
});

test('a mistyped command is met with the one that was meant', async (t) => {
  const result = await holdfast(['jobs', 'lsit']);
  t.not(result.code, 0);
  t.regex(result.stderr, /Did you mean list\?/);
});

test('an import is all or nothing, with lines, and never quotes a code', async (t) => {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(t, folder, CONFIG);
  const file = join(folder, 'people.csv');
  const header = 'EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE\n';
  await writeFile(
    file,
    `${header}ada@example.org,CREATE,ada,Ada,770123\nbob@example.org,CREATE,bob,Bob,770123\n`,
  );
  const refused = await gateway.holdfast('people', 'import', file);
  t.is(refused.code, 1);
  t.regex(refused.stdout, new RegExp(`^${file}:3 CODE: .*line 2`, 'm'));
  t.regex(refused.stdout, /nothing was changed\n$/);
  t.false((refused.stdout + refused.stderr + gateway.output).includes('770123'));
  t.is(
    (await gateway.holdfast('people', 'list')).stdout,
    'no people; import some with "holdfast people import FILE.csv"\n',
  );
  await writeFile(file, `${header}ada@example.org,CREATE,ada,Ada,770123\n`);
  t.is((await gateway.holdfast('people', 'import', file)).code, 0);
  t.regex((await gateway.holdfast('people', 'list')).stdout, /ada +Ada +ada@example\.org/);
  const missing = await gateway.holdfast('people', 'import', join(folder, 'none.csv'));
  t.regex(missing.stderr, /there is no file .*none\.csv/);
});

test('jobs are listed without names and cancelled for good', async (t) => {
  const gateway = await GatewayProcess.start(t, await temporaryFolder(t), CONFIG);
  using client = new PrintClient(gateway.ipp);
  const id = await client.print(documentStream(5000), 'Kündigung');
  const listed = await gateway.holdfast('jobs', 'list');
  t.regex(listed.stdout, new RegExp(`^${id} +pending-held +print +- +127.0.0.1 +5 KiB`, 'm'));
  t.false(listed.stdout.includes('Kündigung'));
  t.is((await gateway.holdfast('jobs', 'cancel', `${id}`)).stdout, `${id}: canceled\n`);
  t.is((await gateway.holdfast('jobs', 'cancel', `${id}`)).code, 1);
  t.is((await gateway.holdfast('jobs', 'list')).stdout, 'no jobs\n');
  t.regex((await gateway.holdfast('jobs', 'list', '--all')).stdout, /canceled/);
  t.false(gateway.output.includes('Kündigung'));
  const bad = await gateway.holdfast('jobs', 'cancel', '0', 'x');
  t.regex(bad.stderr, /"0" is not a job id/);
});

test('health tells which printer does not answer', async (t) => {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues: { print: { unowned-jobs: claimable } }
printers: { off: { uri: "ipp://127.0.0.1:1/ipp/print" } }
limits: { free-disk-floor: 1 MiB }
`,
  );
  await gateway.logged('alert', (line) => line['key'] === 'printer off does-not-answer');
  const shown = await gateway.holdfast('health', 'show');
  t.is(shown.code, 1);
  t.regex(shown.stdout, /^degraded.*off +unknown +[^\n]*127\.0\.0\.1/s);
  const response = await fetch(`http://${gateway.web}/health`);
  t.is(response.status, 200);
  t.like(await response.json(), { status: 'degraded', printers: 1, 'printers-silent': 1 });
  const metrics = await (await fetch(`http://${gateway.web}/metrics`)).text();
  t.regex(metrics, /^holdfast_jobs 0$/m);
});

test('SIGHUP takes a good configuration and refuses a bad one whole', async (t) => {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(t, folder, CONFIG);
  const file = join(folder, 'holdfast.yaml');
  const before = await readFile(file, 'utf8');
  await writeFile(file, before.replace('print:', 'print: { unowned-jobs: claimable }\n  other:'));
  gateway.signal('SIGHUP');
  await gateway.logged('configuration reloaded');
  using other = new PrintClient(gateway.ipp, 'other');
  t.true((await other.print(documentStream(100))) > 0);

  await writeFile(file, `${before}\nnonsense: 1\n`);
  gateway.signal('SIGHUP');
  const refused = await gateway.logged('configuration not reloaded; the one before stays');
  t.regex(String(refused['problems']), /nonsense/);
  t.true((await other.print(documentStream(100))) > 0, 'the one before stays');

  await writeFile(file, before.replace(/web: .*/, 'web: { listen: ["127.0.0.1:1"] }'));
  gateway.signal('SIGHUP');
  const fixed = await gateway.logged(
    'configuration not reloaded; the one before stays',
    (line) => line !== refused,
  );
  t.regex(String(fixed['problems']), /gateway\.web.*Restart/);
});

test('the first signal lets a document come in; then everything is on disk', async (t) => {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(t, folder, CONFIG);
  const [host = '', port = ''] = gateway.ipp.split(':');
  using client = new PrintClient(gateway.ipp);
  const gate = Promise.withResolvers<void>();
  const document = documentStream(600_000);
  const printing = client.print({
    ...document,
    async *chunks() {
      let first = true;
      for await (const chunk of document.chunks()) {
        yield chunk;
        if (first) await gate.promise;
        first = false;
      }
    },
  });
  while (!(await gateway.holdfast('jobs', 'list')).stdout.includes('print')) await wait(50);
  const ended = gateway.kill('SIGTERM');
  await gateway.logged('stopping; a second signal cuts what is under way');
  while (await listens(Number(port), host)) await wait(20);
  gate.resolve();
  t.true((await printing) > 0);
  t.is(await ended, 0);
  const again = await GatewayProcess.start(t, folder, CONFIG);
  t.is((await again.logged('jobs recovered'))['living'], 1);
});

test('the first signal does not wait for a printer that is off', async (t) => {
  const folder = await temporaryFolder(t);
  // Nothing listens on port 1; a raw port that refuses counts as busy, and is waited for.
  const config = `
queues: { print: { release: immediately, unowned-jobs: claimable } }
printers: { mfp: { uri: "socket://127.0.0.1:1", formats: [application/pdf] } }
limits: { free-disk-floor: 1 MiB, printer-busy-time: 1 h }
`;
  const gateway = await GatewayProcess.start(t, folder, config);
  using client = new PrintClient(gateway.ipp);
  await client.print(documentStream(5000));
  await gateway.logged('printer will be tried again');
  t.is(await gateway.kill('SIGTERM'), 0);
  t.like(await gateway.logged('job was not printed'), { outcome: 'not-printed', reason: 'busy' });
});

test('the second signal cuts what is at the printer, and marks it', async (t) => {
  const folder = await temporaryFolder(t);
  const sink = await TcpSink.start({ stallAfter: 1 });
  t.teardown(() => sink.stop());
  const config = `
queues: { print: { release: immediately, unowned-jobs: claimable } }
printers: { mfp: { uri: "socket://127.0.0.1:${sink.port}", formats: [application/pdf] } }
limits: { free-disk-floor: 1 MiB }
`;
  const gateway = await GatewayProcess.start(t, folder, config);
  using client = new PrintClient(gateway.ipp);
  await client.print(documentStream(20_000_000));
  while (sink.received === 0) await wait(10);
  gateway.signal('SIGTERM');
  await gateway.logged('stopping; a second signal cuts what is under way');
  gateway.signal('SIGTERM');
  t.is(await gateway.ended, 0);
  await gateway.logged('job was not printed', (line) => line['outcome'] === 'unknown');
  const again = await GatewayProcess.start(t, folder, config);
  const { stdout } = await again.holdfast('jobs', 'list', '--json');
  t.like(JSON.parse(stdout).jobs[0], { 'job-state': 'pending-held', trouble: 'unknown: canceled at mfp' });
});

test('nobody else may read what it keeps', async (t) => {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(t, folder, CONFIG);
  using client = new PrintClient(gateway.ipp);
  await client.print(documentStream(600_000));
  const state = join(folder, 'state');
  const names = await readdir(state, { recursive: true });
  t.true(names.length > 3);
  for (const name of ['', ...names]) {
    const found = await stat(join(state, name)).catch(() => undefined);
    if (found === undefined) continue; // A temporary file that is gone by now.
    t.is(found.mode & 0o777, found.isDirectory() ? 0o700 : 0o600, name);
  }
});

test('a second gateway on the same state is told that there is one', async (t) => {
  const folder = await temporaryFolder(t);
  await GatewayProcess.start(t, folder, CONFIG);
  const result = await holdfast(['serve', '--config', join(folder, 'holdfast.yaml')]);
  t.is(result.code, 1);
  t.regex(result.stderr, /another Holdfast is running on this state directory/);
});
