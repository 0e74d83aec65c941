/** Jobs in the line before a printer: RFC 3998 §4.2 and §4.3. Only who owns them, or an operator. */
import { Status } from '../../../ipp/vocabulary/status.ts';
import type { Job } from '../../job.ts';
import { JobId } from '../../job.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { Refusal } from '../refusal.ts';
import { cancel } from './cancel-job.ts';

/** Cancel-Current-Job: the job that is being printed, if it is the one that was meant (RFC 3998 §4.2.1). */
export async function cancelCurrentJob(call: Call): Promise<Answer> {
  await cancel(call, currentJob(call));
  return ok();
}

/** A page that is on its way cannot be called back, and half a document is not to lie in the tray. */
export function suspendCurrentJob(call: Call): Answer {
  currentJob(call);
  throw new Refusal(
    Status.clientErrorNotPossible,
    'printing is not interrupted here; cancel the job instead',
  );
}

export function resumeJob(call: Call): Answer {
  call.jobTo('cancel');
  throw new Refusal(Status.clientErrorNotPossible, 'the job is not suspended');
}

/** Promote-Job: before all that wait for the same printer. */
export function promoteJob(call: Call): Answer {
  call.mustBeOperator();
  return reorder(call, undefined);
}

/** Schedule-Job-After: right behind another, or next when none is named. */
export function scheduleJobAfter(call: Call): Answer {
  call.mustBeOperator();
  const id = call.operation('predecessor-job-id');
  const other = id === undefined ? undefined : call.intake.jobs.get(JobId(id));
  if (id !== undefined && other?.queue !== call.queue.name) {
    throw new Refusal(Status.clientErrorNotFound, 'there is no such predecessor');
  }
  return reorder(call, other?.id);
}

function reorder(call: Call, behind: JobId | undefined): Answer {
  if (!call.intake.reorder(call.job.id, behind)) {
    throw new Refusal(Status.clientErrorNotPossible, 'the job does not wait for a printer now');
  }
  call.intake.log.info('job moved in the line', { 'job-id': call.job.id, client: call.requester.address });
  return ok();
}

/** The one that is being printed; of several printers' the first that the requester may touch. */
function currentJob(call: Call): Job {
  const { jobs } = call.intake;
  const named = call.namedJob;
  const printing = [...jobs.all()].filter(
    (job) => job.queue === call.queue.name && job.state === 'processing' && (named ?? job).id === job.id,
  );
  if (printing.length === 0) throw new Refusal(Status.clientErrorNotPossible, 'no such job is being printed');
  const own = printing.find((job) => call.rightsOver(job).cancel);
  if (own === undefined) {
    throw new Refusal(Status.clientErrorNotAuthorized, 'only its owner or an operator may do this');
  }
  return own;
}
