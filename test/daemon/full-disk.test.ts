// A disk that is really full: a small file system of its own, filled to the last octet.
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { groupOf } from '../../ipp/model.ts';
import { JobState } from '../../ipp/vocabulary/enums.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { read } from '../../ipp/vocabulary/read.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { sampleIdentity } from '../base/http/tls/sample-identity.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { GatewayProcess } from './gateway-process.ts';
import { PrintClient } from './print-client.ts';

const SIZE = 64 * 1024 ** 2;
const KiB = 1024;

/** Undefined where this user may not mount; CI runs as root. */
async function smallDisk(t: ExecutionContext): Promise<string | undefined> {
  const folder = await temporaryFolder(t);
  const state = join(folder, 'state');
  await mkdir(state, { mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=0700`, 'holdfast-test', state], {
      stdio: 'pipe',
    });
  } catch (error) {
    t.log(`skipped: no file system can be mounted here (${String(error).split('\n', 1)[0]})`);
    t.pass();
    return undefined;
  }
  // Lazily: the gateway may still be on its way out.
  t.teardown(() => execFileSync('umount', ['-l', state]));
  return folder;
}

/** Takes all space there is, as a log that went wild would. */
function fill(state: string): void {
  const file = openSync(join(state, 'ballast'), 'a');
  for (let size = 256 * KiB; size >= 1; ) {
    try {
      writeSync(file, Buffer.alloc(size, 1));
    } catch {
      size = Math.floor(size / 2);
    }
  }
  closeSync(file);
}

const freeOctets = (state: string): number => statfsSync(state).bavail * statfsSync(state).bsize;

/** Who is told of alerts: the keys that it heard. */
async function startHook(t: ExecutionContext, folder: string) {
  const { key, certificate: cert } = await sampleIdentity();
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, cert);
  const heard: unknown[] = [];
  const server = createServer({ key: key.reveal(), cert }, async (asked, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk);
    heard.push(JSON.parse(Buffer.concat(chunks).toString()).key);
    answer.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const config = `
alerts: { recipients: { it: { webhook: { url: "https://localhost:${port}/", ca-file: ${ca} } } } }
`;
  return { heard, config };
}

const configOf = (folder: string) => `
queues:
  print: { release: immediately, unowned-jobs: claimable }
printers:
  folder: { uri: "file://${folder}/output" }
limits: { free-disk-floor: 1 MiB, message-size: 256 KiB }
`;

const statusOf = async (client: PrintClient, size: number) => {
  const document = documentStream(size);
  const answer = await client.ask(
    Operation.printJob,
    { 'document-format': 'application/pdf' },
    'ada',
    document,
  );
  return answer.code;
};

async function held(client: PrintClient, size: number): Promise<number> {
  const created = await client.ask(Operation.createJob, { 'job-hold-until': 'indefinite' } as never);
  const id = read(groupOf(created, 'job'), 'job-id') ?? 0;
  await client.ask(
    Operation.sendDocument,
    { 'job-id': id, 'last-document': true, 'document-format': 'application/pdf' },
    'ada',
    documentStream(size),
  );
  return id;
}

async function printed(t: ExecutionContext, client: PrintClient, id: number): Promise<void> {
  t.is((await client.ask(Operation.releaseJob, { 'job-id': id })).code, Status.successfulOk);
  for (;;) {
    const job = groupOf(await client.ask(Operation.getJobAttributes, { 'job-id': id }), 'job');
    const state = read(job, 'job-state');
    if (state === JobState.completed) return;
    if (
      state === JobState.pendingHeld &&
      (read(job, 'job-state-reasons') ?? []).includes('job-hold-until-specified')
    )
      throw new Error('it was not released');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a full disk: new jobs are refused, held ones are printed, and with room again all goes on', async (t) => {
  const folder = await smallDisk(t);
  if (folder === undefined) return;
  const state = join(folder, 'state');
  const gateway = await GatewayProcess.start(t, folder, configOf(folder));
  using client = new PrintClient(gateway.ipp);
  const jobs: number[] = [];
  for (let count = 0; count < 12; count++) jobs.push(await held(client, count % 2 === 0 ? KiB : 200 * KiB));

  t.is(await statusOf(client, 100 * 1024 ** 2), Status.serverErrorBusy, 'a document larger than the disk');
  t.is((await readdir(join(state, 'documents'))).length, 6, 'nothing of it is left');

  while (!existsSync(join(state, 'reserve'))) await new Promise((resolve) => setTimeout(resolve, 20));
  fill(state);
  t.is(freeOctets(state), 0);
  t.is(await statusOf(client, KiB), Status.serverErrorBusy);
  t.is((await fetch(`http://${gateway.web}/health`)).status, 200);
  for (const id of jobs.slice(0, 4)) {
    await printed(t, client, id);
    // Whatever that gave back is taken away again.
    fill(state);
  }
  t.is(await statusOf(client, KiB), Status.serverErrorBusy);

  // Neither a crash at that moment nor a stop must keep the others from being printed.
  await gateway.kill('SIGKILL');
  fill(state);
  const hook = await startHook(t, folder);
  const second = await GatewayProcess.start(t, folder, configOf(folder) + hook.config);
  using afterCrash = new PrintClient(second.ipp);
  fill(state);
  t.is(await statusOf(afterCrash, KiB), Status.serverErrorBusy);
  await second.logged('alerts told');
  t.deepEqual(hook.heard, ['disk below-floor'], 'that the disk is full is told while it is');
  fill(state);
  for (const id of jobs.slice(4, 8)) await printed(t, afterCrash, id);
  fill(state);
  t.is(await second.kill('SIGTERM'), 0);
  fill(state);
  const again = await GatewayProcess.start(t, folder, configOf(folder));
  using other = new PrintClient(again.ipp);
  for (const id of jobs.slice(8)) {
    await printed(t, other, id);
  }
  fill(state);
  t.is((await readdir(join(folder, 'output'))).filter((name) => name.endsWith('.pdf')).length, 12);
  t.is(await statusOf(other, KiB), Status.serverErrorBusy);
  await again.logged('alert', (line) => line['key'] === 'disk below-floor');

  rmSync(join(state, 'ballast'));
  t.is(await statusOf(other, KiB), Status.successfulOk);
  await again.logged('alert is over', (line) => line['key'] === 'disk below-floor');
  while (!existsSync(join(state, 'reserve'))) await new Promise((resolve) => setTimeout(resolve, 20));
  t.is(await again.kill('SIGTERM'), 0);
});
