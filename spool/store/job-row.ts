/** A job as a row and back. What tells of its content (name, submitter, ticket) goes into the sealed part. */
import { type Key, seal, unseal } from '../../base/secrets/sealing.ts';
import type { TroubleReason } from '../../drivers/printers/port.ts';
import { PersonId } from '../../identity/person.ts';
import { decodeMessage } from '../../ipp/codec/decode.ts';
import { encodeMessage } from '../../ipp/codec/encode.ts';
import { Attributes, groupOf } from '../../ipp/model.ts';
import type { PageCount } from '../formats/pages/page-count.ts';
import type { ReleaseAction } from '../holding.ts';
import {
  type DocumentPart,
  type Job,
  type JobDocument,
  JobId,
  type JobState,
  OWNER_PROOFS,
  type Owner,
  type Release,
  type ReleaseTrouble,
} from '../job.ts';
import type { JobRow, OpenRow } from './tables.ts';

/** What a living job has and an ended one has not. */
type SealedPart = Pick<Job, 'name' | 'submitter' | 'ticket'> &
  Terms & {
    /** Of a job with several documents. */
    readonly parts?: readonly DocumentPart[];
    /** Of its release. */
    readonly chosen?: Chosen;
  };

/** What was chosen with the release, beside what stands in the row's own columns. */
type Chosen = Pick<Release, 'changes' | 'keep'>;

/** On which terms it is held, printed and kept. */
type Terms = Pick<Job, (typeof TERMS)[number]>;

const TERMS = [
  'holdUntilTime',
  'delayOutput',
  'releaseAction',
  'password',
  'storage',
  'keepUntil',
  'endsAt',
  'stored',
  'printed',
  'earlierReleases',
] as const;

const TOLD_BY_SEALED = ['name', 'submitter', 'ticket', ...TERMS] as const;

/** Where the job's content is kept; `slot` is null once its key is destroyed. */
export interface Keeping {
  readonly slot: number | null;
  readonly inFile: boolean;
}

/** @param key for the job's ticket; undefined when the job has ended. */
export function rowOf(job: Job, keeping: Keeping, key: Key | undefined): JobRow {
  const sealed =
    key === undefined
      ? null
      : seal(key, encodePart({ ...job, ...partsOf(job), ...chosenOf(job) }), contextOf(job.id));
  return { ...openRowOf(job, keeping), sealed };
}

/** The row without its sealed part. */
export function openRowOf(job: Job, keeping: Keeping): OpenRow {
  return {
    id: job.id,
    uuid: job.uuid,
    queue: job.queue,
    state: job.state,
    slot: keeping.slot,
    in_file: keeping.inFile ? 1 : 0,
    owner: job.owner.kind === 'person' ? job.owner.person : null,
    proof: job.owner.kind === 'person' ? job.owner.proof : null,
    hold_until: job.holdUntil,
    format: job.document?.format ?? null,
    octets: job.document?.octets ?? null,
    impressions: job.document?.impressions ?? null,
    created_at: job.createdAt,
    processing_at: job.processingAt ?? null,
    completed_at: job.completedAt ?? null,
    expires_at: job.expiresAt,
    release_printer: job.release?.printer ?? null,
    release_key: job.release?.key ?? null,
    release_by: job.release?.by ?? null,
    release_at: job.release?.at ?? null,
    trouble_reason: job.trouble?.reason ?? null,
    trouble_outcome: job.trouble?.outcome ?? null,
    trouble_printer: job.trouble?.printer ?? null,
    trouble_at: job.trouble?.at ?? null,
    impressions_completed: job.impressionsCompleted ?? null,
    confirmation: job.confirmation ?? null,
    ended_by: job.endedBy ?? null,
    count: job.document?.count?.kind ?? null,
    pages: job.document?.count?.kind === 'counted' ? job.document.count.pages : null,
  };
}

/** Whether the sealed parts of both say the same; it may say no although they do. */
export function isSealedAlike(a: Job, b: Job): boolean {
  return (
    TOLD_BY_SEALED.every((name) => a[name] === b[name]) &&
    a.document?.parts === b.document?.parts &&
    a.release?.changes === b.release?.changes &&
    a.release?.keep === b.release?.keep
  );
}

