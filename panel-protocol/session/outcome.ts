/** How a released job ended, read from its record. */
import { isTerminal, type Job } from '../../spool/job.ts';
import type { Outcome } from '../server-messages.ts';
import type { Released } from './state.ts';

/** Undefined while the job is on its way, or has not yet set out. */
export function outcomeOf(job: Job, released: Released): Outcome | undefined {
  switch (job.state) {
    case 'completed':
      return printedOutcome(job);
    case 'canceled':
      return { outcome: 'canceled' };
    case 'aborted':
      return { outcome: 'aborted', ...reasonOf(job) };
    case 'pending-held':
      return heldOutcome(job, released);
    case 'pending':
    case 'processing':
      return undefined;
  }
}

function printedOutcome(job: Job): Outcome {
  if (job.confirmation !== 'completed') return { outcome: 'delivered' };
  return {
    outcome: 'completed',
    ...(job.impressionsCompleted === undefined
      ? {}
      : { 'job-impressions-completed': job.impressionsCompleted }),
  };
}

/** A job is held before it sets out too, perhaps with the trouble of an earlier release: only what came after counts. */
function heldOutcome(job: Job, released: Released): Outcome | undefined {
  const { trouble, release } = job;
  const ofThisRelease = release?.key === released.key;
  // Kept for another time after it was printed.
  if (job.printed !== undefined && job.printed.key === released.key && trouble === undefined)
    return printedOutcome(job);
  if (trouble !== undefined && ofThisRelease && trouble.at >= release.at) {
    return { outcome: trouble.outcome, reason: trouble.reason };
  }
  return released.started ? { outcome: 'not-printed', reason: 'canceled' } : undefined;
}

function reasonOf(job: Job): { reason?: NonNullable<Job['trouble']>['reason'] } {
  return job.trouble === undefined ? {} : { reason: job.trouble.reason };
}

/** The record after another look at the job. */
export function follow(released: Released, job: Job): Released {
  if (released.outcome !== undefined) return released;
  const started = released.started || job.state === 'pending' || job.state === 'processing';
  const outcome = outcomeOf(job, { ...released, started });
  if (outcome !== undefined) return { ...released, started, outcome };
  return started === released.started ? released : { ...released, started };
}

/** True for a job that could be released now: held, and all of it here. */
export function isReleasable(job: Job): boolean {
  return job.state === 'pending-held' && job.document !== undefined;
}

/** True while the gateway has it and it has not ended. */
export function isLiving(job: Job): boolean {
  return !isTerminal(job.state);
}
