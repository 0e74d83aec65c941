/** The life of a job as a pure function: (job, event) → the job after it, and what has to be kept of it. */
import type { PrintResult, Trouble } from '../drivers/printers/port.ts';
import type { PersonId } from '../identity/person.ts';
import { type HoldUntil, isTerminal, type Job, type Release } from './job.ts';

export type JobEvent =
  /** Its document begins to arrive. */
  | { readonly kind: 'document-started' }
  /** The document did not arrive, or not as a whole; it may be sent again. */
  | { readonly kind: 'document-failed' }
  /** The client's own hold, set or lifted. */
  | { readonly kind: 'hold-changed'; readonly holdUntil: HoldUntil }
  /** A person took an unowned job. */
  | { readonly kind: 'claimed'; readonly person: PersonId }
  /** Somebody who may asked for it at a printer. */
  | { readonly kind: 'release-asked'; readonly release: Release }
  /** Its turn has come. */
  | { readonly kind: 'send-started'; readonly at: number }
  /** The printer counted while it printed. */
  | { readonly kind: 'impressions-counted'; readonly completed: number }
  /** The last try has ended. */
  | { readonly kind: 'send-ended'; readonly result: PrintResult; readonly at: number }
  /** Its turn at the printer will not come; nothing was sent. */
  | { readonly kind: 'turn-given-up'; readonly trouble: Trouble; readonly at: number }
  | { readonly kind: 'canceled'; readonly at: number }
  | { readonly kind: 'expired'; readonly at: number }
  /** The gateway came up again; what was under way then was cut. */
  | { readonly kind: 'restarted'; readonly at: number };

/**
 * What has to be done about the new state. `keep`: save it; whoever asked hears of it after that. `end`: save it and
 * destroy the content. `nothing`: it need not survive a restart.
 */
export type JobEffect = 'keep' | 'end' | 'nothing';

export type JobStep =
  | { readonly kind: 'taken'; readonly job: Job; readonly effect: JobEffect }
  /** The event does not fit the state; nothing changes. */
  | { readonly kind: 'refused' };

const REFUSED: JobStep = { kind: 'refused' };

export function step(job: Job, event: JobEvent): JobStep {
  switch (event.kind) {
    case 'document-started':
      if (job.state !== 'pending-held' || job.document !== undefined || job.receiving) return REFUSED;
      return { kind: 'taken', job: { ...job, receiving: true }, effect: 'nothing' };
    case 'document-failed':
      if (!job.receiving) return REFUSED;
      return { kind: 'taken', job: withoutReceiving(job), effect: 'nothing' };
    case 'hold-changed':
      return job.state === 'pending-held' ? keep({ ...job, holdUntil: event.holdUntil }) : REFUSED;
    case 'claimed':
      if (job.state !== 'pending-held' || job.owner.kind !== 'unowned') return REFUSED;
      return keep({ ...job, owner: { kind: 'person', person: event.person, proof: 'at-panel' } });
    case 'release-asked':
      if (job.state !== 'pending-held' || job.document === undefined) return REFUSED;
      // Nothing is kept yet: until its turn comes nothing can be printed, and after a restart it is simply held.
      return { kind: 'taken', job: { ...job, state: 'pending', release: event.release }, effect: 'nothing' };
    case 'send-started':
      return job.state === 'pending'
        ? keep({ ...job, state: 'processing', processingAt: event.at })
        : REFUSED;
    case 'impressions-counted':
      if (job.state !== 'processing') return REFUSED;
      return { kind: 'taken', job: { ...job, impressionsCompleted: event.completed }, effect: 'nothing' };
    case 'send-ended':
      return job.state === 'processing' ? ended(job, event.result, event.at) : REFUSED;
    case 'turn-given-up':
      return job.state === 'pending'
        ? heldAgain(job, 'not-printed', event.trouble.reason, event.at)
        : REFUSED;
    case 'canceled':
    case 'expired':
      // While it is being sent, the end of the send decides; the executor aborts it first.
      if (isTerminal(job.state) || job.state === 'processing') return REFUSED;
      return end({
        ...job,
        state: 'canceled',
        completedAt: event.at,
        endedBy: event.kind === 'expired' ? 'time' : 'person',
      });
    case 'restarted':
      return restarted(job, event.at);
    default:
      return event satisfies never;
  }
}

function ended(job: Job, result: PrintResult, at: number): JobStep {
  switch (result.outcome) {
    case 'completed':
      return end({
        ...withoutTrouble(job),
        state: 'completed',
        completedAt: at,
        confirmation: 'completed',
        ...(result.impressions === undefined ? {} : { impressionsCompleted: result.impressions }),
      });
    case 'delivered':
      return end({ ...withoutTrouble(job), state: 'completed', completedAt: at, confirmation: 'delivered' });
    case 'not-printed':
    case 'aborted':
    case 'unknown':
      return heldAgain(job, result.outcome, result.trouble.reason, at);
    default:
      return result satisfies never;
  }
}

/** Back to held, with what went wrong. It is never sent again by itself. */
function heldAgain(
  job: Job,
  outcome: 'not-printed' | 'aborted' | 'unknown',
  reason: Trouble['reason'],
  at: number,
): JobStep {
  const printer = job.release?.printer ?? '';
  return keep({ ...job, state: 'pending-held', trouble: { outcome, reason, printer, at } });
}

/**
 * A kept `processing` means that the intent was on disk and the end was not: bytes may have left, so nobody knows.
 * `pending` is never kept, and a terminal state stays.
 */
function restarted(job: Job, at: number): JobStep {
  if (job.state === 'processing') return heldAgain(job, 'unknown', 'cut', at);
  return { kind: 'taken', job, effect: 'nothing' };
}

/** The job as it is when nothing of its document is on the way. */
export function withoutReceiving(job: Job): Job {
  const { receiving: _receiving, ...rest } = job;
  return rest;
}

function withoutTrouble(job: Job): Job {
  const { trouble: _trouble, ...rest } = job;
  return rest;
}

const keep = (job: Job): JobStep => ({ kind: 'taken', job, effect: 'keep' });
const end = (job: Job): JobStep => ({ kind: 'taken', job, effect: 'end' });
