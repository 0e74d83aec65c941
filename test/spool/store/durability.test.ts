// What a power cut leaves, what a thief of the disk finds, and what damage does.
import { randomBytes } from 'node:crypto';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Database } from '../../../base/database/database.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import type { Job } from '../../../spool/job.ts';
import type { JobStore } from '../../../spool/store/port.ts';
import { tables } from '../../../spool/store/tables.ts';
import { acceptJob, plain, readAll } from '../../contracts/job-store.ts';
import { RecordingFiles } from '../../simulators/recording-files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { type OpenedStore, openStore, SPOOL } from './open-store.ts';

/** The database as a power cut leaves it now: SQLite syncs its log before it says that a commit is done. */
async function databaseAfterPowerCut(t: ExecutionContext, opened: OpenedStore): Promise<string> {
  const copy = await temporaryFolder(t);
  for (const name of ['holdfast.db', 'holdfast.db-wal']) {
    cpSync(join(opened.databaseFolder, name), join(copy, name));
  }
  return copy;
}

async function afterPowerCut(
  t: ExecutionContext,
  opened: OpenedStore,
  files: RecordingFiles,
): Promise<JobStore> {
  const databaseFolder = await databaseAfterPowerCut(t, opened);
  return (await openStore(t, files.powerCut(), { databaseFolder, gatewayKey: opened.gatewayKey })).store;
}

test('what was accepted survives a power cut at that very moment, small or large', async (t) => {
  const files = new RecordingFiles();
  const opened = await openStore(t, files);
  const kept: [Job, Buffer][] = [];
  for (const size of [0, 20, 65_535, 65_536, 300_000, 20_000, 1_000_000]) {
    const document = randomBytes(size);
    kept.push([await acceptJob(opened.store, document), document]);
    const after = await afterPowerCut(t, opened, files);
    const jobs = await after.recover();
    t.deepEqual(
      jobs.map(plain),
      kept.map(([job]) => plain(job)),
    );
    for (const [job, original] of kept)
      t.true((await readAll(after, job.id)).equals(original), `${original.length} octets`);
  }
});

test('jobs accepted at once are all there after a power cut', async (t) => {
  const files = new RecordingFiles();
  const opened = await openStore(t, files);
  const jobs = await Promise.all(
    [10, 70_000, 20, 90_000, 30].map((size) => acceptJob(opened.store, randomBytes(size))),
  );
  const after = await afterPowerCut(t, opened, files);
  const found = await after.recover();
  t.deepEqual(new Set(found.map((job) => job.id)), new Set(jobs.map((job) => job.id)));
  for (const job of found) t.is((await readAll(after, job.id)).length, job.document?.octets ?? -1);
});

test('what was half received is swept at the next start', async (t) => {
  const files = new RecordingFiles();
  const opened = await openStore(t, files);
  await acceptJob(opened.store, randomBytes(200_000));
  const writer = opened.store.newDocument(await opened.store.newId());
  await writer.write(randomBytes(300_000));
  t.is(files.paths.filter((path) => path.includes('/documents/')).length, 2);
  await opened.database.close();
  const { store } = await openStore(t, files, opened);
  t.is((await store.recover()).length, 1);
  t.is(files.paths.filter((path) => path.includes('/documents/')).length, 1);
});

test('no file holds plain text of a document, its name or its user', async (t) => {
  const files = new RecordingFiles();
  const opened = await openStore(t, files);
  const text = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(4000));
  await acceptJob(opened.store, text, {
    name: 'Kündigung Frau Müller',
    submitter: { address: '192.0.2.7', claimedName: 'hr-boss' },
  });
  await acceptJob(opened.store, Buffer.from('short secret text'), { name: 'Kündigung Frau Müller' });
  const database = readdirSync(opened.databaseFolder).map((name) =>
    readFileSync(join(opened.databaseFolder, name)),
  );
  const all = Buffer.concat([files.everything(), ...database]);
  for (const plainText of ['quick brown', 'short secret', 'ndigung', 'hr-boss', '192.0.2.7', 'two-sided']) {
    t.false(all.includes(plainText), plainText);
  }
});

test('after the end the wrapped key is in no file, though it was before', async (t) => {
  const files = new RecordingFiles();
  const opened = await openStore(t, files);
  const job = await acceptJob(opened.store, randomBytes(100_000));
  const wrapped = await readSlot(files, 0);
  t.true(wrapped.some((octet) => octet !== 0));
  await opened.store.end({ ...job, state: 'completed' });
  const database = readdirSync(opened.databaseFolder).map((name) =>
    readFileSync(join(opened.databaseFolder, name)),
  );
  for (const content of [files.everything(), files.powerCut().everything(), ...database]) {
    t.false(content.includes(wrapped.subarray(12, 44)));
  }
  t.false(files.paths.some((path) => path.includes('/documents/')));
});

