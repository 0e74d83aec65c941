/** `job-state-reasons` of a job that is held (RFC 8011 §5.3.8, PWG 5100.7, PWG 5100.11): what it waits for. */
import { flawOf } from './formats/flaw.ts';
import type { ReleaseAction } from './holding.ts';
import type { Job } from './job.ts';
import type { Queue } from './queue.ts';

/** That it waits to be released, and by what. */
const WAITS: Readonly<Record<ReleaseAction, readonly string[]>> = {
  none: [],
  'owner-authorized': ['job-held-for-release', 'job-held-for-authorization'],
  'job-password': ['job-held-for-release', 'job-password-wait'],
  'button-press': ['job-held-for-release', 'job-held-for-button-press'],
};

/** @param job in the state `pending-held`. Empty: it waits only for its printer. */
export function heldReasons(job: Job): string[] {
  if (job.document === undefined)
    return job.receiving ? ['job-incoming'] : ['job-incoming', 'job-data-insufficient'];
  const reasons = [...WAITS[job.releaseAction]];
  if (job.releaseAction === 'none' && (job.stored || isUndecided(job))) reasons.push('job-held-for-release');
  if (job.stored) reasons.push('job-stored');
  if (job.holdUntil !== 'no-hold') reasons.push('job-hold-until-specified');
  if (job.delayOutput !== undefined) reasons.push('job-delay-output-until-specified');
  const flaw = flawOf(job);
  if (flaw !== undefined) reasons.push(flaw);
  return reasons;
}

/** The job as it stands now that its queue has become one whose jobs wait at a panel: then it waits for its owner. */
export function underPolicy(job: Job, queue: Pick<Queue, 'release'>): Job {
  if (queue.release !== 'at-panel' || job.releaseAction !== 'none') return job;
  return { ...job, releaseAction: 'owner-authorized' };
}

/** Pages may have come out: only a person can know whether to print it again. */
export function isUndecided(job: Job): boolean {
  return job.trouble !== undefined && job.trouble.outcome !== 'not-printed';
}
