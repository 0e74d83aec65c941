/** Send-Document (RFC 8011 §4.3.1). A job has one document; what may follow is only the word that it was the last. */
import type { Attributes } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { acceptDocument } from '../accept-document.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { jobStatus } from '../job-attributes.ts';
import { checkDocument } from '../new-job.ts';
import { Refusal } from '../refusal.ts';
import { closeJob } from './close-job.ts';

export async function sendDocument(call: Call, printer: Attributes): Promise<Answer> {
  const last = call.operation('last-document');
  if (last === undefined) throw new Refusal(Status.clientErrorBadRequest, 'last-document is missing');
  checkDocument(call, printer);
  const job = call.ownJob;
  if (job.document !== undefined) return afterTheFirst(call);
  const accepted = await acceptDocument(call, job, printer);
  if (accepted !== undefined) return ok({ kind: 'job', attributes: attributes(jobStatus(call, accepted)) });
  if (!last) throw new Refusal(Status.clientErrorBadRequest, 'there is no document in the request');
  return closeJob(call);
}

/** An empty last document closes the job (RFC 8011 §4.3.1); it is closed already. */
async function afterTheFirst(call: Call): Promise<Answer> {
  for await (const chunk of call.body) {
    if (chunk.length === 0) continue;
    throw new Refusal(Status.serverErrorMultipleDocumentJobsNotSupported, 'a job has one document here');
  }
  return ok({ kind: 'job', attributes: attributes(jobStatus(call, call.job)) });
}
