// Queues are found by real clients: avahi and CUPS, on loopback, with nothing set up; and taken back at the stop.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { AVAHI_PROGRAMS, type Avahi, startAvahi } from './avahi.ts';
import { CUPS_PROGRAMS, startCups } from './cups.ts';
import { peerTest } from './require-peer.ts';

const withAvahi = peerTest(test, AVAHI_PROGRAMS);
const withCups = peerTest(test, [...AVAHI_PROGRAMS, ...CUPS_PROGRAMS]);

const PATIENCE = 20_000;

/** Other tests, and other people of this machine, announce queues on the same loopback. */
const uniqueName = () => `Print ${randomBytes(4).toString('hex')}`;

function configOf(folder: string, name: string): string {
  return `
  discovery: { interfaces: [lo] }
queues:
  print: { info: "${name}", location: "First floor; left", unowned-jobs: claimable }
  hidden: { info: "${name} hidden", announce: false, unowned-jobs: claimable }
printers:
  folder: { uri: "file://${join(folder, 'output')}" }
`;
}

async function announced(t: ExecutionContext, name: string): Promise<GatewayProcess> {
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(t, folder, configOf(folder, name));
  await gateway.logged('queue is announced');
  return gateway;
}

async function avahi(t: ExecutionContext): Promise<Avahi> {
  const started = await startAvahi();
  t.teardown(() => started[Symbol.asyncDispose]());
  return started;
}

/** Asks until the answer is wanted. */
async function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer) || performance.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

withAvahi('a queue is found under every type, with one host, its port and its TXT record', async (t) => {
  const name = uniqueName();
  const browser = await avahi(t);
  const gateway = await announced(t, name);
  const port = Number(gateway.ipp.split(':')[1]);
  for (const type of ['_ipp._tcp', '_ipps._tcp', '_print._sub._ipp._tcp', '_universal._sub._ipps._tcp']) {
    const all = await eventually(
      () => browser.browse(type),
      // It is told as soon as the printer has said what it can do.
      (list) => list.some((each) => each.name === name && each.txt.some((text) => text.startsWith('URF='))),
    );
    const [found] = all.filter((each) => each.name === name);
    t.is(found?.port, port, type);
    t.regex(found?.host ?? '', /^holdfast-[0-9a-f]{8}\.local$/);
    t.is(found?.address, '127.0.0.1');
    const txt = new Map(found?.txt.map((each) => each.split(/=(.*)/s, 2) as [string, string]));
    t.is(txt.get('rp'), 'ipp/print');
    t.is(txt.get('note'), 'First floor; left');
    t.is(txt.get('adminurl')?.startsWith(`https://${found?.host}:${port}/`), true, txt.get('adminurl'));
    t.regex(txt.get('UUID') ?? '', /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    t.regex(txt.get('URF') ?? '', /^V1\.4,/);
    t.true(txt.get('pdl')?.split(',').includes('image/urf'));
    t.false(all.some((each) => each.name.includes('hidden') && each.name.includes(name)));
  }
  const reserved = await browser.browse('_printer._tcp');
  t.is(reserved.find((each) => each.name === name)?.port, 0);

  gateway.signal('SIGTERM');
  await gateway.ended;
  const left = await eventually(
    () => browser.browse('_ipp._tcp'),
    (list) => !list.some((each) => each.name === name),
  );
  t.deepEqual(
    left.filter((each) => each.name === name),
    [],
  );
});

withAvahi(
  'what is taken gets another name, which stays after a restart; the other host is an alert',
  async (t) => {
    const name = uniqueName();
    const browser = await avahi(t);
    const first = await announced(t, name);
    const second = await announced(t, name);
    const named = await second.logged('queue is announced');
    t.is(named['name'], `${name} (2)`);
    const alert = await second.logged('alert', (line) => String(line['key']).startsWith('impostor name'));
    t.regex(String(alert['message']), /127\.0\.0\.1 \(holdfast-[0-9a-f]{8}\.local\)/);
    const found = await eventually(
      () => browser.browse('_ipps._tcp'),
      (list) => list.filter((each) => each.name.startsWith(name)).length === 2,
    );
    t.deepEqual(
      found
        .map((each) => each.name)
        .filter((each) => each.startsWith(name))
        .sort(),
      [name, `${name} (2)`],
    );
    first.signal('SIGTERM');
    await first.ended;
    await second.logged('alert is over', (line) => String(line['key']).startsWith('impostor name'));

    second.signal('SIGTERM');
    await second.ended;
    const again = await GatewayProcess.start(t, second.folder, configOf(second.folder, name));
    t.is((await again.logged('queue is announced'))['name'], `${name} (2)`);
  },
);

withCups('CUPS finds the queue by itself, over TLS, and prints to it with nothing set up', async (t) => {
  const name = uniqueName();
  const destination = name.replace(' ', '_');
  const browser = await avahi(t);
  const cups = await startCups(browser.environment);
  t.teardown(() => cups.stop());
  const gateway = await announced(t, name);
  const listed = await eventually(
    () => cups.command('lpstat', '-e'),
    (list) => list.split('\n').includes(destination),
  );
  t.true(listed.split('\n').includes(destination), listed);
  const file = join(gateway.folder, 'hello.txt');
  await writeFile(file, 'Hello\n');
  await cups.command('lp', '-d', destination, file);
  const jobs = await eventually(
    () => gateway.holdfast('jobs', 'list'),
    ({ stdout }) => stdout.includes('pending-held'),
  );
  t.regex(jobs.stdout, /^1 +pending-held +print /m, await cups.log());
  t.regex(await cups.command('lpstat', '-v'), new RegExp(`device for ${destination}: ipps://`));
});
