/** The table of the gateway's secrets, each wrapped under the key of the key file. Runs in the store worker. */
import { type Connection, defineTables, type TableClient } from '../database/tables.ts';

export interface WrappedSecret {
  readonly purpose: string;
  readonly sealed: Uint8Array;
}

export const tables = defineTables({
  room: 'secrets',
  module: import.meta.url,
  migrations: [
    'CREATE TABLE wrapped_secret (purpose TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;',
  ],
  operations: {
    all(connection: Connection, _: undefined): WrappedSecret[] {
      return connection
        .prepare('SELECT purpose, sealed FROM wrapped_secret ORDER BY purpose')
        .all()
        .map((row) => ({ purpose: String(row['purpose']), sealed: row['sealed'] as Uint8Array }));
    },

    /** All of them or none. */
    put(connection: Connection, secrets: readonly WrappedSecret[]): void {
      const statement = connection.prepare(
        `INSERT INTO wrapped_secret VALUES (?, ?)
         ON CONFLICT (purpose) DO UPDATE SET sealed = excluded.sealed`,
      );
      for (const { purpose, sealed } of secrets) statement.run(purpose, sealed);
    },
  },
});

export type SecretStore = TableClient<typeof tables.operations>;
