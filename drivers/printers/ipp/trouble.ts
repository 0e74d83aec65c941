/** What an IPP printer's refusals and silences mean for a job. */
import { Failure, messageOf } from '../../../base/errors.ts';
import { printable } from '../../../base/text.ts';
import { IppClientFailure } from '../../../ipp/http/client-failure.ts';
import { groupOf, type Message } from '../../../ipp/model.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { Status, statusName } from '../../../ipp/vocabulary/status.ts';
import type { PrintResult, Trouble, TroubleReason } from '../port.ts';

const REASONS = new Map<number, TroubleReason>([
  [Status.serverErrorBusy, 'busy'],
  [Status.serverErrorServiceUnavailable, 'busy'],
  [Status.serverErrorTemporaryError, 'busy'],
  [Status.serverErrorDeviceError, 'busy'],
  [Status.serverErrorTooManyJobs, 'busy'],
  [Status.serverErrorNotAcceptingJobs, 'not-accepting'],
  [Status.serverErrorPrinterIsDeactivated, 'not-accepting'],
  [Status.serverErrorJobCanceled, 'canceled-at-printer'],
  [Status.clientErrorDocumentFormatNotSupported, 'format-refused'],
  [Status.clientErrorDocumentFormatError, 'format-refused'],
  [Status.clientErrorDocumentUnprintableError, 'format-refused'],
]);

/** An answer that is no success. */
export function troubleOfAnswer(operation: string, answer: Message): Trouble {
  const said = readLeniently(groupOf(answer, 'operation'), 'status-message');
  const status = statusName(answer.code);
  const detail = `${operation}: ${status}${said === undefined || said === status ? '' : ` (${printable(said, 200)})`}`;
  // ippeveprinter names the format among the unsupported attributes instead of by its status.
  const isFormat = groupOf(answer, 'unsupported').has('document-format');
  return { reason: isFormat ? 'format-refused' : (REASONS.get(answer.code) ?? 'refused'), detail };
}

/**
 * Refused as a request, so the printer ended the job itself (RFC 8011 appendix B.1.5: busy and not-accepting-jobs are
 * of the Printer and not of this document). Client errors are such too.
 */
const REFUSALS: readonly number[] = [
  Status.serverErrorOperationNotSupported,
  Status.serverErrorVersionNotSupported,
  Status.serverErrorNotAcceptingJobs,
  Status.serverErrorBusy,
  Status.serverErrorJobCanceled,
  Status.serverErrorMultipleDocumentJobsNotSupported,
  Status.serverErrorPrinterIsDeactivated,
  Status.serverErrorTooManyJobs,
  Status.serverErrorTooManyDocuments,
];
/** RFC 8011 appendix B.1.4: 0x0400 to 0x04ff. */
const CLIENT_ERRORS = 0x04;

/**
 * Refused as a request: RFC 8011 §4.2.1 wants Print-Job to be answered so before there is a job, and who does not know an
 * operation has done nothing with it.
 */
const NO_JOB: readonly number[] = [
  ...REFUSALS.filter((status) => status !== Status.serverErrorJobCanceled),
  Status.clientErrorBadRequest,
  Status.clientErrorForbidden,
  Status.clientErrorNotAuthenticated,
  Status.clientErrorNotAuthorized,
  Status.clientErrorNotPossible,
  Status.clientErrorDocumentFormatNotSupported,
  Status.clientErrorAttributesOrValuesNotSupported,
  Status.clientErrorConflictingAttributes,
  Status.clientErrorCharsetNotSupported,
];

/** Whether the printer's answer to a request with a document says that no job came of it, though octets had left. */
export function madeNoJob(operation: Operation, answer: Message): boolean {
  if (answer.code === Status.serverErrorOperationNotSupported) return true;
  if (operation !== Operation.printJob || !NO_JOB.includes(answer.code)) return false;
  return !answer.groups.some(({ kind }) => kind === 'job');
}

/** HTTP's own refusals, which come before anybody looks at the body. */
const REFUSED_BY_HTTP: readonly number[] = [401, 411, 417, 426, 501, 505];

export function refusedByHttp(httpStatus: number | undefined): boolean {
  return httpStatus !== undefined && REFUSED_BY_HTTP.includes(httpStatus);
}

/**
 * An answer to Send-Document or Print-Job that is no success, after an octet of the document had left. A printer that prints while it
 * receives may have pages out by then, so it is never `not-printed`. A refusal is the printer's word that it ended the
 * job; after an error of its own (a jam, say: device-error) nobody knows.
 */
export function troubleAfterDocument(operation: string, answer: Message): PrintResult {
  const trouble = troubleOfAnswer(operation, answer);
  if (answer.code >> 8 === CLIENT_ERRORS || REFUSALS.includes(answer.code)) {
    return { outcome: 'aborted', trouble };
  }
  return { outcome: 'unknown', trouble: { ...trouble, reason: 'aborted-by-printer' } };
}

/** No answer. */
export function troubleOfError(operation: string, error: unknown): Trouble {
  return { reason: reasonOf(error), detail: `${operation}: ${messageOf(error)}` };
}

function reasonOf(error: unknown): TroubleReason {
  // The intent that was not kept: known here before the request is made, where the document is to be in memory first.
  if (error instanceof Failure && error.code === 'document-unreadable') return error.code;
  if (!(error instanceof IppClientFailure)) return 'protocol';
  if (error.code !== 'http-status') return error.code;
  return error.httpStatus === 401 || error.httpStatus === 403 ? 'refused' : 'protocol';
}
