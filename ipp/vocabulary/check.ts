/** Holds values against the shapes of the table. */
import { isOutOfBand } from '../codec/tags.ts';
import type { Attribute, Value } from '../model.ts';
import type { Rule, Shape } from './shapes.ts';

/**
 * - `unknown-attribute`: no such name in the table, or no such member in the collection.
 * - `wrong-group`: the attribute belongs in another group.
 * - `out-of-band`: `no-value`, `unsupported` … where the standard foresees none, or among other values.
 * - `wrong-syntax`, `too-many-values`, `too-long` (octets), `out-of-range`: against the table.
 */
export type IssueKind =
  | 'unknown-attribute'
  | 'wrong-group'
  | 'out-of-band'
  | 'wrong-syntax'
  | 'too-many-values'
  | 'too-long'
  | 'out-of-range';

/** @param path `media-col/media-size/x-dimension`; may hold names from outside. */
export type Report = (kind: IssueKind, path: string, problem: string) => void;

/** Reports everything about the attribute that is not as its shape says. */
export function checkAttribute(shape: Shape, attribute: Attribute, path: string, report: Report): void {
  const { values } = attribute;
  const [first] = values;
  if (first !== undefined && values.length === 1 && isOutOfBand(first.syntax)) {
    const foreseen = shape.none && (first.syntax === 'no-value' || first.syntax === 'unknown');
    if (!foreseen) report('out-of-band', path, `${first.syntax} instead of a value`);
    return;
  }
  if (!shape.set && values.length > 1) {
    report('too-many-values', path, `${values.length} values where one is allowed`);
  }
  for (const value of values) checkValue(shape.rule, value, path, report);
}

function checkValue(rule: Rule, value: Value, path: string, report: Report): void {
  if (isOutOfBand(value.syntax)) return report('out-of-band', path, `${value.syntax} among other values`);
  const matching = matchingRule(rule, value);
  if (matching === undefined) {
    return report('wrong-syntax', path, `${value.syntax} instead of ${describe(rule)}`);
  }
  if (matching.kind === 'collection' && value.syntax === 'collection') {
    for (const member of value.value) {
      const memberPath = `${path}/${member.name}`;
      const shape = matching.members?.get(member.name);
      if (shape !== undefined) checkAttribute(shape, member, memberPath, report);
      else if (matching.members !== undefined) report('unknown-attribute', memberPath, 'no such member');
    }
    return;
  }
  const problem = boundsProblem(matching, value);
  if (problem !== undefined) report(problem.kind, path, problem.problem);
}

/** True when there is nothing to report of a value; unknown members of a collection do not count. */
export function fits(rule: Rule, value: Value): boolean {
  const matching = matchingRule(rule, value);
  return matching !== undefined && boundsProblem(matching, value) === undefined;
}

/** The rule itself, or the alternative whose syntax the value has. */
export function matchingRule(rule: Rule, value: Value): Rule | undefined {
  if (rule.kind === 'one-of') return rule.rules.find((each) => matchingRule(each, value) !== undefined);
  return hasSyntax(rule, value) ? rule : undefined;
}

function hasSyntax(rule: Exclude<Rule, { kind: 'one-of' }>, { syntax }: Value): boolean {
  switch (rule.kind) {
    case 'range':
      return syntax === 'rangeOfInteger';
    case 'octets':
      return syntax === 'octetString';
    case 'text':
      return syntax === 'textWithoutLanguage' || syntax === 'textWithLanguage';
    case 'name':
      return syntax === 'nameWithoutLanguage' || syntax === 'nameWithLanguage';
    case 'keyword-or-name':
      return syntax === 'keyword' || syntax === 'nameWithoutLanguage' || syntax === 'nameWithLanguage';
    case 'string':
      return syntax === rule.syntax;
    default:
      return syntax === rule.kind;
  }
}

type BoundsProblem = { readonly kind: 'too-long' | 'out-of-range'; readonly problem: string };

/** @param rule whose syntax the value has. */
function boundsProblem(rule: Rule, value: Value): BoundsProblem | undefined {
  switch (rule.kind) {
    case 'integer':
      return value.syntax === 'integer' ? outside(value.value, value.value, rule) : undefined;
    case 'range':
      return value.syntax === 'rangeOfInteger'
        ? outside(value.value.lower, value.value.upper, rule)
        : undefined;
    case 'enum':
      if (value.syntax !== 'enum' || (rule.values?.includes(value.value) ?? value.value >= 1))
        return undefined;
      return { kind: 'out-of-range', problem: `no enum value ${value.value}` };
    case 'octets':
      return value.syntax === 'octetString' ? longerThan(rule.max, value.value.length) : undefined;
    case 'text':
    case 'name':
    case 'keyword-or-name':
    case 'string':
      return longerThan(rule.max, octetsIn(textOf(value), rule.max));
    default:
      return undefined;
  }
}

function outside(
  lower: number,
  upper: number,
  { min, max }: { readonly min: number; readonly max: number },
): BoundsProblem | undefined {
  if (lower >= min && upper <= max) return undefined;
  const found = lower === upper ? `${lower}` : `${lower} to ${upper}`;
  return { kind: 'out-of-range', problem: `${found} instead of ${min} to ${max}` };
}

function longerThan(max: number, octets: number): BoundsProblem | undefined {
  return octets <= max
    ? undefined
    : { kind: 'too-long', problem: `${octets} octets, at most ${max} allowed` };
}

/** A UTF-16 unit is at most three octets of UTF-8: short texts need not be counted. */
function octetsIn(text: string, max: number): number {
  return text.length * 3 <= max ? text.length : Buffer.byteLength(text, 'utf8');
}

/** The text of a string value, without its language. */
export function textOf(value: Value): string {
  if (value.syntax === 'textWithLanguage' || value.syntax === 'nameWithLanguage') return value.value.text;
  return 'value' in value && typeof value.value === 'string' ? value.value : '';
}

/** `integer`, `integer or rangeOfInteger`, for messages. */
function describe(rule: Rule): string {
  switch (rule.kind) {
    case 'one-of':
      return rule.rules.map(describe).join(' or ');
    case 'range':
      return 'rangeOfInteger';
    case 'octets':
      return 'octetString';
    case 'keyword-or-name':
      return 'keyword or name';
    case 'string':
      return rule.syntax;
    default:
      return rule.kind;
  }
}
