/** How printers differ from the standard, and what is done about each: data. `ladder.ts` climbs down it. */
import { type Milliseconds, Seconds } from '../../../base/units.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { type Habits, plainUserName, VERSIONS, withVersion } from './habits.ts';

/** A request that was refused before, or instead of, making a job of it. */
export interface Refusal {
  readonly operation: Operation;
  /** Of IPP; undefined where the answer was none of IPP. */
  readonly status?: number;
  /** Of HTTP, where it was not 200. */
  readonly httpStatus?: number;
  readonly userName: string;
  /** Of the document; undefined where there is none. */
  readonly format?: string;
  /** Formats that the printer says it takes. */
  readonly formats: readonly string[];
}

export interface Quirk {
  readonly name: string;
  /** Which printers do this, or what it looks like. */
  readonly why: string;
  /** Any unless told. */
  readonly at?: readonly Operation[];
  readonly statuses?: readonly number[];
  readonly httpStatuses?: readonly number[];
  /** How the printer is talked to from now on; undefined when this is done already, or cannot help. */
  change(habits: Habits, refusal: Refusal): Habits | undefined;
}

const { validateJob, createJob, sendDocument, printJob, getPrinterAttributes } = Operation;
const NAMING_USERS = [validateJob, createJob, printJob];
const OCTET_STREAM = 'application/octet-stream';

/** In the order in which they are tried: the likelier, and what costs less, first. */
export const QUIRKS: readonly Quirk[] = [
  {
    name: 'no-validate-job',
    why: 'Older and small printers have no Validate-Job. What is in the way shows at the next step.',
    at: [validateJob],
    statuses: [Status.serverErrorOperationNotSupported, Status.clientErrorNotFound],
    httpStatuses: [501],
    change: (habits) => ({ ...habits, validates: false }),
  },
  {
    name: 'no-create-job',
    why: 'Create-Job is optional in IPP 1.1 (RFC 8011 §4.2.4).',
    at: [createJob],
    statuses: [Status.serverErrorOperationNotSupported],
    httpStatuses: [501],
    change: (habits) => ({ ...habits, documents: 'print-job' }),
  },
  {
    name: 'no-send-document',
    why: 'Takes Create-Job, and then knows no Send-Document, or not the job that it has just made.',
    at: [sendDocument],
    statuses: [Status.serverErrorOperationNotSupported, Status.clientErrorNotFound],
    change: (habits) => ({ ...habits, documents: 'print-job' }),
  },
  {
    name: 'user-names',
    why: 'Refuses a user name with other characters than letters and digits (OpenPrinting/cups#1145).',
    at: NAMING_USERS,
    statuses: [Status.clientErrorBadRequest, Status.serverErrorInternalError],
    change: (habits, { userName }) =>
      habits.userNames === 'alphanumeric' || plainUserName(userName) === userName
        ? undefined
        : { ...habits, userNames: 'alphanumeric' },
  },
  {
    name: 'no-chunks',
    why: 'Speaks HTTP/1.0, or a little of 1.1: takes a body only when its length is told before.',
    at: [sendDocument, printJob],
    httpStatuses: [400, 411, 501],
    change: (habits) => (habits.framing === 'length' ? undefined : { ...habits, framing: 'length' }),
  },
  {
    name: 'version',
    why: 'Speaks an older IPP only; some say so by bad-request or HTTP 400 and not by the status that is there for it.',
    at: [getPrinterAttributes, validateJob, createJob, printJob],
    statuses: [Status.serverErrorVersionNotSupported, Status.clientErrorBadRequest],
    httpStatuses: [400, 505],
    change: (habits) => {
      const older = VERSIONS[VERSIONS.indexOf(habits.version) + 1];
      return older === undefined ? undefined : withVersion(habits, older);
    },
  },
  {
    name: 'validate-job-broken',
    why: 'Has a Validate-Job that refuses what Create-Job takes.',
    at: [validateJob],
    statuses: [Status.clientErrorBadRequest, Status.serverErrorInternalError],
    httpStatuses: [400, 500],
    change: (habits) => ({ ...habits, validates: false }),
  },
  {
    name: 'octet-stream',
    why: 'Lists a format, and takes it only without a name, finding out itself what it is.',
    at: [validateJob, sendDocument, printJob],
    statuses: [Status.clientErrorDocumentFormatNotSupported],
    change: (habits, { format, formats }) =>
      format === undefined ||
      !formats.includes(format) ||
      !formats.includes(OCTET_STREAM) ||
      habits.asOctetStream.includes(format)
        ? undefined
        : { ...habits, asOctetStream: [...habits.asOctetStream, format] },
  },
];

/** The first thing that is not done yet and may help; undefined when the refusal is to be believed. */
export function nextQuirk(habits: Habits, refusal: Refusal): { quirk: Quirk; habits: Habits } | undefined {
  for (const quirk of QUIRKS) {
    if (quirk.at !== undefined && !quirk.at.includes(refusal.operation)) continue;
    const isIt =
      refusal.status === undefined
        ? quirk.httpStatuses?.includes(refusal.httpStatus ?? 0)
        : quirk.statuses?.includes(refusal.status);
    const changed = isIt ? quirk.change(habits, refusal) : undefined;
    if (changed !== undefined) return { quirk, habits: changed };
  }
  return undefined;
}

/** Errors that pass by themselves: the same is asked again after each of these waits. */
export const REPEATS: ReadonlyMap<number, readonly Milliseconds[]> = new Map([
  // Small printers answer so while they are still at the job before.
  [Status.serverErrorInternalError, [Seconds(0.25), Seconds(0.5), Seconds(1), Seconds(2)]],
]);
