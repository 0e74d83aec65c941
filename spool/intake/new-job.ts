/** What Validate-Job, Print-Job and Create-Job have in common: whether a job may come in, and what it will be. */
import { randomUUID } from 'node:crypto';
import { displayable } from '../../base/text.ts';
import type { Attribute, Attributes } from '../../ipp/model.ts';
import { read } from '../../ipp/vocabulary/read.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { releaseActionsOf } from '../holding.ts';
import type { Job, Submitter } from '../job.ts';
import type { Call } from './call.ts';
import { readTerms, withoutTerms } from './holding/terms.ts';
import { type Compression, isCompression } from './inflate.ts';
import { type NotTaken, ownerOf, type Requester } from './ownership.ts';
import { Refusal } from './refusal.ts';
import { type Subscribed, subscribe } from './subscribe.ts';
import { checkTicket } from './ticket.ts';

/** A job that would be taken, but for its id. */
export type JobDraft = Omit<Job, 'id'>;

export interface Admission {
  readonly draft: JobDraft;
  /** Ignored, because the client did not insist (RFC 8011 §4.2.1.2). */
  readonly unsupported: Attributes;
  readonly status: Status;
}

/** Longest name that a driverless client sends, in UTF-16 units. */
const LONGEST_NAME = 255;

/** @param printer the queue's attributes. @throws Refusal */
export async function admitJob(call: Call, printer: Attributes): Promise<Admission> {
  if (!call.intake.conditions.of(call.queue.name).accepting) {
    throw new Refusal(Status.serverErrorNotAcceptingJobs, 'an operator has closed this printer for new jobs');
  }
  await call.intake.room.checkDisk();
  checkDocument(call, printer);
  const uuid = `urn:uuid:${randomUUID()}`;
  const { terms, unsupported: unsupportedTerms } = readTerms(
    call,
    uuid,
    releaseActionsOf(call.queue, call.intake.hasPanel(call.queue)),
  );
  const { conflicts, ...checked } = checkTicket(withoutTerms(call.group('job')), printer);
  const unsupported = checked.unsupported.with(unsupportedTerms);
  if (unsupported.size > 0 && call.operation('ipp-attribute-fidelity') === true) {
    throw new Refusal(
      conflicts ? Status.clientErrorConflictingAttributes : Status.clientErrorAttributesOrValuesNotSupported,
      'the job asks for what this printer cannot do, and insists on it',
      unsupported,
    );
  }
  const owner = ownerOf(call.queue, call.requester, call.intake.personOf);
  if (typeof owner === 'string') throw new Refusal(Status.clientErrorNotAuthorized, NOT_TAKEN[owner]);
  const now = call.intake.clock.now();
  const name = call.operation('job-name') ?? call.operation('document-name') ?? '';
  const draft: JobDraft = {
    uuid,
    queue: call.queue.name,
    state: 'pending-held',
    owner,
    submitter: submitterOf(call.requester),
    name: displayable(name, LONGEST_NAME) || 'Untitled',
    ticket: checked.ticket,
    createdAt: now,
    ...terms,
  };
  call.intake.room.checkJob(draft);
  return { draft, unsupported, status: statusOf(unsupported, conflicts) };
}

function statusOf(unsupported: Attributes, conflicts: boolean): Status {
  if (conflicts) return Status.successfulOkConflictingAttributes;
  return unsupported.size === 0 ? Status.successfulOk : Status.successfulOkIgnoredOrSubstitutedAttributes;
}

const NOT_TAKEN: Readonly<Record<NotTaken, string>> = {
  'must-authenticate': 'this printer wants a password or a token: see /auth behind its address',
  unowned: 'this printer only takes jobs of people that it knows',
};

function submitterOf({ address, claimedName, verifiedName, token }: Requester): Submitter {
  return {
    address,
    claimedName,
    ...(verifiedName === undefined ? {} : { verifiedName }),
    ...(token === undefined ? {} : { token: token.id }),
  };
}

/** What the request says of the document. @throws Refusal */
export function checkDocument(call: Call, printer: Attributes): void {
  compressionOf(call);
  checkFormat(call, printer);
}

/** How the document comes packed. @throws Refusal when in a way that is not known here */
export function compressionOf(call: Call): Compression {
  const compression = call.operation('compression') ?? 'none';
  if (isCompression(compression)) return compression;
  throw new Refusal(
    Status.clientErrorCompressionNotSupported,
    'documents may be compressed by gzip or deflate',
    named(call, 'compression'),
  );
}

function checkFormat(call: Call, printer: Attributes): void {
  const format = call.operation('document-format');
  if (format === undefined || supportedFormats(printer).includes(format.toLowerCase())) return;
  throw new Refusal(
    Status.clientErrorDocumentFormatNotSupported,
    'this printer does not take documents of that format',
    named(call, 'document-format'),
  );
}

export function supportedFormats(printer: Attributes): readonly string[] {
  return (read(printer, 'document-format-supported') ?? []).map((format) => format.toLowerCase());
}

function named(call: Call, name: string): Attribute[] {
  const attribute = call.group('operation').get(name);
  return attribute === undefined ? [] : [attribute];
}

/**
 * Announces a new job, if there is room for it. Room is asked for before an id is spent, and again when it is there, as
 * others have come in meanwhile. @throws Refusal
 */
export async function takeIn(
  call: Call,
  draft: JobDraft,
  awaits: 'nothing' | 'document',
): Promise<{ readonly job: Job; readonly subscribed: Subscribed }> {
  const { room, store, jobs } = call.intake;
  const check = () => (awaits === 'document' ? room.checkOpenJob(draft) : room.checkJob(draft));
  check();
  const id = await store.newId();
  check();
  const job: Job = { id, ...draft };
  // Before it is announced, so that its own subscriptions hear of its creation.
  const subscribed = subscribe(call, id);
  jobs.announce(job);
  return { job, subscribed };
}
