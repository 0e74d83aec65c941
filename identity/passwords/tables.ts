/** The table of local passwords: hashes, sealed under a key of the gateway's. Runs in the store worker. */
import { type Connection, defineTables, type TableClient } from '../../base/database/tables.ts';
import type { PersonId } from '../person.ts';

export interface StoredPassword {
  readonly person: PersonId;
  readonly sealed: Uint8Array;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const FIRST_VERSION = `
  CREATE TABLE password (
    person TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    changed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

export const tables = defineTables({
  room: 'passwords',
  module: import.meta.url,
  migrations: [FIRST_VERSION],
  operations: {
    read(connection: Connection, person: string): Uint8Array | undefined {
      const row = connection.prepare('SELECT sealed FROM password WHERE person = ?').get(person);
      return row?.['sealed'] as Uint8Array | undefined;
    },

    write(connection: Connection, password: StoredPassword): void {
      writeAll(connection, [password]);
    },

    writeAll(connection: Connection, passwords: readonly StoredPassword[]): void {
      writeAll(connection, passwords);
    },

    /** Gives how many there were. */
    remove(connection: Connection, people: readonly PersonId[]): number {
      const statement = connection.prepare('DELETE FROM password WHERE person = ?');
      return people.reduce((removed, person) => removed + Number(statement.run(person).changes), 0);
    },

    /** Whoever has one. */
    people(connection: Connection, _: undefined): PersonId[] {
      const rows = connection.prepare('SELECT person FROM password').all();
      return rows.map((row) => String(row['person']) as PersonId);
    },
  },
});

function writeAll(connection: Connection, passwords: readonly StoredPassword[]): void {
  const statement = connection.prepare(
    `INSERT INTO password VALUES (?, ?, ?)
     ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at`,
  );
  for (const { person, sealed, at } of passwords) statement.run(person, sealed, at);
}

export type PasswordStore = TableClient<typeof tables.operations>;
