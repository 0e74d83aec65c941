/** Job template attributes for tests, from plain values. */
import { type Attribute, Attributes } from '../../ipp/model.ts';

/** Numbers become integers, texts keywords. */
export function ticket(values: Readonly<Record<string, string | number>>): Attributes {
  return new Attributes(
    Object.entries(values).map(
      ([name, value]): Attribute => ({
        name,
        values: [typeof value === 'number' ? { syntax: 'integer', value } : { syntax: 'keyword', value }],
      }),
    ),
  );
}
