/** Whether a sync does so much that a person should look at it first: a pure function of what it would do. */
import type { PlanCounts } from '../people/draft.ts';

/** So many are always let go: a small office, a team that leaves. */
export const LEAST_TO_HOLD = 10;
/** Of the people who were there before. */
export const SHARE_TO_HOLD = 0.05;

/** Why it is held, as parts of a sentence; none when it may go on. A first sync takes nothing from anybody. */
export function reasonsToHold(
  counts: Pick<PlanCounts, 'before' | 'removed' | 'disabled' | 'credentialsChanged'>,
): string[] {
  const { before, removed, disabled, credentialsChanged } = counts;
  const bound = Math.max(LEAST_TO_HOLD, Math.floor(before * SHARE_TO_HOLD));
  return [
    ...(removed + disabled > bound
      ? [`${removed + disabled} of ${before} people would be removed or disabled`]
      : []),
    ...(credentialsChanged > bound
      ? [`cards or codes of ${credentialsChanged} of ${before} people would change`]
      : []),
  ];
}
