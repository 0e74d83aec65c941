/** Create-Job (RFC 8011 §4.2.4): a job whose document comes with Send-Document. Until then it is in memory only. */
import type { Attributes } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import type { Answer, Call } from '../call.ts';
import { jobStatus } from '../job-attributes.ts';
import { admitJob, takeIn } from '../new-job.ts';
import { withSubscriptions } from '../subscribe.ts';

export async function createJob(call: Call, printer: Attributes): Promise<Answer> {
  const { draft, status, unsupported } = await admitJob(call, printer);
  const { job, subscribed } = await takeIn(call, draft, 'document');
  const group = { kind: 'job', attributes: attributes(jobStatus(call, job)) } as const;
  return {
    status: withSubscriptions(status, subscribed),
    unsupported,
    groups: [group, ...subscribed.groups],
  };
}
