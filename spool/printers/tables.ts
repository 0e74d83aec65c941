/** What each printer told of itself last, so that a queue can offer it before the printer answers again. */
import { type Connection, defineTables } from '../../base/database/tables.ts';
import type { PrinterDescription } from '../../drivers/printers/description.ts';

export interface KnownPrinter {
  readonly name: string;
  readonly description: PrinterDescription;
}

export const tables = defineTables({
  room: 'printers',
  module: import.meta.url,
  migrations: ['CREATE TABLE known_printers (name TEXT PRIMARY KEY, description TEXT NOT NULL) STRICT'],
  operations: {
    keep(connection: Connection, { name, description }: KnownPrinter): void {
      connection
        .prepare(
          'INSERT INTO known_printers VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET description = excluded.description',
        )
        .run(name, JSON.stringify(description));
    },

    list(connection: Connection): KnownPrinter[] {
      return connection
        .prepare('SELECT name, description FROM known_printers')
        .all()
        .map((row) => ({ name: String(row['name']), description: JSON.parse(String(row['description'])) }));
    },

    forget(connection: Connection, { name }: { name: string }): void {
      connection.prepare('DELETE FROM known_printers WHERE name = ?').run(name);
    },
  },
});
