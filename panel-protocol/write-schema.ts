/** Writes schema.json beside this file; a part of `npm run reference`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wireSchema } from './schema.ts';

await writeFile(join(import.meta.dirname, 'schema.json'), `${JSON.stringify(wireSchema(), null, 2)}\n`);
