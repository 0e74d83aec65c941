/** Typed values as attributes. */
import { Failure } from '../../base/errors.ts';
import { isWithin } from '../codec/strings.ts';
import {
  type Attribute,
  Attributes,
  type IntegerRange,
  type IppDateTime,
  type LocalizedText,
  type Resolution,
  type Value,
} from '../model.ts';
import { checkAttribute, type Report } from './check.ts';
import { type None, noValue, type Rule, type Shape, unknown } from './shapes.ts';
import { type AttributeInput, type AttributeName, definitionOf } from './table.ts';

export type AttributesInput = { readonly [Name in AttributeName]?: AttributeInput<Name> | undefined };

/**
 *     attributes({ 'job-id': 5, 'job-state': JobState.pendingHeld, 'copies-supported': { lower: 1, upper: 99 } })
 *
 * In the order given; members that are undefined are left out, in collections too.
 *
 * @throws Failure `bad-attribute` when a value is out of the bounds of the table, or a set is empty
 */
export function attributes(input: AttributesInput): Attributes {
  const built: Attribute[] = [];
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    const definition = definitionOf(name);
    if (definition === undefined) throw new Failure('bad-attribute', `${name} is not in the table`);
    const attribute = buildAttribute(name, definition.shape, value, name);
    checkAttribute(definition.shape, attribute, name, refuse);
    built.push(attribute);
  }
  return new Attributes(built);
}

const refuse: Report = (_kind, path, problem) => {
  throw new Failure('bad-attribute', `${path}: ${problem}`);
};

function buildAttribute(name: string, shape: Shape, input: unknown, path: string): Attribute {
  if (isNone(input)) return { name, values: [input] };
  if (!shape.set) return { name, values: [buildValue(shape.rule, input, path)] };
  const values = (input as readonly unknown[]).map((each) => buildValue(shape.rule, each, path));
  if (values.length === 0) refuse('too-many-values', path, 'an empty set cannot be sent');
  return { name, values };
}

const isNone = (input: unknown): input is None => input === noValue || input === unknown;

/** The types of the input are the compiler's matter; the bounds are checked afterwards. */
function buildValue(rule: Rule, input: unknown, path: string): Value {
  switch (rule.kind) {
    case 'integer':
    case 'enum':
      return { syntax: rule.kind, value: input as number };
    case 'boolean':
      return { syntax: 'boolean', value: input as boolean };
    case 'range':
      return { syntax: 'rangeOfInteger', value: input as IntegerRange };
    case 'dateTime':
      return { syntax: 'dateTime', value: input as IppDateTime };
    case 'resolution':
      return { syntax: 'resolution', value: input as Resolution };
    case 'octets':
      return { syntax: 'octetString', value: input as Uint8Array };
    case 'string':
      return { syntax: rule.syntax, value: input as string };
    case 'text':
      return typeof input === 'string'
        ? { syntax: 'textWithoutLanguage', value: input }
        : { syntax: 'textWithLanguage', value: input as LocalizedText };
    case 'name':
      return nameValue(input as string | LocalizedText);
    case 'keyword-or-name':
      return typeof input === 'string' && isKeyword(input)
        ? { syntax: 'keyword', value: input }
        : nameValue(input as string | LocalizedText);
    case 'collection':
      return { syntax: 'collection', value: buildCollection(rule.members, input, path) };
    case 'one-of':
      return buildValue(alternative(rule.rules, input), input, path);
    default:
      return rule satisfies never;
  }
}

function nameValue(input: string | LocalizedText): Value {
  return typeof input === 'string'
    ? { syntax: 'nameWithoutLanguage', value: input }
    : { syntax: 'nameWithLanguage', value: input };
}

const isKeyword = (text: string): boolean => text !== '' && isWithin(text, 'visible');

function buildCollection(
  members: ReadonlyMap<string, Shape> | undefined,
  input: unknown,
  path: string,
): Attributes {
  if (members === undefined) return input as Attributes;
  const built: Attribute[] = [];
  for (const [name, value] of Object.entries(input as object)) {
    if (value === undefined) continue;
    const shape = members.get(name);
    if (shape === undefined) throw new Failure('bad-attribute', `${path} has no member ${name}`);
    built.push(buildAttribute(name, shape, value, `${path}/${name}`));
  }
  return new Attributes(built);
}

/** The table has alternatives only between a number, a range and a boolean. */
function alternative(rules: readonly Rule[], input: unknown): Rule {
  const kind = typeof input === 'number' ? 'integer' : typeof input === 'boolean' ? 'boolean' : 'range';
  const rule = rules.find((each) => each.kind === kind);
  if (rule === undefined) throw new TypeError(`the table has no ${kind} here`);
  return rule;
}
