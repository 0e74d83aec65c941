// Another key file under a gateway that works, with everything sealed in it: nothing changes for anybody.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { askGateway } from '../../daemon/control/client.ts';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { random } from '../random.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { TcpSink } from '../simulators/tcp-sink.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const CODE = '48151623';
/** Kills; each hits another moment of the rotations. */
const ROUNDS = 4;
const SEED = 20_261_121;

async function config(t: ExecutionContext): Promise<{ sink: TcpSink; config: string }> {
  const sink = await TcpSink.start();
  t.teardown(() => sink.stop());
  return {
    sink,
    config: `
queues: { print: { unowned-jobs: claimable } }
printers: { mfp: { uri: "socket://127.0.0.1:${sink.port}", formats: [application/pdf] } }
panels: { desk: { printer: mfp, addresses: [127.0.0.1] } }
limits: { free-disk-floor: 1 MiB }
`,
  };
}

async function withAda(gateway: GatewayProcess, t: ExecutionContext): Promise<void> {
  const file = join(gateway.folder, 'people.csv');
  await writeFile(file, `EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE\nada@x.org,CREATE,ada,Ada,${CODE}\n`);
  t.is((await gateway.holdfast('people', 'import', file)).code, 0);
}

async function atPanel(t: ExecutionContext, gateway: GatewayProcess): Promise<TestPanel> {
  const panel = new TestPanel(gateway.web, '/panel/desk/socket');
  t.teardown(() => panel.socket.terminate());
  await panel.opened();
  await panel.ask({ type: 'hello', versions: [1] });
  return panel;
}

/** What clients know the gateway by. */
async function namesTold(gateway: GatewayProcess): Promise<string> {
  const { stdout } = await gateway.holdfast('queues', 'list', '--json');
  const { fingerprint } = JSON.parse((await gateway.holdfast('certificate', 'show', '--json')).stdout);
  return `${stdout} ${fingerprint}`;
}

test('codes, certificate and held jobs outlive a new key file, and the restart after it', async (t) => {
  const { sink, config: yaml } = await config(t);
  const folder = await temporaryFolder(t);
  const key = () => readFile(join(folder, 'state/gateway.key'), 'utf8');
  const first = await GatewayProcess.start(t, folder, yaml);
  await withAda(first, t);
  using client = new PrintClient(first.ipp);
  const document = documentStream(300_000);
  const id = await client.print(document);
  const before = await key();
  const told = await namesTold(first);
  const rotated = await first.holdfast('keys', 'rotate');
  t.regex(rotated.stdout, /gateway\.key is a new key now\. Back it up/);
  await first.logged('gateway key replaced');
  t.not(await key(), before);
  t.is((await (await atPanel(t, first)).ask({ type: 'credential', kind: 'code', value: CODE })).type, 'ok');
  t.is(await first.kill('SIGTERM'), 0);

  const second = await GatewayProcess.start(t, folder, yaml);
  t.is(await namesTold(second), told);
  const panel = await atPanel(t, second);
  t.is((await panel.ask({ type: 'credential', kind: 'code', value: CODE })).type, 'ok');
  const list = await panel.next('jobs');
  t.deepEqual(
    list.jobs.map((job) => job['job-id']),
    [id],
  );
  await panel.ask({ type: 'release', key: 'release-1', 'job-ids': [id] });
  await second.logged('job was printed');
  t.is(sink.documents.length, 1);
  t.is(sink.documents[0]?.length, 300_000);
  t.is(await second.kill('SIGTERM'), 0);

  // The key that was replaced opens nothing any more.
  await writeFile(join(folder, 'state/gateway.key'), before);
  const third = await t.throwsAsync(GatewayProcess.start(t, folder, yaml));
  t.regex(third?.message ?? '', /does not open what is sealed/);
});

test('killed in the middle of rotations, it starts, and everybody signs in', async (t) => {
  const { config: yaml } = await config(t);
  const folder = await temporaryFolder(t);
  const next = random(SEED);
  let gateway = await GatewayProcess.start(t, folder, yaml);
  await withAda(gateway, t);
  const keys = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const panel = await atPanel(t, gateway);
    t.is((await panel.ask({ type: 'credential', kind: 'code', value: CODE })).type, 'ok', `round ${round}`);
    const ask = () =>
      askGateway(gateway.socket, { command: 'keys rotate', arguments: {}, onProgress: () => {} });
    await ask();
    keys.add(await readFile(join(folder, 'state/gateway.key'), 'utf8'));
    // One after the other until it is dead, so that the kill meets one somewhere.
    const rotating = (async () => {
      for (;;) await ask();
    })().catch(() => {});
    await new Promise((done) => setTimeout(done, next() * 40));
    await gateway.kill('SIGKILL');
    await rotating;
    gateway = await GatewayProcess.start(t, folder, yaml);
  }
  t.is(keys.size, ROUNDS);
  const panel = await atPanel(t, gateway);
  t.is((await panel.ask({ type: 'credential', kind: 'code', value: CODE })).type, 'ok');
});
