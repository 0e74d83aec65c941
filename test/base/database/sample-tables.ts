/** Tables for the tests of the database. */
import { type Connection, defineTables } from '../../../base/database/tables.ts';
import { Failure } from '../../../base/errors.ts';

export const tables = defineTables({
  room: 'sample',
  module: import.meta.url,
  migrations: [
    'CREATE TABLE things (name TEXT PRIMARY KEY) STRICT',
    'ALTER TABLE things ADD COLUMN size INTEGER',
  ],
  operations: {
    add(connection: Connection, { name }: { name: string }): void {
      connection.prepare('INSERT INTO things VALUES (?, 1)').run(name);
    },
    addAndFail(connection: Connection, { name }: { name: string }): void {
      connection.prepare('INSERT INTO things VALUES (?, 1)').run(name);
      throw new Failure('no-good', 'it did not work');
    },
    names(connection: Connection): string[] {
      return connection
        .prepare('SELECT name FROM things ORDER BY name')
        .all()
        .map((row) => String(row['name']));
    },
    echo(_connection: Connection, value: unknown): unknown {
      return value;
    },
    die(): void {
      process.exit(3);
    },
  },
});
