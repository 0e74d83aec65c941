// `npm start`, as the README promises it: the demo's handles, on loopback only.
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { beginDemo, startDemo } from './demo-process.ts';
import { holdfast } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What runs; not what tests and tells. */
const PARTS = 'base config daemon drivers identity ipp panel-protocol spool package.json'.split(' ');

test('the demo comes up with a sample held, and says where everything is', async (t) => {
  const folder = join(await temporaryFolder(t), 'state');
  const demo = await startDemo(t, folder);
  t.like(await demo.health(), { status: 'ok', printers: 1 });
  const page = await fetch(`http://localhost:${demo.webPort}/panel/demo`);
  t.is(page.status, 200);
  t.regex(
    demo.output(),
    new RegExp(`http://localhost:${demo.webPort}/panel/demo.*2468.*${folder}/output`, 's'),
  );
  const { stdout } = await holdfast(['jobs', 'list', '--json'], {
    HOLDFAST_SOCKET: join(folder, 'control.sock'),
  });
  const { jobs } = JSON.parse(stdout);
  t.is(jobs.length, 1);
  t.like(jobs[0], { 'job-state': 'pending-held', queue: 'print', owner: 'demo' });
});

test('what goes to /ipp/direct is in the output at once; a restart keeps the sample', async (t) => {
  const folder = await temporaryFolder(t);
  const demo = await startDemo(t, folder);
  const document = documentStream(300_000);
  using client = new PrintClient(`localhost:${demo.ippPort}`, 'direct');
  await client.print(document, 'At once');
  const output = join(folder, 'output');
  const written = async () => (await readdir(output).catch(() => [])).filter((name) => !name.startsWith('.'));
  while ((await written()).length === 0) await new Promise((wake) => setTimeout(wake, 20));
  const [name = ''] = await written();
  t.regex(name, /At-once\.pdf$/);
  t.is((await readFile(join(output, name))).length, document.octets);
  t.is(await demo.stop(), 0);

  const again = await startDemo(t, folder);
  const { stdout } = await holdfast(['jobs', 'list', '--json'], {
    HOLDFAST_SOCKET: join(folder, 'control.sock'),
  });
  t.is(JSON.parse(stdout).jobs.length, 1, 'the same sample, not a second one');
  t.is(await again.stop(), 0);
});

test('a clone and a state directory may have any name', async (t) => {
  const folder = join(await temporaryFolder(t), 'my clone #1 ? 100% für[ä]');
  await mkdir(folder);
  for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const state = join(folder, 'state');
  const demo = await startDemo(t, state, join(folder, 'daemon/launcher.mjs'));
  t.like(await demo.health(), { status: 'ok', printers: 1 });
  using client = new PrintClient(`localhost:${demo.ippPort}`, 'direct');
  await client.print(documentStream(3000), 'At once');
  const written = async () => readdir(join(state, 'output')).catch(() => []);
  while (!(await written()).some((name) => name.endsWith('At-once.pdf'))) {
    await new Promise((wake) => setTimeout(wake, 20));
  }
  t.is(await demo.stop(), 0);
});

test('stopped while it starts, it still stops cleanly', async (t) => {
  const demo = await beginDemo(t, await temporaryFolder(t));
  t.is(await demo.stop(), 0, demo.output());
  t.regex(demo.output(), /holdfast has stopped/);
});

test('nothing of the demo listens beyond loopback', async (t) => {
  const demo = await startDemo(t, await temporaryFolder(t));
  const ports = [demo.ippPort, demo.webPort].map((port) => port.toString(16).toUpperCase().padStart(4, '0'));
  const tables = (
    await Promise.all(
      ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
    )
  ).join('');
  const LISTEN = '0A';
  const ours = tables
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTEN && ports.includes(local?.split(':')[1] ?? ''))
    .map(([, local]) => local?.split(':')[0]);
  t.true(ours.length >= 2);
  const loopback = ['0100007F', '00000000000000000000000001000000'];
  t.deepEqual(
    ours.filter((address) => !loopback.includes(address ?? '')),
    [],
  );
});

test('a wrong port is told', async (t) => {
  const result = await holdfast([
    'demo',
    '--ipp-port',
    '99999',
    '--state-directory',
    await temporaryFolder(t),
  ]);
  t.is(result.code, 1);
  t.regex(result.stderr, /^holdfast: "99999" is not a port/m);
});
