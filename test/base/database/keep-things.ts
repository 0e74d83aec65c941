/** Keeps three things one after the other, and says so of each once it is kept. Argument: the folder. */
import { writeSync } from 'node:fs';
import { Database } from '../../../base/database/database.ts';
import { tables } from './sample-tables.ts';

const database = await Database.open({ folder: process.argv[2] ?? '', tables: [tables] });
const client = database.client(tables);
for (const name of ['one', 'two', 'three']) {
  await client.add({ name });
  writeSync(1, `kept ${name}\n`);
}
await database.close();
