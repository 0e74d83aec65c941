/** Where it is kept what each directory showed last, and the plan that waits for a person. */
import { type Connection, defineTables } from '../../base/database/tables.ts';

export interface KeptState {
  readonly name: string;
  /** As `writePicture` wrote it. */
  readonly picture: Uint8Array;
  /** Milliseconds since 1970 of the sync, and of the last full one. */
  readonly syncedAt: number;
  readonly fullAt: number;
  /** Of the last answer, also of one that was refused here. */
  readonly contactAt: number;
  readonly people: number;
}

export interface KeptPlan {
  readonly name: string;
  readonly at: number;
  readonly sealed: Uint8Array;
}

export const tables = defineTables({
  room: 'directory',
  module: import.meta.url,
  migrations: [
    `CREATE TABLE directory_state (
       name TEXT PRIMARY KEY, picture BLOB NOT NULL, synced_at INTEGER NOT NULL, full_at INTEGER NOT NULL,
       people INTEGER NOT NULL
     ) STRICT;
     CREATE TABLE directory_plan (
       number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, sealed BLOB NOT NULL
     ) STRICT;`,
    'ALTER TABLE directory_state ADD COLUMN contact_at INTEGER NOT NULL DEFAULT 0;',
  ],
  operations: {
    state(connection: Connection, name: string): KeptState | undefined {
      const row = connection.prepare('SELECT * FROM directory_state WHERE name = ?').get(name);
      if (row === undefined) return undefined;
      return {
        name,
        picture: row['picture'] as Uint8Array,
        syncedAt: Number(row['synced_at']),
        fullAt: Number(row['full_at']),
        contactAt: Number(row['contact_at']),
        people: Number(row['people']),
      };
    },
    /**
     * A sync that was carried out: no plan of that directory waits any more.
     * @param state without a picture: it is as it was, as most times
     */
    keep(
      connection: Connection,
      { name, picture, syncedAt, fullAt, people, contactAt }: Omit<KeptState, 'picture'> & Partial<KeptState>,
    ): void {
      if (picture === undefined) {
        connection
          .prepare('UPDATE directory_state SET synced_at = ?, contact_at = ? WHERE name = ?')
          .run(syncedAt, contactAt, name);
      } else {
        connection
          .prepare('INSERT OR REPLACE INTO directory_state VALUES (?, ?, ?, ?, ?, ?)')
          .run(name, picture, syncedAt, fullAt, people, contactAt);
      }
      connection.prepare('DELETE FROM directory_plan WHERE name = ?').run(name);
    },
    /** It answered, though nothing was carried out. */
    contacted(connection: Connection, { name, at }: { name: string; at: number }): void {
      connection.prepare('UPDATE directory_state SET contact_at = ? WHERE name = ?').run(at, name);
    },
    forget(connection: Connection, name: string): void {
      connection.prepare('DELETE FROM directory_state WHERE name = ?').run(name);
      connection.prepare('DELETE FROM directory_plan WHERE name = ?').run(name);
    },
    /** In place of the one before. @returns its number, which no other plan ever had */
    hold(connection: Connection, { name, at, sealed }: KeptPlan): number {
      connection.prepare('DELETE FROM directory_plan WHERE name = ?').run(name);
      const insert = connection.prepare('INSERT INTO directory_plan (name, at, sealed) VALUES (?, ?, ?)');
      return Number(insert.run(name, at, sealed).lastInsertRowid);
    },
    plans(connection: Connection, _: undefined): (KeptPlan & { readonly number: number })[] {
      return connection
        .prepare('SELECT * FROM directory_plan ORDER BY number')
        .all()
        .map((row) => ({
          number: Number(row['number']),
          name: String(row['name']),
          at: Number(row['at']),
          sealed: row['sealed'] as Uint8Array,
        }));
    },
  },
});
