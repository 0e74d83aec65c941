/** The life of a job as a pure function: (job, event) → the job after it, and what has to be kept of it. */
import type { PrintResult, Trouble } from '../drivers/printers/port.ts';
import type { PersonId } from '../identity/person.ts';
import type { PageCount } from './formats/pages/page-count.ts';
import type { ClientWait } from './holding.ts';
import { type Canceler, isTerminal, type Job, type Release } from './job.ts';
import { changedTicket } from './release/choices/changes.ts';

export type JobEvent =
  /** Its document begins to arrive. */
  | { readonly kind: 'document-started' }
  /** The document did not arrive, or not as a whole; it may be sent again. */
  | { readonly kind: 'document-failed' }
  /** One of its documents is there as a whole, and more are to come. */
  | { readonly kind: 'document-gathered'; readonly at: number }
  /** The client's own hold, set or lifted. It is not removed before `expiresAt`, or when it would have been. */
  | { readonly kind: 'hold-changed'; readonly hold: ClientWait; readonly expiresAt?: number }
  /** `job-delay-output-until`, set or lifted. */
  | { readonly kind: 'delay-changed'; readonly delay: ClientWait; readonly expiresAt?: number }
  /** The client asked for it to be printed: beside its hold, what only a person can decide is decided. */
  | { readonly kind: 'resumed' }
  /** Waits that end at or before this time have ended. */
  | { readonly kind: 'time-came'; readonly at: number }
  /** A person took an unowned job. */
  | { readonly kind: 'claimed'; readonly person: PersonId }
  /** Somebody who may asked for it at a printer. */
  | { readonly kind: 'release-asked'; readonly release: Release }
  /** Its turn has come. */
  | { readonly kind: 'send-started'; readonly at: number }
  /** The pages of its document have been counted, or can't be. */
  | { readonly kind: 'pages-counted'; readonly count: PageCount }
  /** The printer counted while it printed. */
  | { readonly kind: 'impressions-counted'; readonly completed: number }
  /** The last try has ended. */
  | { readonly kind: 'send-ended'; readonly result: PrintResult; readonly at: number }
  /** Its turn at the printer will not come; nothing was sent. */
  | { readonly kind: 'turn-given-up'; readonly trouble: Trouble; readonly at: number }
  /** @see Job.endedBy; a person when it is not said. */
  | { readonly kind: 'canceled'; readonly at: number; readonly by?: Canceler }
  /** What it still waits for will not come, or came damaged. */
  | { readonly kind: 'documents-failed'; readonly at: number }
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
    case 'document-gathered':
      if (job.state !== 'pending-held' || !job.receiving) return REFUSED;
      return { kind: 'taken', job: { ...withoutReceiving(job), gatheredAt: event.at }, effect: 'nothing' };
    case 'hold-changed':
      // One whose turn has not come goes back to held (RFC 8011 §4.3.5); the executor takes it out of the line.
      if (job.state !== 'pending-held' && job.state !== 'pending') return REFUSED;
      return keep({ ...later(held(job, event.hold), event.expiresAt), state: 'pending-held' });
    case 'delay-changed':
      return job.state === 'pending-held' ? keep(later(delayed(job, event.delay), event.expiresAt)) : REFUSED;
    case 'resumed':
      return job.state === 'pending-held' ? keep(resumed(job)) : REFUSED;
    case 'time-came':
      return timeCame(job, event.at);
    case 'claimed':
      if (job.state !== 'pending-held') return REFUSED;
      if (job.owner.kind !== 'unowned' && job.releaseAction !== 'button-press') return REFUSED;
      return keep({ ...job, owner: { kind: 'person', person: event.person, proof: 'at-panel' } });
    case 'release-asked':
      if (job.state !== 'pending-held' || job.document === undefined) return REFUSED;
      if (job.delayOutput !== undefined) return REFUSED;
      // Nothing is kept yet: until its turn comes nothing can be printed, and after a restart it is simply held.
      return { kind: 'taken', job: released(job, event.release), effect: 'nothing' };
    case 'send-started':
      return job.state === 'pending'
        ? keep({ ...withoutCount(job), state: 'processing', processingAt: event.at })
        : REFUSED;
    case 'pages-counted':
      return pagesCounted(job, event.count);
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
      // One that was printed and kept has had its good end.
      if (event.kind === 'expired' && job.printed !== undefined)
        return end({ ...job, state: 'completed', completedAt: job.printed.at });
      return end({
        ...job,
        state: 'canceled',
        completedAt: event.at,
        endedBy: event.kind === 'expired' ? 'time' : (event.by ?? 'person'),
      });
    case 'documents-failed':
      if (job.state !== 'pending-held' || job.document !== undefined) return REFUSED;
      return end({ ...job, state: 'aborted', completedAt: event.at, endedBy: 'system' });
    case 'restarted':
      return restarted(job, event.at);
    default:
      return event satisfies never;
  }
}

