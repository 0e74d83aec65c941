/** What became of each printer over time. Runs in the store worker. */
import { type Connection, defineTables } from '../../base/database/tables.ts';

/** A change of one printer. */
export type PrinterChange =
  | {
      readonly kind: 'state';
      /** `ready` is idle or printing. */
      readonly state: 'ready' | 'stopped' | 'unknown';
      readonly reasons: readonly string[];
      /** Why it did not answer. */
      readonly trouble?: string;
      /** Made in its life, when it tells. */
      readonly impressions?: number;
    }
  | { readonly kind: 'supply'; readonly supply: string; readonly level: number };

/** `at` in milliseconds since 1970. */
export type PrinterEvent = PrinterChange & { readonly at: number; readonly printer: string };

export interface HistoryQuery {
  readonly printer: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly limit: number;
}

const eventOf = (row: Record<string, unknown>): PrinterEvent => ({
  ...(JSON.parse(String(row['detail'])) as PrinterChange),
  at: Number(row['at']),
  printer: String(row['printer']),
});

export const tables = defineTables({
  room: 'printer history',
  module: import.meta.url,
  migrations: [
    `CREATE TABLE printer_event (
       id INTEGER PRIMARY KEY AUTOINCREMENT, printer TEXT NOT NULL, at INTEGER NOT NULL, subject TEXT NOT NULL,
       detail TEXT NOT NULL
     ) STRICT;
     CREATE INDEX printer_event_by_printer ON printer_event (printer, id);
     CREATE INDEX printer_event_by_subject ON printer_event (printer, subject, id);`,
  ],
  operations: {
    record(connection: Connection, events: readonly PrinterEvent[]): void {
      const insert = connection.prepare(
        'INSERT INTO printer_event (printer, at, subject, detail) VALUES (?, ?, ?, ?)',
      );
      for (const { printer, at, ...detail } of events) {
        const subject = detail.kind === 'state' ? 'state' : `supply ${detail.supply}`;
        insert.run(printer, at, subject, JSON.stringify(detail));
      }
    },

    /** The last of each printer's state and of each supply. */
    latest(connection: Connection): PrinterEvent[] {
      return connection
        .prepare(
          `SELECT * FROM printer_event WHERE id IN (SELECT max(id) FROM printer_event GROUP BY printer, subject)`,
        )
        .all()
        .map(eventOf);
    },

    /** The newest, oldest of them first. */
    history(connection: Connection, { printer, since, limit }: HistoryQuery): PrinterEvent[] {
      return connection
        .prepare('SELECT * FROM printer_event WHERE printer = ? AND at >= ? ORDER BY id DESC LIMIT ?')
        .all(printer, since, limit)
        .map(eventOf)
        .reverse();
    },

    /** @param most events of one printer that are kept */
    sweep(connection: Connection, { before, most }: { before: number; most: number }): void {
      connection.prepare('DELETE FROM printer_event WHERE at < ?').run(before);
      const full = connection
        .prepare('SELECT printer FROM printer_event GROUP BY printer HAVING count(*) > ?')
        .all(most);
      const cut = connection.prepare(
        `DELETE FROM printer_event WHERE printer = ?1 AND id <=
         (SELECT id FROM printer_event WHERE printer = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`,
      );
      for (const row of full) cut.run(String(row['printer']), most);
    },
  },
  growing: ['record'],
});
