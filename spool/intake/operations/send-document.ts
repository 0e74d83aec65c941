/** Send-Document (RFC 8011 §4.3.1): the documents of a job, one by one. The job is accepted with the last. */
import type { Attributes } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { acceptDocument } from '../accept-document.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { MOST_DOCUMENTS } from '../gathering.ts';
import { jobStatus } from '../job-attributes.ts';
import { checkDocument } from '../new-job.ts';
import { Refusal } from '../refusal.ts';
import { closeJob } from './close-job.ts';

export async function sendDocument(call: Call, printer: Attributes): Promise<Answer> {
  const last = call.operation('last-document');
  if (last === undefined) throw new Refusal(Status.clientErrorBadRequest, 'last-document is missing');
  checkDocument(call, printer);
  const job = call.ownJob;
  if (job.document !== undefined) return afterTheLast(call);
  if ((call.gathering.get(job.id)?.parts.length ?? 0) >= MOST_DOCUMENTS) {
    throw new Refusal(
      Status.serverErrorTooManyDocuments,
      `a job has at most ${MOST_DOCUMENTS} documents here`,
    );
  }
  const taken = await acceptDocument(call, job, printer, last);
  if (taken !== undefined) return ok({ kind: 'job', attributes: attributes(jobStatus(call, taken)) });
  if (!last) throw new Refusal(Status.clientErrorBadRequest, 'there is no document in the request');
  return closeJob(call, printer);
}

/** An empty last document closes the job (RFC 8011 §4.3.1); it is closed already. */
async function afterTheLast(call: Call): Promise<Answer> {
  for await (const chunk of call.body) {
    if (chunk.length === 0) continue;
    throw new Refusal(Status.clientErrorNotPossible, 'the job is closed: its last document is here');
  }
  return ok({ kind: 'job', attributes: attributes(jobStatus(call, call.job)) });
}
