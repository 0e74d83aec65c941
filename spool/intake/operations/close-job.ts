/** Close-Job (PWG 5100.11): no document follows. A job that has none then has nothing to print. */
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { jobStatus } from '../job-attributes.ts';
import { Refusal } from '../refusal.ts';

export function closeJob(call: Call): Answer {
  const { jobs, clock } = call.intake;
  const job = jobs.get(call.ownJob.id) ?? call.ownJob;
  if (job.receiving)
    throw new Refusal(Status.clientErrorNotPossible, 'a document of this job is still arriving');
  const closed =
    job.document === undefined ? jobs.apply(job.id, { kind: 'canceled', at: clock.now() })?.job : job;
  return ok({ kind: 'job', attributes: attributes(jobStatus(call, closed ?? job)) });
}
