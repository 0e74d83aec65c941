/** Attributes as typed values. */
import { Failure } from '../../base/errors.ts';
import { isOutOfBand } from '../codec/tags.ts';
import type { Attribute, Attributes, Value } from '../model.ts';
import { checkAttribute, fits, matchingRule, type Report, textOf } from './check.ts';
import type { Rule, Shape } from './shapes.ts';
import { type AttributeName, type AttributeValue, definitionOf } from './table.ts';

/**
 * The value of an attribute; an array for a 1setOf. Undefined when the attribute is absent or has an out-of-band value.
 * Text and names lose their language. Members of a collection that the table does not know are left out.
 *
 * @throws Failure `bad-attribute`, naming the attribute and what is wrong, when it is not as the table says
 */
export function read<Name extends AttributeName>(
  attributes: Attributes,
  name: Name,
): AttributeValue<Name> | undefined {
  const attribute = attributes.get(name);
  if (attribute === undefined || isNone(attribute)) return undefined;
  const shape = shapeOf(name);
  checkAttribute(shape, attribute, name, refuse);
  return plainValues(shape, attribute.values, false) as AttributeValue<Name> | undefined;
}

/**
 * The same for what a printer answers: values, and members of collections, that are not as the table says are dropped
 * instead. Undefined when none is left. Of several values where one is allowed, the first that fits counts.
 *
 * Not for parallel arrays (`printer-uri-supported` and its two companions): what is dropped shifts the rest.
 */
export function readLeniently<Name extends AttributeName>(
  attributes: Attributes,
  name: Name,
): AttributeValue<Name> | undefined {
  const attribute = attributes.get(name);
  if (attribute === undefined || isNone(attribute)) return undefined;
  return plainValues(shapeOf(name), attribute.values, true) as AttributeValue<Name> | undefined;
}

function shapeOf(name: AttributeName): Shape {
  const definition = definitionOf(name);
  if (definition === undefined) throw new TypeError(`no attribute ${name} in the table`);
  return definition.shape;
}

const isNone = ({ values }: Attribute): boolean =>
  values.length === 1 && values[0] !== undefined && isOutOfBand(values[0].syntax);

/** The path has only names of the table in it: members that it does not know are no reason to refuse. */
const refuse: Report = (kind, path, problem) => {
  if (kind !== 'unknown-attribute') throw new Failure('bad-attribute', `${path}: ${problem}`);
};

/** @param check drops what does not fit; false where that has been looked at before. */
function plainValues(shape: Shape, values: readonly Value[], check: boolean): unknown {
  const fitting = check ? values.filter((value) => fits(shape.rule, value)) : values;
  const [first] = fitting;
  if (first === undefined) return undefined;
  if (!shape.set) return plainValue(shape.rule, first, check);
  return fitting.map((value) => plainValue(shape.rule, value, check));
}

function plainValue(rule: Rule, value: Value, check: boolean): unknown {
  switch (value.syntax) {
    case 'collection':
      return plainCollection(rule, value.value, check);
    case 'textWithLanguage':
    case 'nameWithLanguage':
      return textOf(value);
    default:
      return 'value' in value ? value.value : undefined;
  }
}

function plainCollection(rule: Rule, members: Attributes, check: boolean): unknown {
  const matching = matchingRule(rule, { syntax: 'collection', value: members });
  if (matching?.kind !== 'collection' || matching.members === undefined) return members;
  const result: Record<string, unknown> = {};
  for (const member of members) {
    const shape = matching.members.get(member.name);
    if (shape === undefined || isNone(member)) continue;
    const value = plainValues(shape, member.values, check);
    if (value !== undefined) result[member.name] = value;
  }
  return result;
}
