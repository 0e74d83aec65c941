/** The schema as JSON Schema: for editors, for the reference page, and to know which keys exist where. */
import { z } from 'zod';
import { schema } from './schema.ts';
import type { Path } from './wording.ts';

/** What of JSON Schema (draft 7) ours uses, and two keywords of our own. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly enum?: readonly string[];
  /** What a value must be, in words. */
  readonly allowed?: string;
  /** The default, in words, where it is no fixed value. */
  readonly byDefault?: string;
}

let described: SchemaNode | undefined;

/** Every key with its description and the words for what is allowed. */
export function describeSchema(): SchemaNode {
  described ??= z.toJSONSchema(schema, { io: 'input', target: 'draft-07' }) as SchemaNode;
  return described;
}

/** The keys that a group at this place may have; none when it is no group of known keys. */
export function knownKeys(path: Path): string[] {
  let node: SchemaNode | undefined = describeSchema();
  for (const part of path) {
    node = node?.properties?.[part] ?? (node?.additionalProperties || undefined);
  }
  return Object.keys(node?.properties ?? {});
}

/** JSON Schema (draft 7) as editors with YAML support take it. They cannot check ranges of units: descriptions say them. */
export function jsonSchema(): object {
  return { ...(forEditors(describeSchema()) as object), title: 'Holdfast configuration' };
}

/** Our own keywords become part of the description. */
function forEditors(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(forEditors);
  if (typeof node !== 'object' || node === null) return node;
  const { allowed, byDefault, description, ...rest } = node as SchemaNode;
  const sentences = [
    description,
    allowed === undefined ? undefined : `Must be ${allowed}.`,
    byDefault === undefined ? undefined : `Default: ${byDefault}.`,
  ].filter((each) => each !== undefined);
  const result = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, forEditors(value)]));
  // A group whose lines are all commented out has no value; that is right unless it lacks a key then.
  if (rest.type === 'object' && rest.required === undefined) result['type'] = ['object', 'null'];
  return sentences.length === 0 ? result : { description: sentences.join(' '), ...result };
}
