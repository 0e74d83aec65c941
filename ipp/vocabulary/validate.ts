/** A whole group held against the table. */
import { printable } from '../../base/text.ts';
import type { Attribute, Attributes, GroupKind } from '../model.ts';
import { checkAttribute, type IssueKind } from './check.ts';
import { definitionOf } from './table.ts';

export interface Issue {
  readonly kind: IssueKind;
  /** The attribute as it came, for the unsupported group of the answer. */
  readonly attribute: Attribute;
  /** Where and what, made safe to show: `media-col/media-size/x-dimension: 0 instead of 1 to 2147483647`. */
  readonly problem: string;
}

/**
 * Everything in a group of that kind that is not as the table says, in the order of the attributes. What an attribute
 * means for the operation, and which values are supported, is not looked at.
 */
export function validateGroup(kind: GroupKind, attributes: Attributes): Issue[] {
  const issues: Issue[] = [];
  for (const attribute of attributes) {
    const definition = definitionOf(attribute.name);
    const report = (issueKind: IssueKind, path: string, problem: string) =>
      issues.push({ kind: issueKind, attribute, problem: `${printable(path)}: ${problem}` });
    if (definition === undefined) report('unknown-attribute', attribute.name, 'no such attribute');
    else if (!definition.groups.includes(kind)) {
      report('wrong-group', attribute.name, `belongs in the ${definition.groups.join(' or ')} group`);
    } else checkAttribute(definition.shape, attribute, attribute.name, report);
  }
  return issues;
}
