/** The reference page: every key, out of the schema. */
import { describeSchema, type SchemaNode } from './json-schema.ts';
import { oneOf } from './wording.ts';

const HEAD = `# Configuration

<!-- Written by \`npm run reference\` out of config/schema.ts; a change made here is lost. -->

One YAML file holds what an administrator decides. Holdfast reads it at the start and on \`SIGHUP\`, and never writes it.

    holdfast config check FILE

tells everything that is wrong with a file, with line, column and what is allowed instead. A gateway that is running keeps
what it has when the new file has errors.

- Keys that this page does not have are errors. A key with nothing after it is an error too, unless keys belong under it.
- A duration is a number with \`ms\`, \`s\`, \`min\`, \`h\` or \`d\`: \`90 s\`, \`1.5 h\`. A size is one with \`B\`, \`KiB\`, \`MiB\`, \`GiB\`
  or \`TiB\`: \`64 MiB\`.
- The names of queues, printers and panels stand in addresses and file names: 1 to 63 letters (a to z), digits, \`.\`, \`_\`
  and \`-\`, the first a letter or digit.
- No password, code, PIN, token or key stands in this file, so that it can be shown and versioned. The codes of people come
  with \`holdfast people import FILE.csv\`, passwords with \`holdfast people set-password USER\`, tokens with
  \`holdfast tokens create\`; the key of the gateway has a file of its own.
- Editors that know YAML schemas check while you type, with this as the first line (\`PATH\` is where docs/ lies):
  \`# yaml-language-server: $schema=PATH/holdfast.schema.json\`
`;

/** @param example a whole configuration, shown on top */
export function renderReference(example: string): string {
  const sections = Object.entries(describeSchema().properties ?? {});
  return [
    HEAD,
    '## An example',
    '',
    '```yaml',
    example.trimEnd(),
    '```',
    ...sections.flatMap(([key, node]) => ['', ...renderSection(key, node)]),
    '',
  ].join('\n');
}

function renderSection(key: string, node: SchemaNode): string[] {
  const entry = node.additionalProperties || undefined;
  const optional = entry === undefined || node.default !== undefined ? '' : ' At least one is needed.';
  return [
    `## \`${key}:\``,
    '',
    `${node.description ?? ''}${optional}`,
    ...(entry === undefined ? [] : ['', `Keys under each \`${key}.NAME:\``]),
    '',
    ...renderKeys('', entry ?? node),
  ];
}

/** One item for each key; those of a group within the section as `log.level`. */
function renderKeys(prefix: string, node: SchemaNode): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const name = `${prefix}${key}`;
    if (child.properties !== undefined) {
      const own = child.description === undefined ? [] : [`- **\`${name}:\`**`, `  ${child.description}`];
      return [...own, ...renderKeys(`${name}.`, child)];
    }
    if (child.additionalProperties) {
      const own = `- **\`${name}.NAME:\`**`;
      return [
        own,
        `  ${child.description ?? ''}`,
        ...renderKeys(`${name}.NAME.`, child.additionalProperties),
      ];
    }
    const value = child.enum === undefined ? child.allowed : oneOf(child.enum.map((each) => `\`${each}\``));
    const presence = node.required?.includes(key) ? 'must be given' : `default ${defaultOf(child)}`;
    return [`- **\`${name}\`**: ${value}; ${presence}.`, `  ${child.description ?? ''}`];
  });
}

function defaultOf(node: SchemaNode): string {
  if (node.byDefault !== undefined) return node.byDefault;
  const value = node.default;
  return `\`${Array.isArray(value) ? JSON.stringify(value).replaceAll(',', ', ') : String(value)}\``;
}
