/** Purge-Jobs (RFC 8011 §4.2.9) and Cancel-Jobs (PWG 5100.7 §4.1): an operator removes jobs, whosoever they are. */
import { Status } from '../../../ipp/vocabulary/status.ts';
import { isTerminal, type Job } from '../../job.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { Refusal } from '../refusal.ts';
import { cancel } from './cancel-job.ts';

/** Cancelled at a time, so that a full queue does not fill the memory with writes that wait. */
const AT_ONCE = 100;

export async function purgeJobs(call: Call): Promise<Answer> {
  call.mustBeOperator();
  await cancelAll(call, livingJobs(call));
  const ended = [...jobsOf(call)].filter((job) => isTerminal(job.state));
  await call.intake.jobs.forget(ended);
  call.intake.log.warn('queue purged', { queue: call.queue.name, client: call.requester.address });
  return ok();
}

/** All or nothing where it names them. */
export async function cancelJobs(call: Call): Promise<Answer> {
  call.mustBeOperator();
  const named = call.operation('job-ids');
  // A client may name thousands, and there may be thousands.
  const ids = named && new Set(named);
  const living = livingJobs(call);
  const wanted = ids === undefined ? living : living.filter((job) => ids.has(job.id));
  if (ids !== undefined && wanted.length < ids.size) {
    const attribute = call.group('operation').get('job-ids');
    throw new Refusal(
      Status.clientErrorNotPossible,
      'not all of these are jobs that can be cancelled; none was',
      attribute === undefined ? [] : [attribute],
    );
  }
  await cancelAll(call, wanted);
  return ok();
}

async function cancelAll(call: Call, jobs: readonly Job[]): Promise<void> {
  for (let from = 0; from < jobs.length; from += AT_ONCE) {
    await Promise.all(jobs.slice(from, from + AT_ONCE).map((job) => cancel(call, job)));
  }
}

const livingJobs = (call: Call): Job[] => jobsOf(call).filter((job) => !isTerminal(job.state));

const jobsOf = (call: Call): Job[] =>
  Array.from(call.intake.jobs.all()).filter((job) => job.queue === call.queue.name);
