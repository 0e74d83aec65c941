/** Which IPP status a request gets that could not be read, or whose document could not. */
import type { DecodeFailure } from '../codec/errors.ts';
import { Status } from '../vocabulary/status.ts';
import type { BodyFailure } from './body.ts';

export function statusOf(failure: DecodeFailure | BodyFailure): Status {
  const { code } = failure;
  switch (code) {
    case 'message-malformed':
    case 'message-truncated':
      return Status.clientErrorBadRequest;
    case 'message-too-large':
    case 'document-too-large':
      return Status.clientErrorRequestEntityTooLarge;
    case 'value-too-long':
      return Status.clientErrorRequestValueTooLong;
    case 'charset-not-supported':
      return Status.clientErrorCharsetNotSupported;
    case 'client-stalled':
    case 'client-too-slow':
      return Status.clientErrorTimeout;
    case 'client-gone':
    case 'request-answered':
      return Status.serverErrorInternalError;
    default:
      return code satisfies never;
  }
}
