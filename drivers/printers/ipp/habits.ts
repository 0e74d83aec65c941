/** What was learned of one printer: how it wants to be talked to. Kept in memory, for the next job. */
import type { Attributes } from '../../../ipp/model.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';

/** The newest first. */
export const VERSIONS = ['2.0', '1.1', '1.0'] as const;
export type Version = (typeof VERSIONS)[number];

export interface Habits {
  readonly version: Version;
  /** `print-job`: document and job in one request. */
  readonly documents: 'create-job' | 'print-job';
  readonly validates: boolean;
  readonly userNames: 'any' | 'alphanumeric';
  /** How the end of a document is told: HTTP/1.0 has no chunks. */
  readonly framing: 'chunked' | 'length';
  /** A document waits for `100 Continue` (a second at most), so that a refusal comes before it has left. */
  readonly asksFirst: boolean;
  /** Formats that it says it takes, and takes only as `application/octet-stream`. */
  readonly asOctetStream: readonly string[];
}

export const USUAL: Habits = {
  version: '2.0',
  documents: 'create-job',
  validates: true,
  userNames: 'any',
  framing: 'chunked',
  asksFirst: false,
  asOctetStream: [],
};

/** Jobs of IPP 1.0 printers go by Print-Job: few of them have made anything else of the rest. */
export function withVersion(habits: Habits, version: Version): Habits {
  return { ...habits, version, ...(version === '1.0' ? { documents: 'print-job' } : {}) };
}

/** What the printer says of itself. What it says nothing of stays as it was. */
export function toldHabits(habits: Habits, printer: Attributes): Habits {
  const versions = readLeniently(printer, 'ipp-versions-supported') ?? [];
  const version = VERSIONS.find((each) => versions.includes(each));
  const lower = version !== undefined && VERSIONS.indexOf(version) > VERSIONS.indexOf(habits.version);
  const result = lower ? withVersion(habits, version) : habits;
  const operations = readLeniently(printer, 'operations-supported') ?? [];
  if (operations.length === 0) return result;
  const creates = operations.includes(Operation.createJob) && operations.includes(Operation.sendDocument);
  return {
    ...result,
    ...(!creates && operations.includes(Operation.printJob) ? { documents: 'print-job' } : {}),
    ...(operations.includes(Operation.validateJob) ? {} : { validates: false }),
  };
}

/** A user name that every printer takes. */
export function plainUserName(name: string): string {
  return name.normalize('NFKD').replace(/[^A-Za-z0-9]/g, '') || 'anonymous';
}
