// Killed by SIGKILL: what a release was, and by which key, survives.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Database } from '../../../base/database/database.ts';
import { nodeFiles } from '../../../base/files/node-files.ts';
import { silentLog } from '../../../base/log.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { JobId } from '../../../spool/job.ts';
import { EmbeddedJobStore } from '../../../spool/store/embedded-store.ts';
import { tables } from '../../../spool/store/tables.ts';
import { prints, ScriptedPrinter } from '../../simulators/scripted-printer.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { ADA } from '../sample-job.ts';
import { reaches, releasingFrom } from './releasing.ts';

const ID = JobId(1);

/** The spool as the next start finds it. */
async function afterKill(t: ExecutionContext, where: 'middle' | 'end') {
  const folder = await temporaryFolder(t);
  const gatewayKey = newKey();
  const program = join(import.meta.dirname, 'killed-releaser.ts');
  const words = [program, folder, gatewayKey.reveal().toString('base64'), where];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  t.teardown(() => child.kill('SIGKILL'));
  await told(child);
  child.kill('SIGKILL');
  await exited;
  const database = await Database.open({ folder, tables: [tables] });
  t.teardown(() => database.close());
  const rows = database.client(tables);
  const store = await EmbeddedJobStore.open({ files: nodeFiles, rows, folder, gatewayKey, log: silentLog });
  t.teardown(() => store.close());
  const spool = releasingFrom(store, new ScriptedPrinter(prints));
  await spool.jobs.recover(1000);
  return spool;
}

async function told(child: ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> }): Promise<void> {
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`ended with ${code}`)));
  ended.catch(() => {});
  await Promise.race([once(child.stdout, 'data'), ended]);
}

test('in the middle of a document: the same key prints nothing, another one does', async (t) => {
  const { jobs, printer, release } = await afterKill(t, 'middle');
  const cut = jobs.get(ID);
  t.like(cut, { state: 'pending-held', trouble: { outcome: 'unknown', reason: 'cut' } });
  t.deepEqual(cut?.release?.changes, { copies: 3 });
  t.true(cut?.release?.keep);
  t.deepEqual(release([ID], 'key-0001'), [{ job: ID }]);
  t.is(jobs.get(ID), cut);
  t.is(printer.tried.length, 0);
  release([ID], 'key-0002');
  await reaches(jobs, ID, 'completed');
  const [again] = printer.tried;
  // The changes were for that time.
  t.is(again && read(again.ticket, 'copies'), 2);
  t.deepEqual(release([ID], 'key-0001'), [{ job: ID }]);
  t.is(printer.tried.length, 1);
});

test('after its end: the same key prints nothing', async (t) => {
  const { jobs, printer, release } = await afterKill(t, 'end');
  t.like(jobs.get(ID), { state: 'completed', release: { key: 'key-0001', by: ADA } });
  t.deepEqual(release([ID], 'key-0001'), [{ job: ID }]);
  t.is(jobs.get(ID)?.state, 'completed');
  t.is(printer.tried.length, 0);
});
