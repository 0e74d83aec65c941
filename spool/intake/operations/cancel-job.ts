/** Cancel-Job (RFC 8011 §4.3.3) and Cancel-My-Jobs (PWG 5100.7 §4.2). */
import { messageOf } from '../../../base/errors.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { isTerminal, type Job } from '../../job.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { Refusal } from '../refusal.ts';

export async function cancelJob(call: Call): Promise<Answer> {
  const job = call.jobTo('cancel');
  if (isTerminal(job.state)) throw new Refusal(Status.clientErrorNotPossible, 'the job has ended');
  await cancel(call, job);
  return ok();
}

export async function cancelMyJobs(call: Call): Promise<Answer> {
  if (call.isNobody) {
    throw new Refusal(Status.clientErrorBadRequest, 'requesting-user-name is missing');
  }
  const named = call.operation('job-ids');
  // A client may name thousands, and there may be thousands.
  const ids = named && new Set(named);
  const mine = [...call.intake.jobs.all()].filter(
    (job) => job.queue === call.queue.name && !isTerminal(job.state) && call.rightsOver(job).list,
  );
  const wanted = ids === undefined ? mine : mine.filter((job) => ids.has(job.id));
  // All or nothing, so that the client knows what became of them (PWG 5100.7 §4.2.1).
  if (ids !== undefined && wanted.length < ids.size) {
    const attribute = call.group('operation').get('job-ids');
    throw new Refusal(
      Status.clientErrorNotAuthorized,
      'not all of these are jobs of yours that can be cancelled; none was',
      attribute === undefined ? [] : [attribute],
    );
  }
  await Promise.all(wanted.map((job) => cancel(call, job)));
  return ok();
}

/** A job at the printer takes its time to stop; the client is not kept waiting for that. */
export async function cancel(call: Call, job: Job): Promise<void> {
  const { intake } = call;
  const by = call.requester.operator ? 'operator' : 'person';
  intake.log.info('job cancelled by the client', { 'job-id': job.id, by });
  const canceled = intake.cancel(job.id, by);
  if (job.state !== 'processing') await canceled;
  else {
    canceled.catch((error) =>
      intake.log.error('job was not cancelled', { 'job-id': job.id, error: messageOf(error) }),
    );
  }
}
