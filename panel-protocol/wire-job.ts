/** Jobs and printers in the words of the wire. */
import { displayable } from '../base/text.ts';
import type { Attributes } from '../ipp/model.ts';
import { impressionsOf } from '../spool/formats/impressions.ts';
import { heldReasons } from '../spool/held-reasons.ts';
import type { Job } from '../spool/job.ts';
import { MOST_COPIES, NAME_LENGTH, OPTION_VALUES, REASONS } from './bounds.ts';
import type { JobConflict, PanelPrinter, SeenJob } from './ports.ts';
import type { WireConflict, WireJob, WireNearest, WirePrinter } from './wire-schemas.ts';

const SIDES = ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge'];
const COLOR_MODES = ['auto', 'color', 'monochrome', 'auto-monochrome', 'bi-level', 'process-monochrome'];

/** Finds the printers that are named to people. */
export type FindPrinter = (name: string) => PanelPrinter | undefined;

/** A claimable job says when, how much and whence, and nothing that could be somebody's secret. */
export function wireJob(
  { job, claimable, owner, mayKeep, conflicts, resumePage }: SeenJob,
  find: FindPrinter,
): WireJob {
  const impressions = impressionsOf(job);
  return {
    'job-id': job.id,
    ...(claimable ? {} : namesOf(job)),
    'job-state': job.state,
    'job-state-reasons': stateReasons(job),
    'date-time-at-creation': localDateTime(job.createdAt),
    ...(job.document === undefined ? {} : { 'job-k-octets': Math.ceil(job.document.octets / 1024) }),
    ...(impressions === undefined ? {} : { 'job-impressions': impressions }),
    ...(claimable ? {} : ticketOf(job.ticket)),
    'job-originating-host-name': displayable(job.submitter.address, NAME_LENGTH),
    claimable,
    ...(job.trouble === undefined || claimable
      ? {}
      : { trouble: { outcome: job.trouble.outcome, reason: job.trouble.reason } }),
    ...(mayKeep ? { 'may-keep': true as const } : {}),
    ...(owner === undefined
      ? {}
      : { owner: { 'display-name': displayable(owner.displayName, NAME_LENGTH) } }),
    ...(resumePage === undefined ? {} : { 'resume-page': resumePage }),
    ...(conflicts === undefined || conflicts.length === 0 || claimable
      ? {}
      : { conflicts: conflicts.slice(0, OPTION_VALUES).map((each) => wireConflict(each, find)) }),
  };
}

function wireConflict({ attribute, value, nearest }: JobConflict, find: FindPrinter): WireConflict {
  const words = {
    attribute: displayable(attribute, NAME_LENGTH),
    value: displayable(value, NAME_LENGTH),
  };
  return nearest === undefined ? words : { ...words, nearest: wireNearest(nearest, find) };
}

/** A printer to go to. */
export function wireNearest(printer: string, find: FindPrinter): WireNearest {
  const {
    'printer-name': name,
    'printer-info': info,
    'printer-location': location,
  } = wirePrinter(printer, find(printer));
  return { 'printer-name': name, 'printer-info': info, 'printer-location': location };
}

export function wirePrinter(name: string, printer: PanelPrinter | undefined): WirePrinter {
  return {
    'printer-name': displayable(name, NAME_LENGTH),
    'printer-info': displayable(printer?.info ?? '', NAME_LENGTH),
    'printer-location': displayable(printer?.location ?? '', NAME_LENGTH),
    'printer-state': printer?.state ?? 'unknown',
    'printer-state-reasons': wireReasons(printer?.reasons ?? []),
    'printer-is-accepting-jobs': printer?.acceptingJobs ?? false,
  };
}

export function wireReasons(reasons: readonly string[]): string[] {
  return reasons.slice(0, REASONS).map((each) => displayable(each, NAME_LENGTH));
}

/** RFC 3339 with the offset of the gateway's time zone, so that an MFP with a wrong clock shows the right time. */
export function localDateTime(time: number): string {
  const offset = -new Date(time).getTimezoneOffset();
  const local = new Date(time + offset * 60_000).toISOString().slice(0, 19);
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function namesOf(job: Job): Pick<WireJob, 'job-name' | 'job-originating-user-name'> {
  const user = displayable(job.submitter.claimedName, NAME_LENGTH);
  return {
    'job-name': displayable(job.name, NAME_LENGTH),
    ...(user === '' ? {} : { 'job-originating-user-name': user }),
  };
}

/** `job-state-reasons` (RFC 8011 §5.3.8, PWG 5100.11). */
function stateReasons(job: Job): string[] {
  switch (job.state) {
    case 'pending-held': {
      const reasons = heldReasons(job);
      return reasons.length === 0 ? ['none'] : reasons;
    }
    case 'processing':
      return ['job-outgoing'];
    default:
      return ['none'];
  }
}

/** What the client asked for, where it is something that a panel can show. */
function ticketOf(ticket: Attributes): Pick<WireJob, 'copies' | 'sides' | 'print-color-mode'> {
  const copies = ticket.get('copies')?.values[0];
  const sides = keyword(ticket, 'sides', SIDES);
  const color = keyword(ticket, 'print-color-mode', COLOR_MODES);
  return {
    ...(copies?.syntax === 'integer' && copies.value >= 1 && copies.value <= MOST_COPIES
      ? { copies: copies.value }
      : {}),
    ...(sides === undefined ? {} : { sides }),
    ...(color === undefined ? {} : { 'print-color-mode': color }),
  };
}

function keyword(ticket: Attributes, name: string, known: readonly string[]): string | undefined {
  const value = ticket.get(name)?.values[0];
  return value?.syntax === 'keyword' && known.includes(value.value) ? value.value : undefined;
}
