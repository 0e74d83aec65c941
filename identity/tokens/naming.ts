/** Whom a submitter token may name as the owner of a job. */
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import { userNameKey } from '../person.ts';

export type NamingRule =
  | { readonly kind: 'everybody' }
  /** User names; a `*` stands for any characters, so that `*@example.org` or `ward7-*` are possible. */
  | { readonly kind: 'names'; readonly patterns: readonly string[] };

const MOST_PATTERNS = 1000;
const LONGEST_PATTERN = 255;

/**
 * `all`, or user names with commas between them. What stands before a colon is kept for kinds to come (groups, domains),
 * so that no name written today changes its meaning.
 * @throws Failure `bad-naming-rule`
 */
export function parseNamingRule(text: string): NamingRule {
  if (text.trim() === 'all') return { kind: 'everybody' };
  const patterns = text.split(',').map((each) => userNameKey(each.trim()));
  const wrong = patterns.find((each) => !isPattern(each));
  if (wrong !== undefined) {
    throw new Failure('bad-naming-rule', `"${printable(wrong, 60)}" is no user name`, {
      advice: 'Write "all", or user names with commas between them; "*" stands for any characters',
    });
  }
  if (patterns.length > MOST_PATTERNS) {
    throw new Failure('bad-naming-rule', `a token may have at most ${MOST_PATTERNS} names`);
  }
  return { kind: 'names', patterns: [...new Set(patterns)] };
}

/** One star at most at either end: a pattern is compared without a regular expression, in time that cannot explode. */
function isPattern(text: string): boolean {
  const inner = text.replace(/^\*/, '').replace(/\*$/, '');
  return (
    inner !== '' &&
    text.length <= LONGEST_PATTERN &&
    !inner.includes('*') &&
    !inner.includes(':') &&
    printable(text) === text
  );
}

/** As {@link parseNamingRule} reads it. */
export function formatNamingRule(rule: NamingRule): string {
  return rule.kind === 'everybody' ? 'all' : rule.patterns.join(',');
}

/** @param userName of one person, in any capitals */
export function mayName(rule: NamingRule, userName: string): boolean {
  switch (rule.kind) {
    case 'everybody':
      return true;
    case 'names': {
      const name = userNameKey(userName);
      return rule.patterns.some((pattern) => fits(name, pattern));
    }
    default:
      return rule satisfies never;
  }
}

function fits(name: string, pattern: string): boolean {
  const first = pattern.startsWith('*');
  const last = pattern.endsWith('*');
  const inner = pattern.slice(first ? 1 : 0, last ? -1 : undefined);
  if (first && last) return name.includes(inner);
  if (first) return name.endsWith(inner);
  return last ? name.startsWith(inner) : name === inner;
}
