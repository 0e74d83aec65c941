// Printers are found on the network, pinned, printed to, kept over a crash; another key is an impostor until it is repinned.
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { PrintClient } from '../daemon/print-client.ts';
import { askAsTerminal } from '../panel-protocol/client.ts';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { AVAHI_PROGRAMS, startAvahi } from './avahi.ts';
import { IPPEVEPRINTER_PROGRAMS, type IppEvePrinterOptions, startIppEvePrinter } from './ippeveprinter.ts';
import { peerTest } from './require-peer.ts';

const withPeers = peerTest(test, [...AVAHI_PROGRAMS, ...IPPEVEPRINTER_PROGRAMS]);

const CARD = '04A1B2C3D4E5F6';
const CONFIG = `
  discovery: { interfaces: [lo], announce: false }
queues: { print: { claimed-names: trust } }
limits: { free-disk-floor: 1 MiB }
panel-defaults: { sign-in: [badge] }
`;

async function setUp(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const avahi = await startAvahi();
  t.teardown(() => avahi[Symbol.asyncDispose]());
  const name = `Eve ${randomBytes(4).toString('hex')}`;
  const bus = avahi.environment['DBUS_SYSTEM_BUS_ADDRESS'] ?? '';
  const startEve = async (more: IppEvePrinterOptions = {}) => {
    const eve = await startIppEvePrinter({ bus, name, ...more });
    t.teardown(() => eve.stop());
    return eve;
  };
  return { folder, name, startEve };
}

const printers = (gateway: GatewayProcess) => ({
  async run(...words: string[]) {
    const { code, stdout, stderr } = await gateway.holdfast('printers', ...words);
    return { code, told: stdout + stderr };
  },
  async json(...words: string[]) {
    return JSON.parse((await gateway.holdfast('printers', ...words, '--json')).stdout);
  },
});

/** The key of a new panel there. */
async function enrolled(gateway: GatewayProcess, printer: string): Promise<string> {
  const { number, secret } = await askAsTerminal(gateway.web, { client: 'test' });
  await gateway.holdfast('panels', 'approve', String(number), '--printer', printer);
  return String((await askAsTerminal(gateway.web, { secret }))['key']);
}

/** Ada, signed in at a panel. */
async function adaAt(t: ExecutionContext, gateway: GatewayProcess, name: string, key: string) {
  const headers = { authorization: `Bearer ${key}` };
  const panel = new TestPanel(gateway.web, `/panel/${name}/socket`, { headers });
  t.teardown(() => panel.socket.terminate());
  await panel.opened();
  await panel.ask({ type: 'hello', versions: [1] });
  await panel.next('session');
  await panel.ask({ type: 'credential', kind: 'badge', value: CARD });
  await panel.next('jobs');
  return panel;
}

withPeers(
  'found, pinned, printed to, kept; with another key it gets nothing until it is repinned',
  async (t) => {
    const { folder, name, startEve } = await setUp(t);
    const keys = join(folder, 'keys');
    await mkdir(keys);
    const eve = await startEve({ keys });
    let gateway = await GatewayProcess.start(t, folder, CONFIG);
    let command = printers(gateway);
    const found = async () =>
      (await command.json('discover')).found.find((each: { name: string }) => each.name === name);
    const first = await found();
    t.like(first, { address: '127.0.0.1', color: true, duplex: true, state: 'quarantine', printer: null });
    t.is(first.uri, `ipps://127.0.0.1:${eve.port}/ipp/print`);
    t.deepEqual(first.formats, ['application/pdf', 'image/jpeg', 'image/pwg-raster']);
    t.regex(first.key, /^[0-9a-f]{64}$/);
    t.regex(first.uuid, /^[0-9a-f-]{36}$/);
    t.deepEqual((await command.json('list')).printers, [], 'in quarantine it is none of ours');

    t.regex((await command.run('pin', first.id, '--as', 'ward/3')).told, /no name of a printer/);
    t.regex((await command.run('pin', 'nothing', '--as', 'ward-3')).told, /no printer was found/);
    t.regex(
      (await command.run('pin', first.id, '--as', 'ward-3', '--key', 'ab'.repeat(32))).told,
      /shows the key/,
    );
    const pinned = await command.run('pin', first.id, '--as', 'ward-3');
    t.is(pinned.code, 0, pinned.told + gateway.output);
    t.regex((await command.run('pin', first.id, '--as', 'ward-4')).told, /pinned already, as "ward-3"/);
    const known = await found();
    t.like(known, { state: 'pinned', printer: 'ward-3' }, JSON.stringify(known));

    await gateway.holdfast('people', 'add', 'ada');
    await gateway.holdfastGiven(`${CARD}\n`, 'people', 'add-card', 'ada');
    using client = new PrintClient(gateway.ipp);
    const job = await client.print(documentStream(20_000));
    const key = await enrolled(gateway, 'ward-3');
    const panel = await adaAt(t, gateway, 'ward-3', key);
    await panel.ask({ type: 'release', key: 'a-key-of-the-first-job', 'job-ids': [job] });
    t.like(await panel.next('outcome'), { 'job-id': job, outcome: 'completed' });
    t.is((await eve.documents()).length, 1);

    // Somebody takes its place, with its name, its UUID and its address.
    await gateway.kill('SIGKILL');
    await eve.stop();
    const other = await startEve({ port: eve.port });
    gateway = await GatewayProcess.start(t, folder, CONFIG);
    command = printers(gateway);
    const alert = await gateway.logged('alert', (line) => line['key'] === 'impostor printer ward-3');
    t.is(alert['kind'], 'security');
    t.like((await command.json('list')).printers[0], { name: 'ward-3', pin: 'wrong-key', 'known-by': 'pin' });
    const impostor = await found();
    t.like(impostor, { state: 'impostor', printer: 'ward-3', uuid: first.uuid });
    t.not(impostor.key, first.key);
    using again = new PrintClient(gateway.ipp);
    const second = await again.print(documentStream(20_000));
    const after = await adaAt(t, gateway, 'ward-3', key);
    await after.ask({ type: 'release', key: 'a-key-of-the-second-job', 'job-ids': [second] });
    t.like(await after.next('outcome'), { 'job-id': second, outcome: 'not-printed', reason: 'wrong-key' });
    t.deepEqual(await other.documents(), [], 'it got nothing');

    const shown = await command.run('repin', 'ward-3');
    t.is(shown.code, 1, 'only shown');
    const groups = (key: string) => key.match(/.{4}/g)?.join(':') ?? '';
    t.true(shown.told.includes(groups(first.key)) && shown.told.includes(groups(impostor.key)), shown.told);
    t.regex((await command.run('repin', 'ward-3', '--key', first.key)).told, /not what was typed/);
    t.is((await command.run('repin', 'ward-3', '--key', impostor.key)).code, 0);
    await gateway.logged('alert is over', (line) => line['key'] === 'impostor printer ward-3');
    t.like(await found(), { state: 'pinned' });
    t.is((await command.run('unpin', 'ward-3', 'nothing')).code, 1);
    t.deepEqual((await command.json('list')).printers, []);
  },
);
