/** Sets for the wire. */

/** A set is never empty on the wire. */
export function atLeast<T>(least: readonly T[], values: readonly T[]): T[] {
  return values.length === 0 ? [...least] : [...values];
}