async function readSlot(files: RecordingFiles, slot: number): Promise<Buffer> {
  const file = await files.open(join(SPOOL, 'job-keys'));
  const content = Buffer.alloc(64);
  await file.read(content, slot * 64);
  await file.close();
  return content;
}

test('a key that a crash left behind without a row is destroyed at the next start', async (t) => {
  const files = new RecordingFiles();
  const opened = await openStore(t, files);
  const job = await acceptJob(opened.store, Buffer.from('x'));
  const wrapped = await readSlot(files, 0);
  // The row says that it has ended, the slot was not reached any more.
  await opened.database.client(tables).update({
    row: {
      ...(await opened.database.client(tables).list({ after: 0, limit: 1 }))[0],
      slot: null,
      sealed: null,
      state: 'completed',
      // biome-ignore lint/suspicious/noExplicitAny: a row that was just read
    } as any,
  });
  await opened.database.close();
  const { store } = await openStore(t, files, opened);
  t.like((await store.recover())[0], { id: job.id, state: 'completed' });
  t.false(files.everything().includes(wrapped.subarray(12, 44)));
});

test('ids are never used twice, not even after a crash', async (t) => {
  const files = new RecordingFiles();
  const opened = await openStore(t, files);
  const before = [await opened.store.newId(), await opened.store.newId()];
  const after = await afterPowerCut(t, opened, files);
  t.false(before.includes(await after.newId()));
});

for (const [damage, change] of [
  ['a flipped bit', (content: Buffer) => flip(content, 70_000)],
  ['a cut end', (content: Buffer) => content.subarray(0, 65_552 * 2)],
  ['a cut in the middle of a chunk', (content: Buffer) => content.subarray(0, 100_000)],
  [
    'chunks swapped',
    (content: Buffer) =>
      Buffer.concat([
        content.subarray(65_552, 131_104),
        content.subarray(0, 65_552),
        content.subarray(131_104),
      ]),
  ],
  ['octets added', (content: Buffer) => Buffer.concat([content, Buffer.alloc(20)])],
  ['nothing left', () => Buffer.alloc(0)],
] as const) {
  test(`a document with ${damage} is not given out as if it were whole`, async (t) => {
    const files = new RecordingFiles();
    const { store } = await openStore(t, files);
    const job = await acceptJob(store, randomBytes(200_000));
    files.edit(join(SPOOL, 'documents', `${job.id}`), change);
    await t.throwsAsync(() => readAll(store, job.id), { code: 'document-unreadable' });
    t.is(files.openHandles, 1, 'only the keys stay open');
  });
}

function flip(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

test('a damaged key costs its own job only', async (t) => {
  const files = new RecordingFiles();
  const opened = await openStore(t, files);
  const [first, second] = [
    await acceptJob(opened.store, Buffer.from('a')),
    await acceptJob(opened.store, Buffer.from('b')),
  ];
  files.edit(join(SPOOL, 'job-keys'), (content) => flip(content, 20));
  await opened.database.close();
  const { store } = await openStore(t, files, opened);
  const jobs = await store.recover();
  t.deepEqual(
    jobs.map((job) => [job.id, job.state]),
    [
      [first.id, 'aborted'],
      [second.id, 'pending-held'],
    ],
  );
  t.is(String(await readAll(store, second.id)), 'b');
});

test('another gateway key is refused before anything is swept', async (t) => {
  const files = new RecordingFiles();
  const opened = await openStore(t, files);
  await acceptJob(opened.store, randomBytes(100_000));
  await opened.database.close();
  const before = files.everything();
  await t.throwsAsync(openStore(t, files, { databaseFolder: opened.databaseFolder, gatewayKey: newKey() }), {
    code: 'gateway-key-wrong',
  });
  t.true(files.everything().equals(before));
});

test('a full disk is told, and leaves nothing of the job', async (t) => {
  const files = new RecordingFiles();
  const { store, database } = await openStore(t, files);
  const id = await store.newId();
  const writer = store.newDocument(id);
  await writer.write(randomBytes(100_000));
  files.failWrites = 'ENOSPC';
  await t.throwsAsync(
    async () => {
      await writer.write(randomBytes(300_000));
      await acceptJob(store, Buffer.alloc(1), { id });
    },
    { code: 'disk-full' },
  );
  await t.throwsAsync(acceptJob(store, randomBytes(10)), { code: 'disk-full' });
  await writer.discard();
  files.failWrites = undefined;
  t.deepEqual(await database.client(tables).list({ after: 0, limit: 10 }), []);
  t.false(files.paths.some((path) => path.includes('/documents/')));
  await acceptJob(store, randomBytes(100_000));
});

test('two gateways cannot open one state directory', async (t) => {
  const { databaseFolder } = await openStore(t);
  await t.throwsAsync(Database.open({ folder: databaseFolder, tables: [tables] }), {
    code: 'state-directory-in-use',
  });
});
