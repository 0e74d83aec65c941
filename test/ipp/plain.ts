/** Messages as plain values: AVA compares objects, not what a class keeps private. */
import type { Attributes, Message } from '../../ipp/model.ts';

export function plainMessage({ groups, ...header }: Message): unknown {
  return {
    ...header,
    groups: groups.map(({ kind, attributes }) => ({ kind, attributes: plain(attributes) })),
  };
}

export function plain(attributes: Attributes): unknown {
  return [...attributes].map(({ name, values }) => ({
    name,
    values: values.map((each) => (each.syntax === 'collection' ? plain(each.value) : each)),
  }));
}
