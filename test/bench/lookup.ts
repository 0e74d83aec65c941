/**
 * Code → person, HMAC included, at 10,000, 100,000 and a million people; beside it an SQLite query and a search in OpenLDAP, and
 * the look-ups while a directory is synced; and how long a start takes to read the snapshot.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../base/clock.ts';
import { Database } from '../../base/database/database.ts';
import { nodeFiles } from '../../base/files/node-files.ts';
import { type KeyedHash, keyedHash } from '../../base/secrets/keyed-hash.ts';
import { newKey } from '../../base/secrets/sealing.ts';
import { CredentialKey, canonicalCode } from '../../identity/credential.ts';
import { DatabaseIdentityStore } from '../../identity/database-store.ts';
import { Turns } from '../../identity/import/turns.ts';
import { loadIndex } from '../../identity/index/load.ts';
import type { PeopleIndex } from '../../identity/index/people-index.ts';
import { readSnapshot, writeSnapshot } from '../../identity/index/snapshot.ts';
import { PersonId } from '../../identity/person.ts';
import { STAGED_COLUMNS, stagedValues } from '../../identity/profile-rows.ts';
import { HERE, plainDetails } from '../../identity/store.ts';
import { tables } from '../../identity/tables.ts';
import { type Bench, codeOf, type Figures, inMicroseconds, lineOf } from './bench.ts';
import { askOpenLdap, askSqlite } from './lookup/beside.ts';
import { measureSync } from './lookup/during-sync.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const WARM_UP = 100_000;
const LOOKUPS = 500_000;
/** In OpenLDAP, and in the directory that is synced. A search by an index costs no more among a million. */
const LDAP_PEOPLE = 100_000;

export const bench: Bench = {
  summary: 'Looks a code up: canonical form, HMAC, index, person',
  atMost: { p50_us: 3, p99_us: 10, bytes_per_credential: 64, load_s: 2, sync_p99_us: 1000 },
  async run(say) {
    let figures: Figures = {};
    for (const people of SIZES) {
      figures = await measure(people);
      say(lineOf(figures));
    }
    const ldap = await askOpenLdap(LDAP_PEOPLE);
    const beside = { ldap_people: LDAP_PEOPLE, ldap_p50_us: inMicroseconds(ldap, 0.5) };
    say(lineOf(beside));
    const synced = await measureSync(LDAP_PEOPLE);
    return { ...figures, ...beside, ...synced };
  },
};

async function measure(people: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const options = { folder, tables: [tables] };
  const hash = keyedHash(newKey());
  // For its tables only: it has one writer.
  await (await Database.open(options)).close();
  const filled = await timed(async () => populate(folder, hash, people));
  const database = await Database.open(options);
  try {
    const store = new DatabaseIdentityStore(database);
    const turns = new Turns(systemClock);
    const path = join(folder, 'people.snapshot');
    const rebuild = await timed(async () => {
      const index = await loadIndex(store);
      const generation = await store.generation();
      await writeSnapshot(nodeFiles, path, { index, lastNumber: people }, generation, turns);
    });
    const before = memory();
    const start = performance.now();
    const snapshot = await readSnapshot(nodeFiles, path, await store.generation(), turns);
    const load = performance.now() - start;
    if (typeof snapshot === 'string') throw new Error(`the snapshot is ${snapshot}`);
    const { index } = snapshot;
    const used = memory() - before;
    const times = lookUp(index, hash, people);
    const sqlite = askSqlite(folder, hash, () => codeOf(1 + Math.floor(Math.random() * people)));
    return {
      people,
      p50_us: inMicroseconds(times, 0.5),
      p99_us: inMicroseconds(times, 0.99),
      sqlite_p50_us: inMicroseconds(sqlite, 0.5),
      bytes_per_credential: index.credentialOctets / index.credentials,
      bytes_per_person: used / people,
      load_s: load / 1000,
      fill_s: filled / 1000,
      rebuild_and_write_s: rebuild / 1000,
    };
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
}

/** As the store keeps them, by statements of its own: as changes, a million would take minutes. */
function populate(folder: string, hash: KeyedHash, people: number): void {
  using database = new DatabaseSync(join(folder, 'holdfast.db'));
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN');
  const columns = [...STAGED_COLUMNS, 'created_at', 'changed_at'];
  const insert = database.prepare(
    `INSERT INTO person (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const numbers = Array.from({ length: people }, (_, at) => at + 1);
  for (const number of numbers) {
    const person = personOf(number);
    const details = plainDetails(person.id);
    insert.run(...stagedValues({ number, person, details }, details), 1, 1);
  }
  const issue = database.prepare(
    `INSERT INTO credential (key, owner, kind, rank, issued_at, origin) VALUES (?, ?, 'code', 'primary', 1, '${HERE}')`,
  );
  const keys = numbers.map((owner) => ({ owner, key: CredentialKey(hash, 'code', codeOf(owner)) }));
  // In their order, so that the table grows at its end.
  for (const { key, owner } of keys.sort((a, b) => a.key.compare(b.key))) issue.run(key, owner);
  database.exec('UPDATE people_generation SET value = 2; COMMIT');
}

function personOf(number: number) {
  const id = PersonId(randomUUID());
  return {
    id,
    userName: `person${number}`,
    displayName: `Given Family ${number}`,
    email: `person${number}@example.org`,
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Milliseconds of each look-up, ascending. */
function lookUp(index: PeopleIndex, hash: KeyedHash, people: number): Float64Array {
  const typed = Array.from({ length: WARM_UP + LOOKUPS }, () =>
    codeOf(1 + Math.floor(Math.random() * people)),
  );
  const times = new Float64Array(LOOKUPS);
  for (const [turn, text] of typed.entries()) {
    const start = performance.now();
    const code = canonicalCode(text);
    const person =
      code === undefined ? undefined : index.holderOf(CredentialKey(hash, 'code', code), Date.now());
    const time = performance.now() - start;
    if (person === undefined) throw new Error('a code was not found');
    if (turn >= WARM_UP) times[turn - WARM_UP] = time;
  }
  return times.sort();
}

/** Octets in use, in and outside the heap. */
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
