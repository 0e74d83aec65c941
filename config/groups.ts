/** Groups of keys: with known keys, and named entries of one kind. */
import { z } from 'zod';
import { kindOf, mustBe } from './wording.ts';

/** `state-directory` → `stateDirectory` */
type CamelCase<Key> = Key extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Key;
type CamelCased<T> = { readonly [Key in keyof T as CamelCase<Key>]: T[Key] };

function camelCased<T extends object>(group: T): CamelCased<T> {
  return Object.fromEntries(
    Object.entries(group).map(([key, value]) => [
      key.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  ) as CamelCased<T>;
}

/** `limits:` with every line under it commented out is a group without keys. */
const emptyAsGroup = (input: unknown): unknown => (input === null ? {} : input);

/** Keys of the file are kebab-case, those of the result camelCase. An unknown key is an error. */
export function group<Shape extends z.core.$ZodShape>(shape: Shape) {
  const allowed = 'a group of keys, each in a line of its own under it';
  return z.preprocess(
    emptyAsGroup,
    z
      .strictObject(shape, { error: (issue) => mustBe(kindOf(issue.input), allowed) })
      .transform((value) => camelCased(value)),
  );
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Whether it fits a path of an address and a file name as it is. */
export const isName = (text: string): boolean => NAME.test(text);

const NAME_ALLOWED =
  'a name of 1 to 63 letters (a to z), digits, ".", "_" and "-" that begins with a letter or digit';

/** At least `least` entries of one kind by name; the result is a list of them, each with its name. */
export function named<Entry extends z.ZodType<object>>(entry: Entry, least: number) {
  const allowed = 'a group of names, each with its keys under it';
  return z.preprocess(
    emptyAsGroup,
    z
      .record(z.string().regex(NAME), entry, {
        error: (issue) =>
          issue.code === 'invalid_key'
            ? mustBe('does not fit an address as a name', NAME_ALLOWED)
            : mustBe(kindOf(issue.input), allowed),
      })
      .refine((entries) => Object.keys(entries).length >= least, {
        error: `is empty; at least ${least} is needed`,
      })
      .transform((entries) =>
        Object.entries(entries).map(([name, value]) => ({ name, ...(value as z.output<Entry>) })),
      ),
  );
}
