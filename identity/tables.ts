/** The tables of people and of what they are known by. Runs in the store worker. */
import type { SQLOutputValue } from 'node:sqlite';
import { type Connection, defineTables } from '../base/database/tables.ts';
import { Failure } from '../base/errors.ts';
import { CREDENTIAL_KEY_LENGTH, type CredentialKind, type CredentialRank } from './credential.ts';
import { pack } from './index/records.ts';
import { type Person, type PersonId, userNameKey } from './person.ts';

/** Credentials in columns, which pass between threads at a fraction of what objects cost. */
export interface CredentialColumns {
  readonly keys: Uint8Array;
  readonly owners: Uint32Array;
  readonly kinds: readonly CredentialKind[];
  readonly ranks: readonly CredentialRank[];
}

/** A part of a change, put aside until the last part is there. Keys stand one behind the other, 16 octets each. */
export interface ChangePart {
  readonly people: readonly { readonly number: number; readonly person: Person }[];
  readonly removed: readonly number[];
  readonly revoked: Uint8Array;
  readonly issued: CredentialColumns;
}

/** A person's name and address are emptied when they go; `deleted_at` tells. */
const FIRST_VERSION = `
  CREATE TABLE person (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_name TEXT NOT NULL,
    user_name_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE INDEX person_by_user_name ON person (user_name_key, id) WHERE deleted_at IS NULL;
  CREATE TABLE credential (
    key BLOB PRIMARY KEY CHECK (length(key) = 16),
    owner INTEGER NOT NULL REFERENCES person (number),
    kind TEXT NOT NULL,
    rank TEXT NOT NULL,
    issued_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX credential_by_owner ON credential (owner);
  CREATE TABLE index_key (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    sealed BLOB NOT NULL
  ) STRICT;
`;

/** Parts of a change wait in memory; a crash forgets them, which is right: nobody was told that they are kept. */
const STAGE = [
  'CREATE TEMP TABLE IF NOT EXISTS staged_removal (number INTEGER PRIMARY KEY)',
  'CREATE TEMP TABLE IF NOT EXISTS staged_revocation (key BLOB PRIMARY KEY) WITHOUT ROWID',
  `CREATE TEMP TABLE IF NOT EXISTS staged_person (
     number INTEGER PRIMARY KEY, id TEXT, user_name TEXT, user_name_key TEXT, display_name TEXT, email TEXT)`,
  `CREATE TEMP TABLE IF NOT EXISTS staged_credential (
     key BLOB PRIMARY KEY, owner INTEGER, kind TEXT, rank TEXT) WITHOUT ROWID`,
];
const STAGED = ['staged_removal', 'staged_revocation', 'staged_person', 'staged_credential'];

