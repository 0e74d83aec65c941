/** Looks into plain values whose shape is not known yet. */
import { WrongValue } from './values.ts';
import type { Plain } from './yaml-reader.ts';

/** Undefined when the value is no group, or has not this key. */
export function at(value: Plain | undefined, key: string): Plain | undefined {
  return isGroup(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The entries of a group; none when it is something else. */
export function entriesOf(value: Plain | undefined): [string, Plain][] {
  return isGroup(value) ? Object.entries(value) : [];
}

/** The items of a list; none when it is something else. */
export function itemsOf(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? value : [];
}

function isGroup(value: Plain | undefined): value is { readonly [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined when it cannot be read, which the schema tells. */
export function readable<T>(parse: (text: string) => T, text: Plain | undefined): T | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof WrongValue) return undefined;
    throw error;
  }
}
