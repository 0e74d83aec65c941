/** Octets as tests write them down: hexadecimal digits, and "text" in quotes; spaces only part them. */

const TOKEN = /"([^"]*)"|([0-9a-f]{2})|\s+/giy;

/**
 *     wire`0101 000b 00000001 01 47 0012 "attributes-charset" 0005 "utf-8" 03`
 *
 * A value put in (`${…}`) is text or octets.
 */
export function wire(strings: TemplateStringsArray, ...values: readonly (string | Uint8Array)[]): Buffer {
  const parts = strings.flatMap((text, index) => [
    ...tokens(text),
    ...(index < values.length ? [values[index] ?? ''] : []),
  ]);
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part)));
}

function* tokens(text: string): Generator<Buffer> {
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`neither digits nor text: ${text.slice(start)}`);
    if (match[1] !== undefined) yield Buffer.from(match[1], 'utf8');
    else if (match[2] !== undefined) yield Buffer.from(match[2], 'hex');
  }
}

/** A number as so many octets, for lengths that a test computes. */
export function uint(value: number, octets = 2): Buffer {
  const buffer = Buffer.alloc(octets);
  buffer.writeUIntBE(value, 0, octets);
  return buffer;
}

/** A request with one job group that holds these attributes. */
export function jobGroup(attributes: Uint8Array): Buffer {
  return wire`0101 0002 00000001 02 ${attributes} 03`;
}
