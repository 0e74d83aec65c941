/** Brings a room's tables to the version that this program knows. */
import type { DatabaseSync } from 'node:sqlite';
import { Failure } from '../errors.ts';

/**
 * Runs the scripts that the database has not seen yet, each in a transaction with its version number.
 * @throws Failure `database-too-new` when the database was written by a later program.
 */
export function migrate(database: DatabaseSync, room: string, migrations: readonly string[]): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS room_version (room TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT',
  );
  const row = database.prepare('SELECT version FROM room_version WHERE room = ?').get(room);
  const current = Number(row?.['version'] ?? 0);
  if (current > migrations.length) {
    throw new Failure(
      'database-too-new',
      `the tables of ${room} are at version ${current}, written by a newer Holdfast`,
      {
        advice: `Start that version, or restore a backup made with one that knows version ${migrations.length}`,
      },
    );
  }
  for (const [index, script] of migrations.entries()) {
    if (index < current) continue;
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(script);
      database
        .prepare(
          'INSERT INTO room_version VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET version = excluded.version',
        )
        .run(room, index + 1);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}
