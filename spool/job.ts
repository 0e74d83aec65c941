/** A job as the gateway keeps it in memory: an immutable record, replaced at every change. */
import type { PrintProgress, TroubleReason } from '../drivers/printers/port.ts';
import type { PersonId } from '../identity/person.ts';
import type { Attributes } from '../ipp/model.ts';
import type { PageCount } from './formats/pages/page-count.ts';
import type { ClientWait, JobPassword, Printed, ReleaseAction, StorageDisposition } from './holding.ts';
import type { TicketChanges } from './release/choices/changes.ts';

declare const jobId: unique symbol;

/** `job-id`: 1 to 2^31-1, never used twice. */
export type JobId = number & { readonly [jobId]: true };

/** @throws RangeError outside 1 to 2^31-1. */
export function JobId(value: number): JobId {
  if (!Number.isInteger(value) || value < 1 || value > 2 ** 31 - 1)
    throw new RangeError(`not a job id: ${value}`);
  return value as JobId;
}

/**
 * `job-state` (RFC 8011 §5.3.7). `pending-held` until somebody releases it, `pending` while it waits for its turn at the
 * printer, `processing` while it is sent and printed.
 */
export type JobState = 'pending-held' | 'pending' | 'processing' | 'completed' | 'canceled' | 'aborted';

/**
 * `verified`: by password or personal token. `named`: by a submitter token that may name this person. `claimed`: the client
 * said so and the queue trusts it. `at-panel`: somebody took an unowned job there.
 */
export type OwnerProof = (typeof OWNER_PROOFS)[number];
export const OWNER_PROOFS = ['verified', 'named', 'claimed', 'at-panel'] as const;

/** Who may release, hold and cancel a job; the answer of `intake/ownership.ts`. */
export type Owner =
  | { readonly kind: 'person'; readonly person: PersonId; readonly proof: OwnerProof }
  | { readonly kind: 'unowned' };

/** Where a job came from. */
export interface Submitter {
  /** The client's address, as text. */
  readonly address: string;
  /** `requesting-user-name` as sent; a claim. Empty when there was none. */
  readonly claimedName: string;
  /** User name of the person that the sender proved to be. */
  readonly verifiedName?: string;
  /** Id of the submitter token that it came by. */
  readonly token?: string;
}

/** One of a job's documents. */
export interface DocumentPart {
  /** Media type, detected or declared. */
  readonly format: string;
  readonly octets: number;
  /** `job-impressions` as the client claims it; what was counted goes before it. */
  readonly impressions?: number;
  /** Undefined until it is counted, after acceptance. */
  readonly count?: PageCount;
}

/** What a job prints. */
export interface JobDocument extends DocumentPart {
  /**
   * Where the job has several documents: what each is, in their order; they are kept one behind the other. The format is
   * then that of the first. Not known any more of jobs that ended in an earlier run.
   */
  readonly parts?: readonly DocumentPart[];
}

/** By what a request is known that comes again. */
export type ReleaseKey = Pick<Release, 'key' | 'by'>;

/** One try to print; the last one is kept with the job. */
export interface Release {
  readonly printer: string;
  /** Given by the panel; a second request with the same key is the same release. */
  readonly key: string;
  readonly by: PersonId | 'queue';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What whoever released it wants otherwise than the ticket says. */
  readonly changes?: TicketChanges;
  /** It stays held after it was printed. */
  readonly keep?: true;
}

/** Why the last release did not end well. `unknown`: pages may have come out. */
export interface ReleaseTrouble {
  readonly reason: TroubleReason;
  readonly outcome: 'not-printed' | 'aborted' | 'unknown';
  readonly printer: string;
  readonly at: number;
}

/** News while a job is on its way out. `waiting`: the printer is not ready for it, and will be asked again. */
export type JobProgress = PrintProgress | { readonly kind: 'waiting'; readonly reason: TroubleReason };

/** `no-hold`, `indefinite` or another keyword of `job-hold-until`; what the client asked, beside the queue's own policy. */
export type HoldUntil = string;

export interface Job {
  readonly id: JobId;
  /** `job-uuid`: `urn:uuid:…` */
  readonly uuid: string;
  /** Name of the queue that took it. */
  readonly queue: string;
  readonly state: JobState;
  readonly owner: Owner;
  readonly submitter: Submitter;
  /** `job-name`; text from outside. */
  readonly name: string;
  /** Job template attributes as sent. */
  readonly ticket: Attributes;
  readonly holdUntil: HoldUntil;
  /** When the client's hold ends by itself. */
  readonly holdUntilTime?: number;
  /** `job-delay-output-until` and its time. */
  readonly delayOutput?: ClientWait;
  readonly releaseAction: ReleaseAction;
  /** With `releaseAction` `job-password`. */
  readonly password?: JobPassword;
  /** What the client asked of storage, if anything. */
  readonly storage?: StorageDisposition;
  /** `job-cancel-after` of its sender: it is removed then, whatever it waits for. */
  readonly endsAt?: number;
  /** It is kept until then after it was printed; undefined: it is not kept. Never after `expiresAt`. */
  readonly keepUntil?: number;
  /** Lies in store: it comes out only when somebody asks for it, whatever the queue's policy. */
  readonly stored?: true;
  /** The last good print of a job that is kept. */
  readonly printed?: Printed;
  /** Undefined until all of it has arrived and is on disk. */
  readonly document?: JobDocument;
  /** Its document is arriving just now. */
  readonly receiving?: true;
  /** When the last of several documents came, while more are waited for. */
  readonly gatheredAt?: number;
  /** Milliseconds since 1970, like all times here. */
  readonly createdAt: number;
  /** When it began to be printed last. */
  readonly processingAt?: number;
  /** When it came to its end. */
  readonly completedAt?: number;
  /** Milliseconds since 1970; when it is removed if nobody prints it. */
  readonly expiresAt: number;
  readonly release?: Release;
  /** Those before it, the latest last, so that a request of one of them that comes again prints nothing. */
  readonly earlierReleases?: readonly ReleaseKey[];
  readonly trouble?: ReleaseTrouble;
  /** `job-impressions-completed`, only when the printer counted. */
  readonly impressionsCompleted?: number;
  /** Set at the end: the printer's own word, or only that it took every octet. */
  readonly confirmation?: 'completed' | 'delivered';
  /**
   * Set when it was cancelled, by whom (`person`: who may print it), or because its time was over; `system`: aborted, as
   * its documents did not all come.
   */
  readonly endedBy?: Canceler | 'time' | 'system';
}

/** Who cancels a job: somebody whose job it is, or whoever comes by an operator's token or the gateway's own command line. */
export type Canceler = 'person' | 'operator';

/** True once nothing more will happen to the job (RFC 8011 §5.3.7.1). */
export function isTerminal(state: JobState): boolean {
  return state === 'completed' || state === 'canceled' || state === 'aborted';
}

/** Whether this release was asked for before, however it ended. */
export function isKnownRelease({ release, earlierReleases = [] }: Job, { key, by }: ReleaseKey): boolean {
  const known = release === undefined ? earlierReleases : [...earlierReleases, release];
  return known.some((each) => each.key === key && each.by === by);
}

export function isOwnedBy(job: Job, person: PersonId): boolean {
  return job.owner.kind === 'person' && job.owner.person === person;
}
