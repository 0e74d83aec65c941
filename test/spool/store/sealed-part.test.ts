/** The sealed part of a row is made anew only when something in it has changed, and always when it may not stand there. */
import test from 'ava';
import { silentLog } from '../../../base/log.ts';
import { EmbeddedJobStore } from '../../../spool/store/embedded-store.ts';
import { tables } from '../../../spool/store/tables.ts';
import { acceptJob, plain } from '../../contracts/job-store.ts';
import { RecordingFiles } from '../../simulators/recording-files.ts';
import { openStore, SPOOL } from './open-store.ts';

test('a release leaves the sealed part as it is; a new choice seals it anew', async (t) => {
  const { store, database } = await openStore(t);
  const rows = database.client(tables);
  const sealed = async () => Buffer.from((await rows.list({ after: 0, limit: 1 }))[0]?.sealed ?? []);
  const job = await acceptJob(store, Buffer.from('%PDF-'));
  const first = await sealed();
  const release = { printer: 'mfp-1', key: 'k', by: 'queue', at: 4 } as const;
  const sent = { ...job, state: 'processing', processingAt: 5, release } as const;
  await store.save(sent);
  t.deepEqual(await sealed(), first);
  t.is((await rows.list({ after: 0, limit: 1 }))[0]?.state, 'processing');
  await store.save({ ...sent, release: { ...release, keep: true } });
  t.notDeepEqual(await sealed(), first);
});

test('what could not be kept is sealed again with the next state', async (t) => {
  const { database, gatewayKey } = await openStore(t);
  const rows = database.client(tables);
  let broken = false;
  const files = new RecordingFiles();
  await files.makeFolder(SPOOL);
  const store = await EmbeddedJobStore.open({
    files,
    rows: {
      ...rows,
      update: (argument) => (broken ? Promise.reject(new Error('disk')) : rows.update(argument)),
    },
    folder: SPOOL,
    gatewayKey,
    log: silentLog,
  });
  const job = await acceptJob(store, Buffer.from('%PDF-'));
  const stored = { ...job, stored: true } as const;
  broken = true;
  await t.throwsAsync(() => store.save(stored));
  broken = false;
  const later = { ...stored, state: 'processing', processingAt: 5 } as const;
  await store.save(later);
  t.deepEqual((await store.recover()).map(plain), [plain(later)]);
});
