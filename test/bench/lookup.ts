/**
 * Card → person, HMAC included, at 10,000, 100,000 and a million people; beside it cards that a reader gives in another form,
 * codes, an SQLite query, a search in OpenLDAP, and the look-ups while a directory is synced; and how long a start takes to read
 * the snapshot.
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
import { canonicalCard, type RawSwipe } from '../../identity/cards/card-number.ts';
import { type Conversion, convert } from '../../identity/cards/conversion.ts';
import { CredentialKey, type CredentialKind, canonicalCode } from '../../identity/credential.ts';
import { DatabaseIdentityStore } from '../../identity/database-store.ts';
import { Turns } from '../../identity/import/turns.ts';
import { loadIndex } from '../../identity/index/load.ts';
import type { Holder } from '../../identity/index/people-index.ts';
import { readSnapshot, writeSnapshot } from '../../identity/index/snapshot.ts';
import { PersonId } from '../../identity/person.ts';
import { STAGED_COLUMNS, stagedValues } from '../../identity/profile-rows.ts';
import { HERE, plainDetails } from '../../identity/store.ts';
import { tables } from '../../identity/tables.ts';
import { type Bench, cardOf, codeOf, type Figures, inMicroseconds, lineOf } from './bench.ts';
import { askOpenLdap, askSqlite } from './lookup/beside.ts';
import { measureSync } from './lookup/during-sync.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const WARM_UP = 100_000;
const LOOKUPS = 500_000;
/** One in so many people has a code as well. */
const CODE_EVERY = 10;
/** Of a reader that sends the octets of a chip last first: the dearer kind. */
const MIRRORED: Conversion = [{ kind: 'reverse-bytes' }, { kind: 'hex-to-decimal' }];
/** In OpenLDAP, and in the directory that is synced. A search by an index costs no more among a million. */
const LDAP_PEOPLE = 100_000;

export const bench: Bench = {
  summary: 'Looks a card up, as a reader gives it: canonical form, HMAC, index, person',
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
    const anybody = () => 1 + Math.floor(Math.random() * people);
    const holderOf = (kind: CredentialKind, form: string | undefined) =>
      form === undefined ? undefined : index.holderOf(CredentialKey(hash, kind, form), Date.now());
    const swiped = (conversion: Conversion) => (swipe: RawSwipe) => {
      const converted = convert(swipe, conversion);
      return holderOf('card', converted.ok ? converted.card : undefined);
    };
    const plain = timesOf((): RawSwipe => ({ kind: 'text', text: cardOf(anybody()) }), swiped([]));
    const converted = timesOf(() => mirroredSwipe(cardOf(anybody())), swiped(MIRRORED));
    const codes = timesOf(
      () => codeOf(Math.ceil(anybody() / CODE_EVERY) * CODE_EVERY),
      (typed) => holderOf('code', canonicalCode(typed)),
    );
    const sqlite = askSqlite(folder, hash, () => cardOf(anybody()));
    return {
      people,
      p50_us: inMicroseconds(plain, 0.5),
      p99_us: inMicroseconds(plain, 0.99),
      converted_p50_us: inMicroseconds(converted, 0.5),
      converted_p99_us: inMicroseconds(converted, 0.99),
      code_p50_us: inMicroseconds(codes, 0.5),
      code_p99_us: inMicroseconds(codes, 0.99),
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
    `INSERT INTO credential (key, owner, kind, rank, issued_at, origin) VALUES (?, ?, ?, 'primary', 1, '${HERE}')`,
  );
  const keyOf = (kind: CredentialKind, owner: number, form: string | undefined = '') => ({
    owner,
    kind,
    key: CredentialKey(hash, kind, form),
  });
  const keys = numbers.map((owner) => keyOf('card', owner, canonicalCard(cardOf(owner))));
  for (const owner of numbers) if (owner % CODE_EVERY === 0) keys.push(keyOf('code', owner, codeOf(owner)));
  // In their order, so that the table grows at its end.
  for (const { key, owner, kind } of keys.sort((a, b) => a.key.compare(b.key))) issue.run(key, owner, kind);
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

/** Milliseconds of each look-up, ascending. @param given what a reader or a keypad gives: it has just come, and is not timed */
function timesOf<Given>(given: () => Given, lookUp: (given: Given) => Holder | undefined): Float64Array {
  const times = new Float64Array(LOOKUPS);
  for (let turn = -WARM_UP; turn < LOOKUPS; turn++) {
    const each = given();
    const start = performance.now();
    const holder = lookUp(each);
    const time = performance.now() - start;
    if (holder === undefined) throw new Error('a credential was not found');
    if (turn >= 0) times[turn] = time;
  }
  return times.sort();
}

/** What a reader gives of the same card that sends its octets last first. */
function mirroredSwipe(card: string): RawSwipe {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(Number(card));
  return { kind: 'bits', octets, bits: 32 };
}

/** Octets in use, in and outside the heap. */
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
