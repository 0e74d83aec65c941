/** Close-Job (PWG 5100.11): no document follows. A job that has none then has nothing to print. */
import type { Attributes } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { acceptDocument } from '../accept-document.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { jobStatus } from '../job-attributes.ts';
import { Refusal } from '../refusal.ts';

export async function closeJob(call: Call, printer: Attributes): Promise<Answer> {
  const { jobs, clock } = call.intake;
  const job = jobs.get(call.ownJob.id) ?? call.ownJob;
  if (job.receiving)
    throw new Refusal(Status.clientErrorNotPossible, 'a document of this job is still arriving');
  const closed =
    call.gathering.get(job.id) !== undefined
      ? await acceptDocument(call, job, printer, true)
      : job.document === undefined
        ? jobs.apply(job.id, { kind: 'canceled', at: clock.now() })?.job
        : job;
  return ok({ kind: 'job', attributes: attributes(jobStatus(call, closed ?? job)) });
}
