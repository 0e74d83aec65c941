/** What the change of a job is called among subscribers: a pure function of the job before and after it. */
import { isDeepStrictEqual } from 'node:util';
import { isTerminal, type Job } from '../job.ts';
import type { EventName, Happening, JobFacts } from './subscription.ts';

/**
 * @param factsOf as Get-Jobs tells them to anybody.
 * @returns undefined when nothing changed that a subscriber could see.
 */
export function jobChange(
  job: Job,
  before: Job | undefined,
  factsOf: (job: Job) => JobFacts,
): Happening | undefined {
  const facts = factsOf(job);
  const happening = (text: string, ...names: EventName[]): Happening => ({
    queue: job.queue,
    names,
    text: `Job ${job.id} ${text}.`,
    job: facts,
  });
  if (before === undefined) return happening('was created', 'job-created', 'job-state-changed');
  if (isTerminal(job.state)) {
    return isTerminal(before.state)
      ? undefined
      : happening('has ended', 'job-completed', 'job-state-changed');
  }
  const then = factsOf(before);
  if (then.state !== facts.state || !isDeepStrictEqual(then.reasons, facts.reasons))
    return happening('has a new state', 'job-state-changed');
  if (facts.impressionsCompleted > then.impressionsCompleted)
    return happening('is being printed', 'job-progress');
  const terms = (each: Job) => [each.holdUntil, each.ticket, each.document, each.releaseAction];
  return isDeepStrictEqual(terms(job), terms(before))
    ? undefined
    : happening('was changed', 'job-config-changed');
}
