/** Who may have which job printed where: a pure function. */
import type { PersonId } from '../../identity/person.ts';
import type { Job } from '../job.ts';
import type { Queue } from '../queue.ts';
import type { PasswordRefusal } from './job-passwords.ts';

export type ReleaseRefusal =
  | PasswordRefusal
  /** No such job, or not this person's: both look alike from outside. */
  | 'job-not-found'
  /** Its document has not arrived, it is being printed, or it has ended. */
  | 'job-not-held'
  /** Its sender wants nothing to come out yet (`job-delay-output-until`). */
  | 'job-delayed'
  /** The printer cannot do what was changed in the ticket. */
  | 'conflict'
  /** The job's queue does not print at this printer. */
  | 'printer-not-for-queue'
  /** An operator has paused the job's queue, or holds its new jobs. */
  | 'queue-paused'
  /** The printer is not (or no more) one of this gateway's, or the gateway is stopping. */
  | 'printer-gone';

export type Permission =
  /** `claims`: it becomes theirs by it. `wantsPassword`: if they know its password, which is still to be looked at. */
  | {
      readonly may: true;
      readonly claims: boolean;
      readonly wantsPassword: boolean;
      /** Whose job it is, when they have delegated to whoever releases it. */
      readonly onBehalfOf?: PersonId;
    }
  | { readonly may: false; readonly why: ReleaseRefusal };

/**
 * Whether somebody who signed in at the queue's printers may make a job theirs that is not: one of nobody, or one that
 * is for whoever presses the button. Not while its sender keeps it back.
 */
export function isClaimable(job: Job, queue: Queue | undefined): boolean {
  if (queue?.unownedJobs !== 'claimable' || isHeldBySender(job) || job.delayOutput !== undefined)
    return false;
  return job.owner.kind === 'unowned' || job.releaseAction === 'button-press';
}

const isHeldBySender = (job: Job): boolean => job.holdUntil !== 'no-hold';

/**
 * Owners print what they hold themselves: to sign in and touch it is their newer word. A time before which nothing may
 * come out binds them too.
 * @param by `queue` when the queue releases its own job. @param delegators people who have delegated to `by` for now.
 * @param queue of the job; undefined when it is configured no more.
 */
export function mayRelease(
  job: Job,
  by: PersonId | 'queue',
  printer: string,
  queue: Queue | undefined,
  delegators: readonly PersonId[] = [],
): Permission {
  const owner = job.owner.kind === 'person' ? job.owner.person : undefined;
  const theirs = by !== 'queue' && owner === by;
  const onBehalfOf = by !== 'queue' && !theirs ? delegators.find((person) => person === owner) : undefined;
  const claims = by !== 'queue' && !theirs && onBehalfOf === undefined;
  if (claims && !isClaimable(job, queue)) return { may: false, why: 'job-not-found' };
  // A job whose queue was taken out of the configuration still belongs to its owner, who gets it anywhere.
  if (queue !== undefined && !queue.printers.includes(printer))
    return { may: false, why: 'printer-not-for-queue' };
  if (job.state !== 'pending-held' || job.document === undefined) return { may: false, why: 'job-not-held' };
  if (by === 'queue' && (job.releaseAction !== 'none' || isHeldBySender(job)))
    return { may: false, why: 'job-not-held' };
  if (job.delayOutput !== undefined) return { may: false, why: 'job-delayed' };
  return {
    may: true,
    claims,
    wantsPassword: job.releaseAction === 'job-password',
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  };
}
