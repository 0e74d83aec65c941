/** `npm run reference`: writes the reference page and the JSON Schema out of the schema. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonSchema } from './json-schema.ts';
import { renderReference } from './reference.ts';

const docs = join(import.meta.dirname, '../docs');
const example = await readFile(join(import.meta.dirname, 'example.yaml'), 'utf8');
await mkdir(docs, { recursive: true });
await writeFile(join(docs, 'configuration.md'), renderReference(example));
await writeFile(join(docs, 'holdfast.schema.json'), `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
