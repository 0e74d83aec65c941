/** Directories as the configuration says: what each is asked with, when, and what monitoring hears of it. */
import type { Alerts } from '../base/alerts.ts';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database/database.ts';
import { Failure, messageOf } from '../base/errors.ts';
import { nodeFiles } from '../base/files/node-files.ts';
import { readSmallFile } from '../base/files/small-files.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import type { Key } from '../base/secrets/sealing.ts';
import type { DirectoryConfig } from '../config/directories.ts';
import { ContactAges } from '../identity/directory/contact.ts';
import { attributeNames, type DirectoryOptions } from '../identity/directory/options.ts';
import { type ScheduledDirectory, SyncSchedule } from '../identity/directory/schedule.ts';
import { DirectorySync } from '../identity/directory/sync.ts';
import { tables as directoryTables } from '../identity/directory/tables.ts';
import { SyncWorkers } from '../identity/directory/workers.ts';
import type { Identity } from '../identity/identity.ts';
import type { PasswordVerifier } from '../identity/passwords/local-passwords.ts';
import { ForgottenDirectories } from './forgotten-directories.ts';

export { directoryTables };

/** Octets of a file with a password, and of one with certificates. */
const LONGEST_PASSWORD_FILE = 4096;
const LONGEST_CA_FILE = 1024 * 1024;

export interface DirectoryRooms {
  readonly database: Database;
  readonly gatewayKey: Key;
  readonly identity: Identity;
  readonly ages: ContactAges;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface Directories {
  readonly schedule: SyncSchedule;
  readonly forgotten: ForgottenDirectories;
  start(): void;
  stop(): Promise<void>;
}

/** To be told of the directories when they are open. */
export function contactAges(configs: readonly DirectoryConfig[], clock: Clock): ContactAges {
  return new ContactAges(new Map(configs.map(({ name, maxAge }) => [name, maxAge])), clock);
}

/** Not started yet: it is when the gateway is up. */
export async function openDirectories(
  configs: readonly DirectoryConfig[],
  rooms: DirectoryRooms,
): Promise<Directories> {
  const { database, gatewayKey, identity, alerts, clock, log, metrics } = rooms;
  const store = database.client(directoryTables);
  const workers = new SyncWorkers();
  const directories: ScheduledDirectory[] = [];
  for (const config of configs) {
    const { name, interval } = config;
    const directory = () => directoryOptions(config);
    const sync = await DirectorySync.open({
      name,
      directory,
      people: identity,
      store,
      workers,
      gatewayKey,
      alerts,
      clock,
      log,
    });
    directories.push({ name, interval, sync });
  }
  const schedule = new SyncSchedule({ clock, log, workers, random: Math.random });
  const states = () => directories.map(({ sync }) => sync.state);
  rooms.ages.watch(states);
  metrics.gauge('directory_people', 'People whom the directories gave', () =>
    states().reduce((sum, { people }) => sum + people, 0),
  );
  metrics.gauge('directory_sync_age_seconds', 'Since the last sync that was carried out; of the oldest', () =>
    states().reduce((most, { lastSuccess }) => Math.max(most, (clock.now() - lastSuccess) / 1000), 0),
  );
  metrics.gauge('directory_sync_seconds', 'What the last sync took; of the slowest', () =>
    states().reduce((most, { milliseconds }) => Math.max(most, milliseconds / 1000), 0),
  );
  metrics.gauge('directory_sync_failures', 'Syncs that failed in a row; of the worst', () =>
    states().reduce((most, { failuresInARow }) => Math.max(most, failuresInARow), 0),
  );
  metrics.gauge('directory_plans_held', 'Syncs that wait for a person', () =>
    states().reduce((sum, { plan }) => sum + (plan === undefined ? 0 : 1), 0),
  );
  const configured = configs.map(({ name }) => name);
  const forgotten = new ForgottenDirectories({ configured, identity, store, alerts, clock, log });
  await forgotten.look();
  return {
    schedule,
    forgotten,
    start: () => schedule.start(directories),
    stop: async () => {
      forgotten.stop();
      await schedule.stop();
    },
  };
}

/** Who can tell whether the password of somebody from a directory is right; nobody where there is none. */
export async function directoryPasswords(
  configs: readonly DirectoryConfig[],
  { identity, clock, log }: Pick<DirectoryRooms, 'identity' | 'clock' | 'log'>,
): Promise<PasswordVerifier[]> {
  if (configs.length === 0) return [];
  // It brings the LDAP client with it, which most of the gateway's life nobody needs in this thread.
  const { DirectoryPasswords } = await import('../identity/directory/passwords.ts');
  return [
    new DirectoryPasswords({
      directories: new Map(configs.map((config) => [config.name, () => directoryOptions(config)])),
      keyOf: async (person) => (await identity.profile(person))?.key,
      clock,
      log,
    }),
  ];
}

/** @throws Failure `directory-file` */
async function directoryOptions(config: DirectoryConfig): Promise<DirectoryOptions> {
  const { caFile, passwordFile, interval: _interval, maxAge: _maxAge, attributes, domain, ...rest } = config;
  const password = (await contentOf(passwordFile, LONGEST_PASSWORD_FILE)).replace(/\r?\n$/, '');
  if (password === '' || /[\r\n\0]/.test(password)) {
    throw new Failure('directory-file', `${passwordFile} holds no password`, {
      advice: 'It must be one line, not empty',
    });
  }
  return {
    ...rest,
    domain: domain ?? '',
    ca: caFile === undefined ? undefined : await contentOf(caFile, LONGEST_CA_FILE),
    password,
    attributes: attributeNames(config.kind, attributes),
  };
}

async function contentOf(path: string, limit: number): Promise<string> {
  const content = await readSmallFile(nodeFiles, path, limit).catch((cause: unknown) => {
    throw new Failure('directory-file', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  });
  if (content === undefined) throw new Failure('directory-file', `there is no file ${path}`);
  return content.toString('utf8');
}
