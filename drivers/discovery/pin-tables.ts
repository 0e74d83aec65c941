/** The table of pins: which printer has which name, and by what it is known. Runs in the store worker. */
import { type Connection, defineTables, type TableClient } from '../../base/database/tables.ts';
import type { Pin } from './pins.ts';

export const tables = defineTables({
  room: 'pins',
  module: import.meta.url,
  migrations: ['CREATE TABLE printer_pin (name TEXT PRIMARY KEY, pin TEXT NOT NULL) STRICT'],
  operations: {
    all(connection: Connection, _: undefined): Pin[] {
      return connection
        .prepare('SELECT pin FROM printer_pin ORDER BY name')
        .all()
        .map((row) => JSON.parse(String(row['pin'])) as Pin);
    },

    /** All or none. */
    keep(connection: Connection, pins: readonly Pin[]): void {
      const statement = connection.prepare(
        'INSERT INTO printer_pin VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET pin = excluded.pin',
      );
      for (const pin of pins) statement.run(pin.name, JSON.stringify(pin));
    },

    remove(connection: Connection, names: readonly string[]): void {
      const statement = connection.prepare('DELETE FROM printer_pin WHERE name = ?');
      for (const name of names) statement.run(name);
    },
  },
});

export type PinStore = TableClient<typeof tables.operations>;
