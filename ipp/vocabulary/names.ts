/** The registered spelling of names that the code writes in camel case. */

/** `pendingHeld` → `pending-held` */
export function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * The registered keyword of an enum value: `enumName(JobState, 4)` is `pending-held`. A value that is not in the table,
 * as vendors have them, by its number.
 */
export function enumName(table: Readonly<Record<string, number>>, value: number): string {
  const key = Object.keys(table).find((each) => table[each] === value);
  return key === undefined ? String(value) : kebabCase(key);
}
