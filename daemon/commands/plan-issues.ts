/** What a plan found wrong with values of people, as lines for a terminal. */
import { displayable } from '../../base/text.ts';
import type { PlanIssue } from '../../identity/people/draft.ts';

/** Lines; the command with --json gives more. */
const MOST_SHOWN = 20;

/** @param count how many there are, also past those that are listed */
export function issueLines(issues: readonly PlanIssue[], count: number): string[] {
  const shown = issues.slice(0, MOST_SHOWN);
  const more = count - shown.length;
  return [...shown.map((each) => `  ${issueLine(each)}`), ...(more > 0 ? [`  … and ${more} more`] : [])];
}

function issueLine({ issue, what, userName, domain, holder = '' }: PlanIssue): string {
  const who = displayable(domain === '' ? userName : `${userName}@${domain}`);
  switch (issue) {
    case 'conflict':
      return `${who}: a ${what} is that of ${displayable(holder)} already and stays there`;
    case 'unreadable':
      return `${who}: a ${what} cannot be read`;
    case 'trivial':
      return `${who}: a ${what} is one that a thief tries first; it is taken`;
    case 'revoked':
      return `${who}: a ${what} was revoked here and stays so`;
    case 'too-many':
      return `${who}: has too many ${what}s`;
    case 'field':
      return `${who}: ${what} is too long or has characters that cannot be seen`;
    case 'twice':
      return `${who}: is given twice`;
    default:
      return issue satisfies never;
  }
}
