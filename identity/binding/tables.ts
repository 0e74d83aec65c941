/** The table of people who are still to be told that a badge was added to their name. Runs in the store worker. */
import { type Connection, defineTables, type TableClient } from '../../base/database/tables.ts';
import { PersonId } from '../person.ts';

/** A mail that is to be sent. */
export interface CardNotice {
  /** Of the mail: letters and digits. */
  readonly id: string;
  readonly person: PersonId;
  readonly panel: string;
  /** When it happened: milliseconds since 1970. */
  readonly at: number;
}

const FIRST_VERSION = `
  CREATE TABLE card_notice (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    panel TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

export const tables = defineTables({
  room: 'card_notices',
  module: import.meta.url,
  migrations: [FIRST_VERSION],
  operations: {
    all(connection: Connection, _: undefined): CardNotice[] {
      return connection
        .prepare('SELECT * FROM card_notice ORDER BY at, id')
        .all()
        .map((row) => ({
          id: String(row['id']),
          person: PersonId(String(row['person'])),
          panel: String(row['panel']),
          at: Number(row['at']),
        }));
    },

    add(connection: Connection, { id, person, panel, at }: CardNotice): void {
      connection.prepare('INSERT INTO card_notice VALUES (?, ?, ?, ?)').run(id, person, panel, at);
    },

    remove(connection: Connection, id: string): void {
      connection.prepare('DELETE FROM card_notice WHERE id = ?').run(id);
    },
  },
});

export type CardNoticeStore = TableClient<typeof tables.operations>;
