/** YAML text as plain values, with the place of each in the file, within bounds. */
import { Composer, type CST, Lexer, LineCounter, Parser } from 'yaml';
import type { Finding, Path } from './wording.ts';
import { sayYamlError } from './yaml-errors.ts';
import { type Plain, Unreadable, YamlReader } from './yaml-reader.ts';

export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** An error of the file as YAML; its path is empty where the parser knows none. */
export interface Flaw extends Place {
  readonly path: Path;
  readonly message: string;
}

export interface YamlContent {
  readonly value: Plain;
  placeOf(path: Path, at: Finding['at']): Place;
}

export interface YamlFile {
  readonly flaws: readonly Flaw[];
  /** Undefined when the flaws, of which there is one then, leave nothing that could be judged further. */
  readonly content?: YamlContent;
}

/** Lexical parts of the text. 1 MiB of what people write has up to 400,000; of brackets, a million, each an error. */
const MAX_LEXEMES = 500_000;
/** Groups within groups. The schema needs five; the YAML composer recurses, and a full stack can end the process. */
const MAX_DEPTH = 50;

export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const flawAt = (offset: number, message: string, path: Path = []): Flaw => {
    return { ...placeIn(lines, offset), path, message };
  };

  const tokens = tokensOf(text, lines);
  if (tokens === undefined)
    return { flaws: [flawAt(0, `more than ${MAX_LEXEMES} words and marks; must be fewer`)] };
  const deep = tooDeep(tokens);
  if (deep !== undefined) return { flaws: [flawAt(deep, `nested more than ${MAX_DEPTH} deep`)] };

  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
    // The reader finds keys that stand twice: it needs linear time only, and knows both places.
    uniqueKeys: false,
  });
  const [document, another] = composer.compose(tokens, true, text.length);
  if (document === undefined) return { flaws: [flawAt(0, 'cannot be read as YAML')] };
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    // Of several errors at one place, the first says what is wrong; the others follow from it.
    const byOffset = new Map(errors.toReversed().map((error) => [error.pos[0], error]));
    return { flaws: [...byOffset].map(([offset, error]) => flawAt(offset, sayYamlError(error))) };
  }
  if (another !== undefined) {
    return { flaws: [flawAt(another.range[0], 'a second document begins here; must be one, without ---')] };
  }

  const reader = new YamlReader(MAX_DEPTH);
  try {
    const value = reader.read(document.contents);
    return {
      flaws: reader.duplicates.map(({ path, first, second }) => {
        const { line } = placeIn(lines, first);
        return flawAt(second, `stands in line ${line} already; must be there once`, path);
      }),
      content: {
        value,
        placeOf: (path, at) => placeIn(lines, reader.offsetOf(document.contents, path, at)),
      },
    };
  } catch (error) {
    if (error instanceof Unreadable) return { flaws: [flawAt(error.offset, error.message)] };
    throw error;
  }
}

function placeIn(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** The parser's tokens, or undefined when there are too many of them. */
function tokensOf(text: string, lines: LineCounter): CST.Token[] | undefined {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > MAX_LEXEMES) return undefined;
    for (const token of parser.next(lexeme)) tokens.push(token);
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** Where the nesting passes {@link MAX_DEPTH}. A loop, as the depth is what can't be trusted yet. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const waiting = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === 'document' && token.value !== undefined) waiting.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) waiting.push({ token: key, depth: depth + 1 });
      if (value) waiting.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}
