/** What a job tells of itself over IPP, and how much of it to whom. */
import { dateTimeOf } from '../../ipp/date-time.ts';
import type { Attributes } from '../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../ipp/vocabulary/build.ts';
import { JobState } from '../../ipp/vocabulary/enums.ts';
import { noValue } from '../../ipp/vocabulary/shapes.ts';
import { impressionsOf, sheetsOf } from '../formats/impressions.ts';
import { heldReasons, underPolicy } from '../held-reasons.ts';
import type { Job } from '../job.ts';
import { isHeldOnCreate } from '../queue-conditions.ts';
import { upTimeSeconds } from './attributes/status.ts';
import type { Call } from './call.ts';

export const JOB_STATES = {
  'pending-held': JobState.pendingHeld,
  pending: JobState.pending,
  processing: JobState.processing,
  completed: JobState.completed,
  canceled: JobState.canceled,
  aborted: JobState.aborted,
} as const satisfies Record<Job['state'], JobState>;

/** Everything; names and ticket only for who may see them (PWG 5100.11 calls it job privacy). */
export function jobAttributes(call: Call, job: Job): Attributes {
  const { intake } = call;
  const upTime = intake.clock.monotonic();
  const now = intake.clock.now();
  const time = (at: number | undefined) =>
    at === undefined ? noValue : Math.round(upTime / 1000 - (now - at) / 1000);
  const date = (at: number | undefined) => (at === undefined ? noValue : dateTimeOf(at));
  const open = attributes({
    ...jobStatus(call, job),
    'job-printer-uri': call.printerUri,
    'job-uuid': job.uuid,
    'job-printer-up-time': upTimeSeconds(upTime),
    'job-k-octets': Math.ceil((job.document?.octets ?? 0) / 1024),
    'job-k-octets-processed': job.state === 'completed' ? Math.ceil((job.document?.octets ?? 0) / 1024) : 0,
    ...pageAttributes(job),
    'job-impressions-completed': job.impressionsCompleted ?? (job.state === 'completed' ? noValue : 0),
    ...termsOf(job),
    'job-priority': 50,
    'number-of-documents': job.document === undefined ? 0 : (job.document.parts?.length ?? 1),
    'document-format': job.document?.format,
    'time-at-creation': Math.round(upTime / 1000 - (now - job.createdAt) / 1000),
    'time-at-processing': time(job.processingAt),
    'time-at-completed': time(job.completedAt),
    'date-time-at-creation': dateTimeOf(job.createdAt),
    'date-time-at-processing': date(job.processingAt),
    'date-time-at-completed': date(job.completedAt),
    'output-device-assigned': job.release?.printer,
    'job-release-action': underPolicy(job, call.queue).releaseAction,
  });
  if (!call.rightsOver(job).names) return open;
  const own = attributes({
    'job-name': job.name,
    'job-originating-user-name': job.submitter.verifiedName ?? (job.submitter.claimedName || 'anonymous'),
  });
  return open.with([...own, ...job.ticket]);
}

/** The terms on which it is held and kept; never its password. */
function termsOf(job: Job): AttributesInput {
  const { holdUntil, holdUntilTime, delayOutput, storage, keepUntil } = job;
  // Asked by its time alone.
  const onlyByTime = holdUntil === 'indefinite' && holdUntilTime !== undefined;
  return {
    'job-hold-until': onlyByTime ? undefined : holdUntil,
    'job-hold-until-time': holdUntilTime === undefined ? undefined : dateTimeOf(holdUntilTime),
    'job-delay-output-until': delayOutput?.until,
    'job-delay-output-until-time': delayOutput?.at === undefined ? undefined : dateTimeOf(delayOutput.at),
    'job-storage':
      storage === undefined
        ? undefined
        : { 'job-storage-access': 'owner', 'job-storage-disposition': storage },
    'job-retain-until-time': keepUntil === undefined ? undefined : dateTimeOf(keepUntil),
  };
}

function pageAttributes(job: Job) {
  const impressions = impressionsOf(job);
  return {
    'job-impressions': impressions,
    'job-media-sheets': impressions === undefined ? undefined : sheetsOf(impressions, job.ticket),
    'job-pages': job.document?.count?.kind === 'counted' ? job.document.count.pages : undefined,
  } as const;
}

/** What the answer to every job creation and job operation holds (RFC 8011 §4.2.1.2). */
export function jobStatus(call: Call, job: Job) {
  return {
    'job-id': job.id,
    'job-uri': call.jobUri(job.id),
    'job-state': JOB_STATES[job.state],
    'job-state-reasons': [...stoppedReasons(call, job), ...stateReasons(underPolicy(job, call.queue))].filter(
      isTelling,
    ),
    'job-state-message': stateMessage(underPolicy(job, call.queue)),
  } as const;
}

/** What keeps it from being printed beside its own state: an operator's word. */
function stoppedReasons({ intake }: Call, job: Job): string[] {
  if (job.state !== 'pending-held' && job.state !== 'pending') return [];
  const condition = intake.conditions.of(job.queue);
  return [
    ...(isHeldOnCreate(job, condition) ? ['job-held-on-create'] : []),
    ...(condition.paused ? ['printer-stopped'] : []),
  ];
}

/** `none` only where there is no other. */
const isTelling = (reason: string, _index: number, all: readonly string[]): boolean =>
  reason !== 'none' || all.length === 1;

export function stateReasons(job: Job): string[] {
  switch (job.state) {
    case 'pending-held': {
      const reasons = heldReasons(job);
      return reasons.length === 0 ? ['none'] : reasons;
    }
    case 'pending':
      return ['none'];
    case 'processing':
      return ['job-printing'];
    case 'completed':
      return ['job-completed-successfully'];
    case 'canceled':
      if (job.endedBy === 'time') return ['job-canceled-after-timeout'];
      return [job.endedBy === 'operator' ? 'job-canceled-by-operator' : 'job-canceled-by-user'];
    case 'aborted':
      return ['aborted-by-system'];
    default:
      return job.state satisfies never;
  }
}

function stateMessage(job: Job): string {
  if (job.trouble?.outcome === 'unknown' && job.state === 'pending-held') {
    return 'Cut off while it was being printed; check what came out before printing it again.';
  }
  switch (job.state) {
    case 'pending-held':
      if (job.document === undefined) return 'Waiting for the document.';
      return heldReasons(job).length === 0 ? 'Waiting for the printer.' : 'Held until it is released.';
    case 'pending':
      return 'Waiting for the printer.';
    case 'processing':
      return 'Printing.';
    case 'completed':
      return job.confirmation === 'delivered' ? 'Delivered to the printer.' : 'Printed.';
    case 'canceled':
      return job.endedBy === 'time' ? 'Deleted: nobody printed it in time.' : 'Canceled.';
    case 'aborted':
      return job.endedBy === 'system'
        ? 'Its documents did not all come.'
        : 'Lost: it could not be read any more.';
    default:
      return job.state satisfies never;
  }
}
