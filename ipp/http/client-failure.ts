/** Why a printer gave no answer. */
import { Failure, type FailureOptions } from '../../base/errors.ts';

/**
 * - `unreachable`: no connection: no such name, no route, refused, a certificate that is not accepted.
 * - `wrong-key`: the connection's TLS key is not the one it has to be; nothing was sent.
 * - `timeout`: no connection, no progress or no answer in time.
 * - `cut`: the connection broke after it was made.
 * - `protocol`: an answer that is not IPP over HTTP.
 * - `http-status`: another HTTP status than 200.
 * - `document-unreadable`: the document's source failed, or gave another number of octets than was said.
 * - `canceled`: the caller aborted.
 */
export type ClientCode =
  | 'unreachable'
  | 'wrong-key'
  | 'timeout'
  | 'cut'
  | 'protocol'
  | 'http-status'
  | 'document-unreadable'
  | 'canceled';

export interface ClientFailureOptions extends FailureOptions {
  readonly documentStarted?: boolean;
  readonly httpStatus?: number;
  readonly challenge?: string;
}

export class IppClientFailure extends Failure {
  declare readonly code: ClientCode;
  /** True when an octet of the document was handed to the connection: something may have been printed. */
  readonly documentStarted: boolean;
  /** With `http-status`. */
  readonly httpStatus: number | undefined;
  /** `WWW-Authenticate` of a 401. */
  readonly challenge: string | undefined;

  constructor(code: ClientCode, message: string, options: ClientFailureOptions = {}) {
    super(code, message, options);
    this.documentStarted = options.documentStarted ?? false;
    this.httpStatus = options.httpStatus;
    this.challenge = options.challenge;
  }
}
