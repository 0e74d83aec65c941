/** Print-Job (RFC 8011 §4.2.1): a job and its document in one request. The client hears ok when both are on disk. */
import type { Attributes } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { acceptDocument } from '../accept-document.ts';
import type { Answer, Call } from '../call.ts';
import { jobStatus } from '../job-attributes.ts';
import { admitJob, takeIn } from '../new-job.ts';
import { Refusal } from '../refusal.ts';
import { withSubscriptions } from '../subscribe.ts';

export async function printJob(call: Call, printer: Attributes): Promise<Answer> {
  const { draft, status, unsupported } = await admitJob(call, printer);
  const { jobs } = call.intake;
  const { job: announced, subscribed } = await takeIn(call, draft, 'nothing');
  try {
    const job = await acceptDocument(call, announced, printer, true);
    if (job === undefined)
      throw new Refusal(Status.clientErrorBadRequest, 'there is no document in the request');
    const group = { kind: 'job', attributes: attributes(jobStatus(call, job)) } as const;
    return {
      status: withSubscriptions(status, subscribed),
      unsupported,
      groups: [group, ...subscribed.groups],
    };
  } catch (error) {
    if (jobs.get(announced.id)?.document === undefined) jobs.withdraw(announced.id);
    throw error;
  }
}
