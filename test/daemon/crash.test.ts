// What a killed gateway keeps. SIGKILL cannot show a missing fsync; test/spool/store/durability.test.ts does that.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { Database } from '../../base/database/database.ts';
import { nodeFiles } from '../../base/files/node-files.ts';
import { silentLog } from '../../base/log.ts';
import { GatewaySecrets } from '../../base/secrets/gateway-secrets.ts';
import { tables as secretTables } from '../../base/secrets/tables.ts';
import { JobId } from '../../spool/job.ts';
import { EmbeddedJobStore } from '../../spool/store/embedded-store.ts';
import { tables } from '../../spool/store/tables.ts';
import { random } from '../random.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { TcpSink } from '../simulators/tcp-sink.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const CONFIG = `
queues:
  print: { unowned-jobs: claimable }
printers:
  folder: { uri: "file:///nonexistent/holdfast-test" }
limits: { free-disk-floor: 1 MiB }
`;

const ROUNDS = 100;
const SEED = 20_260_101;

test('killed right after an acknowledgement, a hundred times, nothing is lost', async (t) => {
  t.timeout(15 * 60_000);
  const folder = await temporaryFolder(t);
  const next = random(SEED);
  const acknowledged = new Map<number, string>();
  /** Kept or not: nobody was told. But what is kept of them must be whole. */
  const unheard = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const gateway = await GatewayProcess.start(t, folder, CONFIG);
    const recovered = await gateway.logged('jobs recovered');
    t.true(Number(recovered['living']) >= acknowledged.size, `round ${round}`);
    using client = new PrintClient(gateway.ipp);
    const document = documentStream(1 + Math.floor(next() * (next() < 0.5 ? 60_000 : 400_000)), round);
    const onItsWay = documentStream(2_000_000, round);
    const other = client.print(onItsWay, 'half received').catch(() => 0);
    acknowledged.set(await client.print(document), document.digest());
    await gateway.kill('SIGKILL');
    const heard = await other;
    if (heard === 0) unheard.add(onItsWay.digest());
    else acknowledged.set(heard, onItsWay.digest());
  }
  const kept = await contents(t, folder);
  for (const [id, digest] of acknowledged) t.is(kept.get(id), digest, `job ${id}`);
  for (const [id, digest] of kept) t.true(acknowledged.has(id) || unheard.has(digest), `job ${id}`);
});

/** Every job's document as the store gives it back, by its SHA-256. */
async function contents(
  t: Parameters<typeof temporaryFolder>[0],
  folder: string,
): Promise<Map<number, string>> {
  const state = join(folder, 'state');
  const database = await Database.open({ folder: state, tables: [tables, secretTables] });
  t.teardown(() => database.close());
  const secrets = await GatewaySecrets.open({
    files: nodeFiles,
    path: join(state, 'gateway.key'),
    store: database.client(secretTables),
  });
  const rows = database.client(tables);
  const store = await EmbeddedJobStore.open({
    files: nodeFiles,
    rows,
    folder: state,
    gatewayKey: secrets.of('jobs'),
    log: silentLog,
  });
  const digests = new Map<number, string>();
  for (const job of await store.recover()) {
    const hash = createHash('sha256');
    for await (const chunk of store.read(JobId(job.id))) hash.update(chunk);
    digests.set(job.id, hash.digest('hex'));
  }
  await store.close();
  return digests;
}

test('killed between the intent and the end of a send, the job is held and marked unknown', async (t) => {
  const folder = await temporaryFolder(t);
  const sink = await TcpSink.start({ stallAfter: 1 });
  t.teardown(() => sink.stop());
  const config = `
queues:
  print: { release: immediately, unowned-jobs: claimable }
printers:
  mfp: { uri: "socket://127.0.0.1:${sink.port}", formats: [application/pdf] }
`;
  const first = await GatewayProcess.start(t, folder, config);
  using client = new PrintClient(first.ipp);
  const id = await client.print(documentStream(20_000_000));
  await first.logged('job released');
  while (sink.connections === 0) await wait(10);
  await first.kill('SIGKILL');
  sink.faults = {};
  const second = await GatewayProcess.start(t, folder, config);
  const { stdout } = await second.holdfast('jobs', 'list', '--json');
  const [job, ...others] = JSON.parse(stdout).jobs;
  t.is(others.length, 0);
  t.like(job, { 'job-id': id, 'job-state': 'pending-held', trouble: 'unknown: cut at mfp' });
  // Not even a queue that prints at once sends it again by itself.
  t.is(await second.kill('SIGTERM'), 0);
  t.is(sink.connections, 1);
});
