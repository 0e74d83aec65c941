/** The table of delegations: who lets whom print their jobs, and until when. Runs in the store worker. */
import { type Connection, defineTables, type TableClient } from '../../base/database/tables.ts';
import { PersonId } from '../person.ts';

/** @property from whose jobs they are @property to who may print them */
export interface Delegation {
  readonly from: PersonId;
  readonly to: PersonId;
  /** Milliseconds since 1970; from then on it is over. */
  readonly until: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

const FIRST_VERSION = `
  CREATE TABLE delegation (
    from_person TEXT NOT NULL,
    to_person TEXT NOT NULL,
    until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (from_person, to_person)
  ) STRICT, WITHOUT ROWID;
`;

export const tables = defineTables({
  room: 'delegations',
  module: import.meta.url,
  migrations: [FIRST_VERSION],
  operations: {
    all(connection: Connection, _: undefined): Delegation[] {
      return connection
        .prepare('SELECT * FROM delegation ORDER BY created_at, from_person, to_person')
        .all()
        .map((row) => ({
          from: PersonId(String(row['from_person'])),
          to: PersonId(String(row['to_person'])),
          until: Number(row['until']),
          createdAt: Number(row['created_at']),
        }));
    },

    /** In place of the one between the same two. */
    put(connection: Connection, { from, to, until, createdAt }: Delegation): void {
      connection
        .prepare('INSERT OR REPLACE INTO delegation VALUES (?, ?, ?, ?)')
        .run(from, to, until, createdAt);
    },

    remove(connection: Connection, pairs: readonly Pick<Delegation, 'from' | 'to'>[]): void {
      const statement = connection.prepare('DELETE FROM delegation WHERE from_person = ? AND to_person = ?');
      for (const { from, to } of pairs) statement.run(from, to);
    },
  },
});

export type DelegationStore = TableClient<typeof tables.operations>;
