/** The words that all errors of a configuration share. */
import { nearest, printable } from '../base/text.ts';

/** Keys and list positions from the top of the file; positions count from 0. */
export type Path = readonly (string | number)[];

/** One thing that is wrong, or to be warned of, before its place in the file is looked up. */
export interface Finding {
  readonly path: Path;
  /** Whether the key or its value is to be pointed at. */
  readonly at: 'key' | 'value';
  /** Made when it is shown: a file can have more findings than anybody reads. */
  message(): string;
}

export const atKey = (path: Path, message: string): Finding => ({ path, at: 'key', message: () => message });
export const atValue = (path: Path, message: string): Finding => ({
  path,
  at: 'value',
  message: () => message,
});

/** Characters of a text from the file that an error repeats. */
const QUOTED_LENGTH = 60;

export const quoted = (text: string): string => `"${printable(text, QUOTED_LENGTH)}"`;

/** Characters of a wrong word, and words, that are compared. */
const COMPARED_LENGTH = 63;
const MOST_COMPARED = 1000;

/** ` (did you mean WORD?)`, or nothing where none of the known words is near. */
export function didYouMean(wrong: string, known: Iterable<string>): string {
  const meant = nearest(wrong.slice(0, COMPARED_LENGTH), [...known].slice(0, MOST_COMPARED));
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

export const mustBe = (wrong: string, allowed: string): string => `${wrong}; must be ${allowed}`;

/** What a value that is not of the right type is instead, without its content. */
export function kindOf(input: unknown): string {
  if (input === undefined) return 'is missing';
  if (input === null) return 'has no value';
  if (Array.isArray(input)) return 'is a list';
  return typeof input === 'object' ? 'is a group of keys' : 'is a single value';
}

/** `a`, `a or b`, `a, b or c` */
export function oneOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** `queues.print.printers[0]` */
export function formatPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${printable(part, QUOTED_LENGTH)}`))
    .join('')
    .replace(/^\./, '');
}
