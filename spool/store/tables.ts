/** The spool's tables. No name, user or ticket stands here in plain: those are sealed under the job's key. */
import { type Connection, defineTables } from '../../base/database/tables.ts';

/** A job's row. Times in milliseconds since 1970; `null` where there is nothing (yet). */
export interface JobRow {
  readonly id: number;
  readonly uuid: string;
  readonly queue: string;
  readonly state: string;
  /** Slot of its key; null once the key is destroyed. */
  readonly slot: number | null;
  readonly owner: string | null;
  readonly proof: string | null;
  readonly hold_until: string;
  readonly format: string | null;
  readonly octets: number | null;
  readonly impressions: number | null;
  readonly in_file: number;
  readonly created_at: number;
  readonly processing_at: number | null;
  readonly completed_at: number | null;
  readonly expires_at: number;
  readonly release_printer: string | null;
  readonly release_key: string | null;
  readonly release_by: string | null;
  readonly release_at: number | null;
  readonly trouble_reason: string | null;
  readonly trouble_outcome: string | null;
  readonly trouble_printer: string | null;
  readonly trouble_at: number | null;
  readonly impressions_completed: number | null;
  readonly confirmation: string | null;
  readonly ended_by: string | null;
  /** What came of counting its pages; null while that is to be done. */
  readonly count: string | null;
  readonly pages: number | null;
  /** Name, submitter and ticket. */
  readonly sealed: Uint8Array | null;
}

/** What of a row stands there for the database to see. */
export type OpenRow = Omit<JobRow, 'sealed'>;

const COLUMNS = [
  'id',
  'uuid',
  'queue',
  'state',
  'slot',
  'owner',
  'proof',
  'hold_until',
  'format',
  'octets',
  'impressions',
  'in_file',
  'created_at',
  'processing_at',
  'completed_at',
  'expires_at',
  'release_printer',
  'release_key',
  'release_by',
  'release_at',
  'trouble_reason',
  'trouble_outcome',
  'trouble_printer',
  'trouble_at',
  'impressions_completed',
  'confirmation',
  'ended_by',
  'count',
  'pages',
  'sealed',
] as const satisfies readonly (keyof JobRow)[];

const INSERT = `INSERT INTO jobs (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((name) => `:${name}`).join(', ')})`;
/** What an update may change; the rest is fixed when the job is accepted. */
const CHANGEABLE = COLUMNS.slice(3);
const UPDATE = updateOf(CHANGEABLE);
const UPDATE_OPEN = updateOf(CHANGEABLE.filter((name) => name !== 'sealed'));

export const tables = defineTables({
  room: 'spool',
  module: import.meta.url,
  migrations: [
    `CREATE TABLE jobs (
       id INTEGER PRIMARY KEY,
       uuid TEXT NOT NULL,
       queue TEXT NOT NULL,
       state TEXT NOT NULL,
       slot INTEGER UNIQUE,
       owner TEXT,
       proof TEXT,
       hold_until TEXT NOT NULL,
       format TEXT,
       octets INTEGER,
       impressions INTEGER,
       in_file INTEGER NOT NULL,
       created_at INTEGER NOT NULL,
       processing_at INTEGER,
       completed_at INTEGER,
       expires_at INTEGER NOT NULL,
       release_printer TEXT,
       release_key TEXT,
       release_by TEXT,
       release_at INTEGER,
       trouble_reason TEXT,
       trouble_outcome TEXT,
       trouble_printer TEXT,
       trouble_at INTEGER,
       impressions_completed INTEGER,
       confirmation TEXT,
       ended_by TEXT,
       sealed BLOB
     ) STRICT;
     CREATE TABLE contents (
       job INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
       sealed BLOB NOT NULL
     ) STRICT;
     CREATE TABLE reserved_ids (one INTEGER PRIMARY KEY CHECK (one = 1), next INTEGER NOT NULL) STRICT;
     INSERT INTO reserved_ids VALUES (1, 1);
     CREATE TABLE key_check (one INTEGER PRIMARY KEY CHECK (one = 1), sealed BLOB NOT NULL) STRICT;`,
    'ALTER TABLE jobs ADD COLUMN count TEXT; ALTER TABLE jobs ADD COLUMN pages INTEGER;',
  ],
  growing: ['insert', 'reserveIds'],
  operations: {
    /** Keeps the value when there is none yet. @returns the one that is kept. */
    keyCheck(connection: Connection, { sealed }: { sealed: Uint8Array }): Uint8Array {
      connection.prepare('INSERT INTO key_check VALUES (1, ?) ON CONFLICT DO NOTHING').run(sealed);
      return connection.prepare('SELECT sealed FROM key_check').get()?.['sealed'] as Uint8Array;
    },

    /** Sets `count` ids aside for good. @returns the first of them. */
    reserveIds(connection: Connection, { count }: { count: number }): number {
      const row = connection.prepare('UPDATE reserved_ids SET next = next + ? RETURNING next').get(count);
      return Number(row?.['next']) - count;
    },

    /** A job with the content of its document, unless that lies in a file. */
    insert(connection: Connection, { row, content }: { row: JobRow; content: Uint8Array | null }): void {
      connection.prepare(INSERT).run({ ...row });
      if (content !== null) connection.prepare('INSERT INTO contents VALUES (?, ?)').run(row.id, content);
    },

    update(connection: Connection, { row }: { row: JobRow }): void {
      connection.prepare(UPDATE).run(changeable(row));
      if (row.slot === null) connection.prepare('DELETE FROM contents WHERE job = ?').run(row.id);
    },

    /** As {@link update} of a job that lives on, whose sealed part stays what it is. */
    updateOpen(connection: Connection, { row }: { row: OpenRow }): void {
      connection.prepare(UPDATE_OPEN).run(changeable(row));
    },

    /** The sealed content, or null when the row has none. */
    content(connection: Connection, { id }: { id: number }): Uint8Array | null {
      const row = connection.prepare('SELECT sealed FROM contents WHERE job = ?').get(id);
      return (row?.['sealed'] as Uint8Array | undefined) ?? null;
    },

    /** Rows in the order of their ids, `limit` at a time, beginning after `after`. */
    list(connection: Connection, { after, limit }: { after: number; limit: number }): JobRow[] {
      const rows = connection
        .prepare('SELECT * FROM jobs WHERE id > ? ORDER BY id LIMIT ?')
        .all(after, limit);
      return rows as unknown as JobRow[];
    },

    forget(connection: Connection, { ids }: { ids: readonly number[] }): void {
      for (const id of ids) connection.prepare('DELETE FROM jobs WHERE id = ?').run(id);
    },
  },
});

function updateOf(columns: readonly string[]): string {
  return `UPDATE jobs SET ${columns.map((name) => `${name} = :${name}`).join(', ')} WHERE id = :id`;
}

/** SQLite refuses named parameters that a statement does not have. */
function changeable(row: OpenRow): Record<string, string | number | null | Uint8Array> {
  const { uuid: _uuid, queue: _queue, ...rest } = row;
  return rest;
}
