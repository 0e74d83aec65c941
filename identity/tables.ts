/** What the store worker does with the tables of people: reading, for the index and for whoever asks. */
import { type Connection, defineTables } from '../base/database/tables.ts';
import { type CredentialColumns, changeOperations, separated } from './change-rows.ts';
import { codeOperations } from './codes/mails/rows.ts';
import { CREDENTIAL_KEY_LENGTH, type CredentialKind, type CredentialRank } from './credential.ts';
import type { Person, PersonId } from './person.ts';
import { asPerson, asRecord, INDEX_COLUMNS, PERSON_COLUMNS, readProfiles } from './profile-rows.ts';
import { MIGRATIONS } from './schema.ts';
import type { GonePerson, Leaver, StoredProfile } from './store.ts';

/** None of them ends. */
const CLAIM_COLUMNS = 'key, owner, kind, rank, origin, NULL AS expires_at';

export const tables = defineTables({
  room: 'identity',
  module: import.meta.url,
  migrations: MIGRATIONS,
  erasing: ['eraseTraces'],
  operations: {
    ...codeOperations,
    ...changeOperations,

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

    generation(connection: Connection, _: undefined): number {
      return Number(connection.prepare('SELECT value FROM people_generation').get()?.['value']);
    },

    lastNumber(connection: Connection, _: undefined): number {
      return Number(connection.prepare('SELECT max(number) AS last FROM person').get()?.['last'] ?? 0);
    },

    peoplePage(connection: Connection, { after, limit }: { after: number; limit: number }) {
      const rows = connection
        .prepare(
          `SELECT ${INDEX_COLUMNS} FROM person WHERE number > ? AND deleted_at IS NULL ORDER BY number LIMIT ?`,
        )
        .all(after, limit);
      return { numbers: Uint32Array.from(rows, (row) => Number(row['number'])), records: rows.map(asRecord) };
    },

    credentialPage(connection: Connection, { after, limit }: { after: Uint8Array; limit: number }) {
      const rows = connection
        .prepare('SELECT key, owner, expires_at FROM credential WHERE key > ? ORDER BY key LIMIT ?')
        .all(after, limit);
      return {
        keys: joined(rows.map((row) => row['key'] as Uint8Array)),
        owners: Uint32Array.from(rows, (row) => Number(row['owner'])),
        expiries: Float64Array.from(rows, (row) => Number(row['expires_at'])),
      };
    },

    /** Whoever has a PIN, by number. */
    pinHolders(connection: Connection, _: undefined): Uint32Array {
      const rows = connection
        .prepare("SELECT DISTINCT owner FROM credential WHERE kind = 'pin' ORDER BY owner")
        .all();
      return Uint32Array.from(rows, (row) => Number(row['owner']));
    },

    credentialsOf(connection: Connection, owners: readonly number[]): CredentialColumns {
      const rows = connection
        .prepare(
          `SELECT key, owner, kind, rank, origin, expires_at FROM credential
           WHERE owner IN (SELECT value FROM json_each(?)) ORDER BY owner, key`,
        )
        .all(JSON.stringify(owners));
      return inColumns(rows);
    },

    claimsBy(connection: Connection, owners: readonly number[]): CredentialColumns {
      return inColumns(
        connection
          .prepare(
            `SELECT ${CLAIM_COLUMNS} FROM claimed_credential
             WHERE owner IN (SELECT value FROM json_each(?)) ORDER BY number`,
          )
          .all(JSON.stringify(owners)),
      );
    },

    claimsOn(connection: Connection, { keys, most }: { keys: Uint8Array; most: number }): CredentialColumns {
      const claims = connection.prepare(
        `SELECT ${CLAIM_COLUMNS} FROM claimed_credential WHERE key = ? ORDER BY number LIMIT ?`,
      );
      return inColumns(separated(keys).flatMap((key) => claims.all(key, most)));
    },

    claimsOfSource(
      connection: Connection,
      { source, limit }: { source: string; limit: number },
    ): { count: number; claims: CredentialColumns } {
      const count = connection
        .prepare('SELECT count(*) AS n FROM claimed_credential WHERE origin = ?')
        .get(source)?.['n'];
      const rows = connection
        .prepare(`SELECT ${CLAIM_COLUMNS} FROM claimed_credential WHERE origin = ? ORDER BY number LIMIT ?`)
        .all(source, limit);
      return { count: Number(count), claims: inColumns(rows) };
    },

    profilesOf(connection: Connection, numbers: readonly number[]): StoredProfile[] {
      return readProfiles(connection, numbers);
    },

    barred(connection: Connection, _: undefined): { keys: Uint8Array; owners: Uint32Array } {
      const rows = connection.prepare('SELECT key, owner FROM barred_credential ORDER BY owner, key').all();
      return {
        keys: joined(rows.map((row) => row['key'] as Uint8Array)),
        owners: Uint32Array.from(rows, (row) => Number(row['owner'])),
      };
    },

    goneWith(
      connection: Connection,
      { source, ids }: { source: string; ids: readonly string[] },
    ): GonePerson[] {
      return connection
        .prepare(
          `SELECT number, id, source_id FROM person WHERE source = ? AND deleted_at IS NOT NULL
           AND source_id IN (SELECT value FROM json_each(?)) ORDER BY number`,
        )
        .all(source, JSON.stringify(ids))
        .map((row) => ({
          number: Number(row['number']),
          id: String(row['id']) as PersonId,
          sourceId: String(row['source_id']),
        }));
    },

    leftSince(connection: Connection, since: number): Leaver[] {
      return connection
        .prepare(
          `SELECT id, deleted_at AS left_at FROM person WHERE deleted_at >= ?1
           UNION ALL
           SELECT id, disabled_at FROM person WHERE disabled_at >= ?1 AND deleted_at IS NULL`,
        )
        .all(since)
        .map((row) => ({ id: String(row['id']) as PersonId, leftAt: Number(row['left_at']) }));
    },

    /** How many people each source has. */
    sources(connection: Connection, _: undefined): (readonly [string, number])[] {
      return connection
        .prepare('SELECT source, count(*) AS n FROM person WHERE deleted_at IS NULL GROUP BY source')
        .all()
        .map((row) => [String(row['source']), Number(row['n'])]);
    },

    noteActivity(connection: Connection, seen: readonly { number: number; at: number }[]): void {
      const note = connection.prepare(
        'UPDATE person SET last_activity = max(last_activity, ?) WHERE number = ?',
      );
      for (const { number, at } of seen) note.run(at, number);
    },

    list(connection: Connection, page: { userNameKey: string; id: string; limit: number }): Person[] {
      return connection
        .prepare(
          `SELECT ${PERSON_COLUMNS} FROM person
           WHERE deleted_at IS NULL AND (user_name_key, id) > (?, ?) ORDER BY user_name_key, id LIMIT ?`,
        )
        .all(page.userNameKey, page.id, page.limit)
        .map(asPerson);
    },
  },
});

function inColumns(rows: readonly Readonly<Record<string, unknown>>[]): CredentialColumns {
  return {
    keys: joined(rows.map((row) => row['key'] as Uint8Array)),
    owners: Uint32Array.from(rows, (row) => Number(row['owner'])),
    kinds: rows.map((row) => row['kind'] as CredentialKind),
    ranks: rows.map((row) => row['rank'] as CredentialRank),
    origins: rows.map((row) => String(row['origin'])),
    expiries: Float64Array.from(rows, (row) => Number(row['expires_at'])),
  };
}

function joined(keys: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(keys.length * CREDENTIAL_KEY_LENGTH);
  for (const [index, key] of keys.entries()) all.set(key, index * CREDENTIAL_KEY_LENGTH);
  return all;
}