/** Kept at once only while it is held; on its way out it goes with the next state that is kept. */
function pagesCounted(job: Job, count: PageCount): JobStep {
  if (isTerminal(job.state) || job.document === undefined) return REFUSED;
  const counted = { ...job, document: { ...job.document, count } };
  return job.state === 'pending-held' ? keep(counted) : { kind: 'taken', job: counted, effect: 'nothing' };
}

function ended(job: Job, result: PrintResult, at: number): JobStep {
  switch (result.outcome) {
    case 'completed':
      return printed(
        {
          ...withoutTrouble(withoutCount(job)),
          confirmation: 'completed',
          ...(result.impressions === undefined ? {} : { impressionsCompleted: result.impressions }),
        },
        at,
      );
    case 'delivered':
      return printed({ ...withoutTrouble(withoutCount(job)), confirmation: 'delivered' }, at);
    case 'aborted': {
      const { impressions } = result;
      const counted = impressions === undefined ? job : { ...job, impressionsCompleted: impressions };
      return heldAgain(counted, 'aborted', result.trouble.reason, at);
    }
    case 'not-printed':
    case 'unknown':
      return heldAgain(job, result.outcome, result.trouble.reason, at);
    default:
      return result satisfies never;
  }
}

/** The tries before this one that are remembered; nobody releases a document more often. */
const MOST_EARLIER_RELEASES = 32;

function released(job: Job, release: Release): Job {
  if (job.release === undefined) return { ...job, state: 'pending', release };
  const { key, by } = job.release;
  const earlierReleases = [...(job.earlierReleases ?? []), { key, by }].slice(-MOST_EARLIER_RELEASES);
  return { ...job, state: 'pending', release, earlierReleases };
}

/**
 * The end of it, or, where it is to be kept, back to held for as long as that: by its sender each time, by who stood at
 * the panel this time only.
 */
function printed(before: Job, at: number): JobStep {
  const keeps = before.release?.keep === true;
  const job = keeps ? changedForGood(before) : before;
  const keepUntil = keeps ? job.expiresAt : job.keepUntil;
  if (keepUntil === undefined || keepUntil <= at) return end({ ...job, state: 'completed', completedAt: at });
  return keep({
    ...job,
    state: 'pending-held',
    stored: true,
    printed: { at, key: job.release?.key ?? '' },
    expiresAt: Math.min(job.expiresAt, keepUntil),
  });
}

/** It lies there to be printed as it was printed now. */
function changedForGood(job: Job): Job {
  const { 'first-page': _once, ...lasting } = job.release?.changes ?? {};
  return { ...job, ticket: changedTicket(job.ticket, lasting) };
}

function held(job: Job, { until, at }: ClientWait): Job {
  const { holdUntilTime: _before, ...rest } = job;
  return { ...rest, holdUntil: until, ...(at === undefined ? {} : { holdUntilTime: at }) };
}

function delayed(job: Job, delay: ClientWait): Job {
  const { delayOutput: _before, ...rest } = job;
  return delay.until === 'no-delay-output' ? rest : { ...rest, delayOutput: delay };
}

/** What its sender said of its end stays, and so does the end of what is kept after it was printed. */
function later(job: Job, expiresAt = 0): Job {
  if (job.printed !== undefined) return job;
  const bounded = Math.min(expiresAt, job.endsAt ?? expiresAt);
  return bounded <= job.expiresAt ? job : { ...job, expiresAt: bounded };
}

/** Where a panel has the last word, its own warnings and the store stay as they are. */
function resumed(job: Job): Job {
  const lifted = held(job, { until: 'no-hold' });
  if (job.releaseAction !== 'none') return lifted;
  const { stored: _stored, ...rest } = withoutTrouble(lifted);
  return rest;
}

function timeCame(job: Job, at: number): JobStep {
  if (job.state !== 'pending-held') return REFUSED;
  const holds = job.holdUntilTime !== undefined && job.holdUntilTime <= at;
  const delays = job.delayOutput?.at !== undefined && job.delayOutput.at <= at;
  if (!holds && !delays) return REFUSED;
  const lifted = holds ? held(job, { until: 'no-hold' }) : job;
  return keep(delays ? delayed(lifted, { until: 'no-delay-output' }) : lifted);
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

/** Of an earlier print, or as far as it was heard of on the way: how many came out is only what the end says. */
function withoutCount(job: Job): Job {
  const { impressionsCompleted: _count, ...rest } = job;
  return rest;
}

function withoutTrouble(job: Job): Job {
  const { trouble: _trouble, ...rest } = job;
  return rest;
}

const keep = (job: Job): JobStep => ({ kind: 'taken', job, effect: 'keep' });
const end = (job: Job): JobStep => ({ kind: 'taken', job, effect: 'end' });
