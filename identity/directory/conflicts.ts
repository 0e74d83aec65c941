/** Cards and codes that a directory gives to two people: told to the administrator, by name, never by number. */
import type { Log } from '../../base/log.ts';
import type { PlanIssue } from '../people/draft.ts';

/** Lines of one sync; the command tells of all. */
const MOST_TOLD = 20;

export function tellConflicts(log: Log, directory: string, issues: readonly PlanIssue[]): void {
  const conflicts = issues.filter(({ issue }) => issue === 'conflict');
  for (const { what, userName, domain, holder } of conflicts.slice(0, MOST_TOLD)) {
    log.warn('a card or code of two people stays with the first', {
      directory,
      kind: what,
      user: userName,
      domain,
      holder: holder ?? '',
    });
  }
}
