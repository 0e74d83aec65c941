/** What stands in one cell: lists, attributes, and the apostrophe that keeps spreadsheets from reckoning. */

/**
 * A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line end) gets an
 * apostrophe before it, as does one that begins with apostrophes and then such a sign: so {@link fromCell} takes away
 * exactly what was added.
 */
export function asCell(text: string): string {
  return /^'*[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

export function fromCell(cell: string): string {
  return /^'+[=+\-@\t\r\n]/.test(cell) ? cell.slice(1) : cell;
}

/** One field of a CSV line, in quotation marks where it needs them. */
export function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** `a, b`, `[a,b]`, `['a','b']` or a JSON array. Undefined when it is none of them. */
export function listOf(text: string): string[] | undefined {
  if (!text.startsWith('[')) return items(text);
  const json = parsed(text);
  if (Array.isArray(json)) return json.every((each) => typeof each === 'string') ? json : undefined;
  if (!text.endsWith(']')) return undefined;
  const inner = text.slice(1, -1);
  if (!inner.trimStart().startsWith("'")) return items(inner);
  const scanner = new Scanner(inner);
  const names: string[] = [];
  for (;;) {
    const name = scanner.string();
    if (name === undefined) return undefined;
    names.push(name);
    if (scanner.atEnd()) return names;
    if (!scanner.sign(',')) return undefined;
  }
}

/** The shortest form that {@link listOf} reads back as the same. */
export function listCell(names: readonly string[]): string {
  const plain = names.every((name) => !/^[['"]|,|^\s|\s$/.test(name) && name !== '');
  return plain && names.length > 0 ? names.join(',') : JSON.stringify(names);
}

/** A JSON object of texts and numbers, or the same in apostrophes. Undefined when it is neither. */
export function attributesOf(text: string): Record<string, string> | undefined {
  // A text that is no JSON is only told by an error, which costs ten times the reading.
  const json = /^\s*\{\s*'/.test(text) ? undefined : parsed(text);
  if (json !== undefined) return typeof json === 'object' ? plainTexts(json) : undefined;
  const scanner = new Scanner(text);
  const found: [string, string][] = [];
  if (!scanner.sign('{')) return undefined;
  for (let first = true; !scanner.sign('}'); first = false) {
    if (!first && !scanner.sign(',')) return undefined;
    const name = scanner.string();
    const colon = name !== undefined && scanner.sign(':');
    const value = colon ? scanner.string() : undefined;
    if (name === undefined || value === undefined) return undefined;
    found.push([name, value]);
  }
  return scanner.atEnd() ? Object.fromEntries(found) : undefined;
}

const items = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function plainTexts(json: object | null): Record<string, string> | undefined {
  if (json === null || Array.isArray(json)) return undefined;
  const entries = Object.entries(json);
  if (!entries.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** Reads texts in apostrophes; a backslash takes the next character as it is. Nothing is ever evaluated. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#blanks();
    return this.#at >= this.#text.length;
  }

  sign(sign: string): boolean {
    this.#blanks();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  string(): string | undefined {
    if (!this.sign("'")) return undefined;
    for (let text = ''; this.#at < this.#text.length; ) {
      const character = this.#text[this.#at++];
      if (character === "'") return text;
      text += character === '\\' ? (this.#text[this.#at++] ?? '') : character;
    }
    return undefined;
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }
}
