/** The names under which queues are known, kept so that clients find them again after a restart (RFC 6762 §9). */
import { type Connection, defineTables } from '../../base/database/tables.ts';

export interface KnownName {
  readonly queue: string;
  /** The name that was asked for; another one in the configuration makes the rest void. */
  readonly wanted: string;
  readonly name: string;
}

export const tables = defineTables({
  room: 'discovery',
  module: import.meta.url,
  migrations: [
    'CREATE TABLE service_names (queue TEXT PRIMARY KEY, wanted TEXT NOT NULL, name TEXT NOT NULL) STRICT',
  ],
  operations: {
    keep(connection: Connection, { queue, wanted, name }: KnownName): void {
      connection
        .prepare(
          `INSERT INTO service_names VALUES (?, ?, ?)
           ON CONFLICT (queue) DO UPDATE SET wanted = excluded.wanted, name = excluded.name`,
        )
        .run(queue, wanted, name);
    },

    list(connection: Connection): KnownName[] {
      return connection
        .prepare('SELECT queue, wanted, name FROM service_names')
        .all()
        .map((row) => ({
          queue: String(row['queue']),
          wanted: String(row['wanted']),
          name: String(row['name']),
        }));
    },
  },
});
