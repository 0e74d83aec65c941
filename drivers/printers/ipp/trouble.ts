/** What an IPP printer's refusals and silences mean for a job. */
import { messageOf } from '../../../base/errors.ts';
import { printable } from '../../../base/text.ts';
import { IppClientFailure } from '../../../ipp/http/client-failure.ts';
import { groupOf, type Message } from '../../../ipp/model.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { Status, statusName } from '../../../ipp/vocabulary/status.ts';
import type { Trouble, TroubleReason } from '../port.ts';

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

/** No answer. */
export function troubleOfError(operation: string, error: unknown): Trouble {
  return { reason: reasonOf(error), detail: `${operation}: ${messageOf(error)}` };
}

function reasonOf(error: unknown): TroubleReason {
  if (!(error instanceof IppClientFailure)) return 'protocol';
  return error.code === 'http-status' ? 'protocol' : error.code;
}
