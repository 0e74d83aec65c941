/** The JSON Schema (2020-12) of every message, out of the schemas that the code itself goes by. */
import { z } from 'zod';
import { clientMessage } from './client-messages.ts';
import { SERVER_MESSAGES } from './server-messages.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const HEAD = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Holdfast panel protocol, version 1',
  description:
    'Every message between a panel and the gateway; README.md says what they mean. What a panel sends has no further fields; what it is told may have some in time, which it ignores.',
};

/** `from-panel` and `to-panel` under `$defs`, each one of its messages. */
export function wireSchema(): JsonSchema {
  const fromPanel = Object.fromEntries(
    clientMessage.options.map((schema) => [`from-panel-${typeOf(schema)}`, jsonOf(schema)]),
  );
  const toPanel = Object.fromEntries(
    Object.entries(SERVER_MESSAGES).map(([type, schema]) => [`to-panel-${type}`, jsonOf(schema)]),
  );
  return {
    ...HEAD,
    anyOf: [{ $ref: '#/$defs/from-panel' }, { $ref: '#/$defs/to-panel' }],
    $defs: {
      'from-panel': { oneOf: references(fromPanel) },
      'to-panel': { oneOf: references(toPanel) },
      ...fromPanel,
      ...toPanel,
    },
  };
}

function jsonOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' });
  return json;
}

const references = (definitions: Readonly<Record<string, unknown>>) =>
  Object.keys(definitions).map((name) => ({ $ref: `#/$defs/${name}` }));

function typeOf(schema: (typeof clientMessage.options)[number]): string {
  const [first] = schema instanceof z.ZodObject ? [schema] : schema.options;
  return first?.shape.type.value ?? '';
}
