/** Jobs, printers and what becomes of them, as they go to a panel: the schemas, and the types that come of them. */
import { z } from 'zod';
import type { TroubleReason } from '../drivers/printers/port.ts';
import type { JobState } from '../spool/job.ts';
import { LARGEST_ID } from './bounds.ts';
import type { ReleaseRefusal } from './refusal.ts';

/** A closed list of words, of which the compiler sees to it that none is missing. */
const words = <Word extends string>(list: Readonly<Record<Word, true>>) =>
  z.enum(Object.keys(list) as [Word, ...Word[]]);

const count = z.int().min(0);
const texts = z.array(z.string()).readonly();
const id = z.int().min(1).max(LARGEST_ID);

export const troubleReason = words<TroubleReason>({
  unreachable: true,
  busy: true,
  'not-accepting': true,
  refused: true,
  'format-refused': true,
  timeout: true,
  cut: true,
  'aborted-by-printer': true,
  'canceled-at-printer': true,
  protocol: true,
  'wrong-key': true,
  'document-unreadable': true,
  canceled: true,
});

/** `not-yours`: a job that may only be claimed, or printed. `internal`: the gateway failed; its log says how. */
export const refusalReason = words<ReleaseRefusal | 'not-yours' | 'internal'>({
  'job-not-found': true,
  'job-not-held': true,
  'job-delayed': true,
  'printer-not-for-queue': true,
  'queue-paused': true,
  'printer-gone': true,
  'job-password-needed': true,
  'job-password-wrong': true,
  'job-password-throttled': true,
  conflict: true,
  'not-yours': true,
  internal: true,
});
export type RefusalReason = z.infer<typeof refusalReason>;

/** Another printer that can do what this one can't. */
export const nearest = z.object({
  'printer-name': z.string(),
  'printer-info': z.string(),
  'printer-location': z.string(),
});
export type WireNearest = Readonly<z.infer<typeof nearest>>;

/** What the job asks for and the chosen printer can't do. */
export const wireConflict = z.object({
  attribute: z.string(),
  value: z.string(),
  nearest: nearest.exactOptional(),
});
export type WireConflict = z.infer<typeof wireConflict>;

/** A job, in IPP's words. A claimable one has no name, no user and no ticket. */
export const wireJob = z.object({
  'job-id': id,
  'job-name': z.string().exactOptional(),
  'job-state': words<JobState>({
    'pending-held': true,
    pending: true,
    processing: true,
    completed: true,
    canceled: true,
    aborted: true,
  }),
  'job-state-reasons': texts,
  /** RFC 3339, in the gateway's time zone. */
  'date-time-at-creation': z.string(),
  'job-k-octets': count.exactOptional(),
  'job-impressions': count.exactOptional(),
  copies: z.int().min(1).exactOptional(),
  sides: z.string().exactOptional(),
  'print-color-mode': z.string().exactOptional(),
  /** What the client called its user; a claim. */
  'job-originating-user-name': z.string().exactOptional(),
  /** Address of the client. */
  'job-originating-host-name': z.string(),
  /** Belongs to nobody; printing it here makes it the person's. */
  claimable: z.boolean(),
  /** It may be printed and kept. */
  'may-keep': z.literal(true).exactOptional(),
  /** Whose it is, where somebody delegated theirs. */
  owner: z.object({ 'display-name': z.string() }).exactOptional(),
  /** How the last try to print it ended, when that was not well. */
  trouble: z
    .object({ outcome: z.enum(['not-printed', 'aborted', 'unknown']), reason: troubleReason })
    .exactOptional(),
  /** After a cut: the first page that did not come out. */
  'resume-page': z.int().min(1).exactOptional(),
  conflicts: z.array(wireConflict).readonly().exactOptional(),
});
export type WireJob = Readonly<z.infer<typeof wireJob>>;

export const wirePrinter = z.object({
  'printer-name': z.string(),
  'printer-info': z.string(),
  'printer-location': z.string(),
  'printer-state': z.enum(['idle', 'processing', 'stopped', 'unknown']),
  'printer-state-reasons': texts,
  'printer-is-accepting-jobs': z.boolean(),
});
export type WirePrinter = Readonly<z.infer<typeof wirePrinter>>;

/** What can be changed before a release: for each attribute the values that the printer takes. */
export const wireSupported = z.object({
  /** The most. */
  copies: z.int().min(1).exactOptional(),
  sides: texts.exactOptional(),
  'print-color-mode': texts.exactOptional(),
  'media-source': texts.exactOptional(),
  finishings: texts.exactOptional(),
  /** `first-page` can be asked for: the last page that it may be, where pages are known. */
  'first-page': z.int().min(1).exactOptional(),
});
export type WireSupported = Readonly<z.infer<typeof wireSupported>>;

/** What the job asks for as it is. */
export const wireCurrent = z.object({
  copies: z.int().min(1).exactOptional(),
  sides: z.string().exactOptional(),
  'print-color-mode': z.string().exactOptional(),
  'media-source': z.string().exactOptional(),
  finishings: texts.exactOptional(),
});
export type WireCurrent = Readonly<z.infer<typeof wireCurrent>>;

/** The printer said so; impressions if it counted. */
export const completed = z.object({
  outcome: z.literal('completed'),
  'job-impressions-completed': count.exactOptional(),
});
/** The printer took all of it and says nothing of pages. */
export const delivered = z.object({ outcome: z.literal('delivered') });
export const troubled = z.object({
  outcome: z.enum(['not-printed', 'aborted', 'unknown']),
  reason: troubleReason.exactOptional(),
  /** The printer is out of order: the nearest one that prints it. */
  nearest: nearest.exactOptional(),
});
export const canceled = z.object({ outcome: z.literal('canceled') });
export const refused = z.object({ outcome: z.literal('refused'), reason: refusalReason });

/** How one job of a release or a cancel ended. */
export type Outcome = Readonly<
  z.infer<typeof completed | typeof delivered | typeof troubled | typeof canceled | typeof refused>
>;
