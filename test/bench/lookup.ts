/**
 * Code → person, HMAC included, at 10,000, 100,000 and a million people; beside it an SQLite query and a search in OpenLDAP, and
 * the look-ups while a directory is synced; and how long a start takes to read the snapshot.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { applyChange, type IdentityStore, plainDetails } from '../../identity/store.ts';
import { tables } from '../../identity/tables.ts';
import { type Bench, codeOf, type Figures, inMicroseconds, rounded } from './bench.ts';
import { askOpenLdap, askSqlite } from './lookup/beside.ts';
import { measureSync } from './lookup/during-sync.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const CHANGE = 20_000;
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
      say(JSON.stringify(figures));
    }
    const ldap = await askOpenLdap(LDAP_PEOPLE);
    const beside = { ldap_people: LDAP_PEOPLE, ldap_p50_us: inMicroseconds(ldap, 0.5) };
    say(JSON.stringify(beside));
    const synced = await measureSync(LDAP_PEOPLE);
    return { ...figures, ...beside, ...synced };
  },
};

async function measure(people: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const database = await Database.open({ folder, tables: [tables] });
  try {
    const store = new DatabaseIdentityStore(database);
    const hash = keyedHash(newKey());
    await populate(store, hash, people);
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
      bytes_per_credential: rounded(index.credentialOctets / index.credentials),
      bytes_per_person: rounded(used / people),
      load_s: rounded(load / 1000),
      rebuild_and_write_s: rounded(rebuild / 1000),
    };
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
}

async function populate(store: IdentityStore, hash: KeyedHash, people: number): Promise<void> {
  for (let from = 1; from <= people; from += CHANGE) {
    const numbers = Array.from({ length: Math.min(CHANGE, people - from + 1) }, (_, index) => from + index);
    await applyChange(store, {
      at: Date.now(),
      removed: [],
      revoked: [],
      people: numbers.map((number) => {
        const person = personOf(number);
        return { number, person, details: plainDetails(person.id) };
      }),
      issued: numbers.map((number) => ({
        key: CredentialKey(hash, 'code', codeOf(number)),
        owner: number,
        kind: 'code',
        rank: 'primary',
        origin: 'local',
      })),
    });
  }
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