/** @param key as for {@link rowOf}. @throws Failure `seal-broken` */
export function jobOf(row: JobRow, key: Key | undefined): Job {
  const { parts, chosen, ...part } =
    key === undefined || row.sealed === null ? ENDED : decodePart(unseal(key, row.sealed, contextOf(row.id)));
  const optional = {
    document: documentOf(row, parts),
    processingAt: row.processing_at ?? undefined,
    completedAt: row.completed_at ?? undefined,
    release: releaseOf(row, chosen),
    trouble: troubleOf(row),
    impressionsCompleted: row.impressions_completed ?? undefined,
    confirmation: (row.confirmation as Job['confirmation'] | null) ?? undefined,
    endedBy: (row.ended_by as Job['endedBy'] | null) ?? undefined,
  };
  return {
    id: JobId(row.id),
    uuid: row.uuid,
    queue: row.queue,
    state: row.state as JobState,
    owner: ownerOf(row),
    ...part,
    holdUntil: row.hold_until,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<Job>),
  };
}

/** Also of rows from before there were actions: nothing is printed by itself that should have waited. */
const DEFAULT_ACTION: ReleaseAction = 'owner-authorized';
const ENDED: SealedPart = {
  name: '',
  submitter: { address: '', claimedName: '' },
  ticket: new Attributes(),
  releaseAction: DEFAULT_ACTION,
};

const contextOf = (id: number): string => `job ticket ${id}`;

function ownerOf(row: JobRow): Owner {
  if (row.owner === null) return { kind: 'unowned' };
  const proof = OWNER_PROOFS.find((each) => each === row.proof) ?? 'claimed';
  return { kind: 'person', person: PersonId(row.owner), proof };
}

function partsOf({ document }: Job): Pick<SealedPart, 'parts'> {
  return document?.parts === undefined ? {} : { parts: document.parts };
}

function documentOf(row: JobRow, parts: SealedPart['parts']): JobDocument | undefined {
  if (row.format === null || row.octets === null) return undefined;
  const impressions = row.impressions === null ? {} : { impressions: row.impressions };
  const count = countOf(row);
  return {
    format: row.format,
    octets: row.octets,
    ...impressions,
    ...(parts === undefined ? {} : { parts }),
    ...(count === undefined ? {} : { count }),
  };
}

function countOf({ count, pages }: JobRow): PageCount | undefined {
  if (count === null) return undefined;
  if (count === 'counted') return pages === null ? undefined : { kind: 'counted', pages };
  return { kind: count as Exclude<PageCount['kind'], 'counted'> };
}

function chosenOf({ release }: Job): Pick<SealedPart, 'chosen'> {
  if (release?.changes === undefined && release?.keep === undefined) return {};
  const { changes, keep } = release;
  return { chosen: { ...(changes && { changes }), ...(keep && { keep }) } };
}

function releaseOf(row: JobRow, chosen: Chosen = {}): Release | undefined {
  if (row.release_printer === null || row.release_key === null || row.release_by === null) return undefined;
  const by = row.release_by === 'queue' ? 'queue' : PersonId(row.release_by);
  return { printer: row.release_printer, key: row.release_key, by, at: row.release_at ?? 0, ...chosen };
}

function troubleOf(row: JobRow): ReleaseTrouble | undefined {
  if (row.trouble_reason === null || row.trouble_outcome === null) return undefined;
  return {
    reason: row.trouble_reason as TroubleReason,
    outcome: row.trouble_outcome as ReleaseTrouble['outcome'],
    printer: row.trouble_printer ?? '',
    at: row.trouble_at ?? 0,
  };
}

/** Length of the JSON head as 32 bits, the head, then the ticket as an IPP message of one job group. */
function encodePart(part: SealedPart): Buffer {
  const { name, submitter, ticket, parts, chosen } = part;
  const terms = Object.fromEntries(TERMS.map((term) => [term, part[term]]));
  // What is undefined is left out by this.
  const head = Buffer.from(JSON.stringify({ name, submitter, parts, chosen, ...terms }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  const groups = [{ kind: 'job', attributes: ticket }] as const;
  return Buffer.concat([
    length,
    head,
    encodeMessage({ version: { major: 2, minor: 0 }, code: 0, requestId: 1, groups }),
  ]);
}

function decodePart(octets: Buffer): SealedPart {
  const end = 4 + octets.readUInt32BE(0);
  const head = JSON.parse(octets.toString('utf8', 4, end)) as Omit<SealedPart, 'ticket' | 'releaseAction'> &
    Partial<SealedPart>;
  return {
    ...head,
    releaseAction: head.releaseAction ?? DEFAULT_ACTION,
    ticket: groupOf(decodeMessage(octets.subarray(end)), 'job'),
  };
}
