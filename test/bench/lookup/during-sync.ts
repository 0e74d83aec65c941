/** Look-ups while a directory is synced, each timed from when the swipe was due. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Clock, systemClock } from '../../../base/clock.ts';
import { Database } from '../../../base/database/database.ts';
import { silentLog } from '../../../base/log.ts';
import { Metrics } from '../../../base/metrics.ts';
import { runBeforeOthers } from '../../../base/scheduling.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { DatabaseIdentityStore } from '../../../identity/database-store.ts';
import type { DirectoryOptions } from '../../../identity/directory/options.ts';
import { DirectorySync } from '../../../identity/directory/sync.ts';
import { tables as directoryTables } from '../../../identity/directory/tables.ts';
import { SyncWorkers } from '../../../identity/directory/workers.ts';
import { Guessing } from '../../../identity/guessing/guessing.ts';
import { GUESSING_DEFAULTS } from '../../../identity/guessing/limits.ts';
import { Identity } from '../../../identity/identity.ts';
import { tables } from '../../../identity/tables.ts';
import { ldif, optionsOf } from '../../identity/directory/numbered-people.ts';
import { startSlapd } from '../../peers/slapd.ts';
import { RecordingAlerts } from '../../recording-alerts.ts';
import { cardOf, type Figures, inMicroseconds } from '../bench.ts';

/** Milliseconds between two swipes. */
const INTERVAL = 2;

export interface SyncedGateway extends AsyncDisposable {
  readonly identity: Identity;
  readonly sync: DirectorySync;
}

/** People and one directory as the gateway wires them, with the clock of the system unless told. */
export async function openGateway(
  folder: string,
  options: DirectoryOptions,
  workers: SyncWorkers,
  clock: Clock = systemClock,
): Promise<SyncedGateway> {
  const database = await Database.open({ folder, tables: [tables, directoryTables] });
  const alerts = new RecordingAlerts();
  const gatewayKey = newKey();
  const log = silentLog;
  const identity = await Identity.open({
    store: new DatabaseIdentityStore(database),
    gatewayKey,
    clock,
    log,
    metrics: new Metrics(),
    guessing: new Guessing({ clock, alerts, limits: GUESSING_DEFAULTS }),
  });
  const sync = await DirectorySync.open({
    name: options.name,
    directory: async () => options,
    people: identity,
    store: database.client(directoryTables),
    workers,
    gatewayKey,
    alerts,
    clock,
    log,
  });
  return {
    identity,
    sync,
    async [Symbol.asyncDispose]() {
      await identity.close();
      await database.close();
    },
  };
}

/** A first sync, which makes everybody, and a full one that finds them as they are. */
export async function measureSync(people: number): Promise<Figures> {
  await using slapd = await startSlapd(ldif(people), { elsewhere: true });
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  await using workers = new SyncWorkers();
  try {
    await using gateway = await openGateway(folder, optionsOf(slapd), workers);
    const { identity, sync } = gateway;
    // As the daemon does once it is up.
    await runBeforeOthers();
    const local = Array.from({ length: 1000 }, (_, at) => at);
    const header = 'EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CARD';
    const lines = local.map((at) => `l${at}@example.org,CREATE,l${at},Local ${at},${cardOf(at + 1)}`);
    const outcome = await identity.importPeople(Buffer.from([header, ...lines, ''].join('\n')));
    if (!outcome.applied) throw new Error(JSON.stringify(outcome));
    let turn = 0;
    const swipe = () => {
      const text = cardOf(1 + (turn++ % local.length));
      return identity.signInWithCard({ kind: 'text', text }, [], { panel: 'bench' }).ok;
    };
    const still = await lookUpDuring(() => new Promise((resolve) => setTimeout(resolve, 2000)), swipe);
    const began = performance.now();
    const first = await lookUpDuring(() => sync.run(), swipe);
    const seconds = (performance.now() - began) / 1000;
    const again = await lookUpDuring(() => sync.run({ full: true }), swipe);
    if (identity.size !== people + local.length) throw new Error(`${identity.size} people`);
    return {
      still_p99_us: inMicroseconds(still.times, 0.99),
      still_work_p99_us: inMicroseconds(still.work, 0.99),
      first_sync_s: seconds,
      first_sync_p50_us: inMicroseconds(first.times, 0.5),
      first_sync_p99_us: inMicroseconds(first.times, 0.99),
      first_sync_max_us: inMicroseconds(first.times, 1),
      first_sync_work_p99_us: inMicroseconds(first.work, 0.99),
      first_sync_work_max_us: inMicroseconds(first.work, 1),
      full_sync_p99_us: inMicroseconds(again.times, 0.99),
      full_sync_work_p99_us: inMicroseconds(again.work, 0.99),
      full_sync_work_max_us: inMicroseconds(again.work, 1),
      sync_p99_us: Math.max(inMicroseconds(first.times, 0.99), inMicroseconds(again.times, 0.99)),
      sync_rss_mb: process.memoryUsage().rss / 2 ** 20,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Swiped {
  /** Milliseconds from due to known, ascending. */
  readonly times: Float64Array;
  /** Milliseconds that this thread worked between two of them, ascending: what it adds itself, however busy the machine is. */
  readonly work: Float64Array;
}

async function lookUpDuring(work: () => Promise<unknown>, lookUp: () => boolean): Promise<Swiped> {
  const times: number[] = [];
  const worked: number[] = [];
  let before = 0;
  const swipes = new Worker(new URL('./swipes.ts', import.meta.url), { workerData: { interval: INTERVAL } });
  swipes.on('message', (due: bigint) => {
    const { user, system } = process.threadCpuUsage();
    worked.push((user + system - before) / 1000);
    if (!lookUp()) throw new Error('a swipe was not known');
    times.push(Number(process.hrtime.bigint() - due) / 1e6);
    before = user + system;
  });
  await new Promise((resolve) => swipes.once('message', resolve));
  // The first ones find code that was never run.
  await new Promise((resolve) => setTimeout(resolve, 500));
  times.length = 0;
  worked.length = 0;
  await work();
  await swipes.terminate();
  return { times: Float64Array.from(times).sort(), work: Float64Array.from(worked).sort() };
}
