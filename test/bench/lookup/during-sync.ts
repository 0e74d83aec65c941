/** Look-ups while a directory is synced, each timed from when the swipe was due. */
import { Worker } from 'node:worker_threads';
import { systemClock } from '../../../base/clock.ts';
import { Database } from '../../../base/database/database.ts';
import { silentLog } from '../../../base/log.ts';
import { Metrics } from '../../../base/metrics.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { DatabaseIdentityStore } from '../../../identity/database-store.ts';
import { attributeNames, type DirectoryOptions } from '../../../identity/directory/options.ts';
import { DirectorySync } from '../../../identity/directory/sync.ts';
import { tables as directoryTables } from '../../../identity/directory/tables.ts';
import type { SyncWorkers } from '../../../identity/directory/workers.ts';
import { Guessing } from '../../../identity/guessing/guessing.ts';
import { GUESSING_DEFAULTS } from '../../../identity/guessing/limits.ts';
import { Identity } from '../../../identity/identity.ts';
import { tables } from '../../../identity/tables.ts';
import { type Slapd, SUFFIX } from '../../peers/slapd.ts';
import { RecordingAlerts } from '../../recording-alerts.ts';

/** Milliseconds between two swipes. */
const INTERVAL = 2;

export interface SyncedGateway extends AsyncDisposable {
  readonly identity: Identity;
  readonly sync: DirectorySync;
}

/** Everybody of a server that holds what `ldif` gives. */
export function optionsOf({ port, ca }: Slapd): DirectoryOptions {
  return {
    name: 'office',
    kind: 'openldap',
    servers: [{ host: 'localhost', port, security: 'tls' }],
    ca,
    bindName: `uid=p0,ou=people,${SUFFIX}`,
    password: 'pw',
    domain: '',
    bases: [],
    groups: [],
    people: 'all',
    includeDisabled: false,
    attributes: attributeNames('openldap', { cards: ['employeeNumber'] }),
    timeout: 60_000,
  };
}

/** People and one directory as the gateway wires them, with the clock of the system. */
export async function openGateway(
  folder: string,
  options: DirectoryOptions,
  workers: SyncWorkers,
): Promise<SyncedGateway> {
  const database = await Database.open({ folder, tables: [tables, directoryTables] });
  const alerts = new RecordingAlerts();
  const gatewayKey = newKey();
  const clock = systemClock;
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

/** Milliseconds from due to known, ascending. */
export async function lookUpDuring(
  work: () => Promise<unknown>,
  lookUp: () => boolean,
): Promise<Float64Array> {
  const times: number[] = [];
  const swipes = new Worker(new URL('./swipes.ts', import.meta.url), { workerData: { interval: INTERVAL } });
  swipes.on('message', (due: bigint) => {
    if (!lookUp()) throw new Error('a swipe was not known');
    times.push(Number(process.hrtime.bigint() - due) / 1e6);
  });
  await new Promise((resolve) => swipes.once('message', resolve));
  // The first ones find code that was never run.
  await new Promise((resolve) => setTimeout(resolve, 500));
  times.length = 0;
  await work();
  await swipes.terminate();
  return Float64Array.from(times).sort();
}