export const tables = defineTables({
  room: 'identity',
  module: import.meta.url,
  migrations: [FIRST_VERSION],
  operations: {
    readIndexKey(connection: Connection, _: undefined): Uint8Array | undefined {
      const row = connection.prepare('SELECT sealed FROM index_key').get();
      return row?.['sealed'] as Uint8Array | undefined;
    },

    writeIndexKey(connection: Connection, sealed: Uint8Array): void {
      connection
        .prepare(
          'INSERT INTO index_key VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET sealed = excluded.sealed',
        )
        .run(sealed);
    },

    lastNumber(connection: Connection, _: undefined): number {
      return Number(connection.prepare('SELECT max(number) AS last FROM person').get()?.['last'] ?? 0);
    },

    peoplePage(connection: Connection, { after, limit }: { after: number; limit: number }) {
      const rows = connection
        .prepare(
          `SELECT number, id, user_name, display_name, email FROM person
           WHERE number > ? AND deleted_at IS NULL ORDER BY number LIMIT ?`,
        )
        .all(after, limit);
      return {
        numbers: Uint32Array.from(rows, (row) => Number(row['number'])),
        records: rows.map((row) => pack(asPerson(row))),
      };
    },

    credentialPage(connection: Connection, { after, limit }: { after: Uint8Array; limit: number }) {
      const rows = connection
        .prepare('SELECT key, owner FROM credential WHERE key > ? ORDER BY key LIMIT ?')
        .all(after, limit);
      return {
        keys: joined(rows.map((row) => row['key'] as Uint8Array)),
        owners: Uint32Array.from(rows, (row) => Number(row['owner'])),
      };
    },

    credentialsOf(connection: Connection, owners: readonly number[]): CredentialColumns {
      const rows = connection
        .prepare(
          `SELECT key, owner, kind, rank FROM credential
           WHERE owner IN (SELECT value FROM json_each(?)) ORDER BY owner, key`,
        )
        .all(JSON.stringify(owners));
      return {
        keys: joined(rows.map((row) => row['key'] as Uint8Array)),
        owners: Uint32Array.from(rows, (row) => Number(row['owner'])),
        kinds: rows.map((row) => row['kind'] as CredentialKind),
        ranks: rows.map((row) => row['rank'] as CredentialRank),
      };
    },

    list(connection: Connection, page: { userNameKey: string; id: string; limit: number }): Person[] {
      return connection
        .prepare(
          `SELECT id, user_name, display_name, email FROM person
           WHERE deleted_at IS NULL AND (user_name_key, id) > (?, ?) ORDER BY user_name_key, id LIMIT ?`,
        )
        .all(page.userNameKey, page.id, page.limit)
        .map(asPerson);
    },

    /** Forgets parts that were put aside and never kept. */
    beginChange(connection: Connection, _: undefined): void {
      for (const sql of STAGE) connection.prepare(sql).run();
      for (const table of STAGED) connection.prepare(`DELETE FROM ${table}`).run();
    },

    stageChange(connection: Connection, part: ChangePart): void {
      const person = connection.prepare('INSERT INTO staged_person VALUES (?, ?, ?, ?, ?, ?)');
      for (const { number, person: each } of part.people) {
        const { id, userName, displayName, email } = each;
        person.run(number, id, userName, userNameKey(userName), displayName, email);
      }
      const removal = connection.prepare('INSERT INTO staged_removal VALUES (?)');
      for (const number of part.removed) removal.run(number);
      const revocation = connection.prepare('INSERT INTO staged_revocation VALUES (?)');
      for (const key of separated(part.revoked)) revocation.run(key);
      const credential = connection.prepare('INSERT INTO staged_credential VALUES (?, ?, ?, ?)');
      const { keys, owners, kinds, ranks } = part.issued;
      for (const [index, key] of separated(keys).entries()) {
        credential.run(key, owners[index] ?? null, kinds[index] ?? null, ranks[index] ?? null);
      }
    },

    /** @param change `rows`: how many were put aside, so that a lost part is noticed. */
    commitChange(connection: Connection, change: { at: number; rows: number }): void {
      const { at } = change;
      const staged = STAGED.reduce(
        (sum, table) => sum + Number(connection.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']),
        0,
      );
      if (staged !== change.rows)
        throw new Error(`${staged} rows of a change were put aside, not ${change.rows}`);
      connection.prepare('DELETE FROM credential WHERE owner IN (SELECT number FROM staged_removal)').run();
      connection
        .prepare(
          `UPDATE person SET user_name = '', user_name_key = '', display_name = '', email = '',
           changed_at = ?, deleted_at = ? WHERE number IN (SELECT number FROM staged_removal)`,
        )
        .run(at, at);
      connection.prepare('DELETE FROM credential WHERE key IN (SELECT key FROM staged_revocation)').run();
      connection
        .prepare(
          `INSERT INTO person
           SELECT number, id, user_name, user_name_key, display_name, email, ?, ?, NULL FROM staged_person
           WHERE true ORDER BY number
           ON CONFLICT (number) DO UPDATE SET user_name = excluded.user_name, user_name_key = excluded.user_name_key,
             display_name = excluded.display_name, email = excluded.email, changed_at = excluded.changed_at`,
        )
        .run(at, at);
      issueStaged(connection, at);
      for (const table of STAGED) connection.prepare(`DELETE FROM ${table}`).run();
    },
  },
});

function issueStaged(connection: Connection, at: number): void {
  const taken = connection
    .prepare('SELECT count(*) AS n FROM staged_credential JOIN credential USING (key)')
    .get();
  if (taken?.['n'] !== 0) throw new Failure('credential-taken', 'a credential is already somebody else’s');
  connection
    .prepare(
      'INSERT INTO credential SELECT key, owner, kind, rank, ? FROM staged_credential WHERE true ORDER BY key',
    )
    .run(at);
}

function asPerson(row: Record<string, SQLOutputValue>): Person {
  return {
    id: String(row['id']) as PersonId,
    userName: String(row['user_name']),
    displayName: String(row['display_name']),
    email: String(row['email']),
  };
}

function joined(keys: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(keys.length * CREDENTIAL_KEY_LENGTH);
  for (const [index, key] of keys.entries()) all.set(key, index * CREDENTIAL_KEY_LENGTH);
  return all;
}

function separated(keys: Uint8Array): Uint8Array[] {
  return Array.from({ length: keys.length / CREDENTIAL_KEY_LENGTH }, (_, index) =>
    keys.subarray(index * CREDENTIAL_KEY_LENGTH, (index + 1) * CREDENTIAL_KEY_LENGTH),
  );
}
