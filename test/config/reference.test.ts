// The documents that are written out of the schema: whole, and not stale.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { describeSchema, jsonSchema, knownKeys, type SchemaNode } from '../../config/json-schema.ts';
import { parseConfig } from '../../config/load.ts';
import { renderReference } from '../../config/reference.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

test('the reference page is what the schema says (else: npm run reference)', async (t) => {
  t.is(await read('docs/configuration.md'), renderReference(await read('config/example.yaml')));
});

test("the editors' schema is what the schema says (else: npm run reference)", async (t) => {
  t.deepEqual(JSON.parse(await read('docs/holdfast.schema.json')), jsonSchema());
});

test('the starter file is right, and has nothing to warn of', async (t) => {
  const { config, warnings } = parseConfig(await read('config/example.yaml'), 'config/example.yaml');
  t.deepEqual(warnings, []);
  t.is(config.queues[0]?.name, 'print');
});

test('every example in the reference page is right', async (t) => {
  const page = await read('docs/configuration.md');
  const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  t.is(examples.length, 1);
  for (const example of examples) t.notThrows(() => parseConfig(example, 'docs/configuration.md'));
});

interface Key {
  readonly name: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** Every key that is no group, with its place. */
function keysOf(node: SchemaNode, above = ''): Key[] {
  if (node.additionalProperties) return keysOf(node.additionalProperties, `${above}NAME.`);
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const name = `${above}${key}`;
    if (child.properties !== undefined || child.additionalProperties) return keysOf(child, `${name}.`);
    return [{ name, node: child, required: node.required?.includes(key) ?? false }];
  });
}

test('every key says what it means, what is allowed, and what it is when it is not there', (t) => {
  const keys = keysOf(describeSchema());
  t.true(keys.length > 35);
  for (const { name, node, required } of keys) {
    t.regex(node.description ?? '', /^\S.+\.$/, name);
    t.truthy(node.allowed, name);
    t.is(node.default !== undefined || node.byDefault !== undefined, !required, name);
  }
});

test("the editors' patterns allow the defaults", (t) => {
  for (const { name, node } of keysOf(describeSchema())) {
    const { pattern } = node as { pattern?: string };
    if (pattern !== undefined && node.default !== undefined) {
      t.regex(String(node.default), new RegExp(pattern), name);
    }
  }
});

test('the editors get no keyword but those of JSON Schema', (t) => {
  t.notRegex(JSON.stringify(jsonSchema()), /"(allowed|byDefault)":/);
});

test('the keys of a place are known', (t) => {
  t.deepEqual(knownKeys(['panels', 'any']), [
    'printer',
    'printers',
    'addresses',
    'color',
    'language',
    'session-timeout',
    'sign-in',
    'mark-jobs',
    'bind-cards',
    'change-pin',
    'release-all',
    'plain-http',
  ]);
  t.deepEqual(knownKeys(['gateway', 'log']), ['level', 'format']);
  t.deepEqual(knownKeys(['panels']), []);
  t.deepEqual(knownKeys(['gateway', 'name', 'x']), []);
});
