/** Status codes (IANA IPP registry; RFC 8011 Appendix B). */
import { enumName } from './names.ts';

export const Status = {
  successfulOk: 0x0000,
  successfulOkIgnoredOrSubstitutedAttributes: 0x0001,
  successfulOkConflictingAttributes: 0x0002,
  successfulOkIgnoredSubscriptions: 0x0003,
  successfulOkTooManyEvents: 0x0005,
  successfulOkEventsComplete: 0x0007,
  clientErrorBadRequest: 0x0400,
  clientErrorForbidden: 0x0401,
  clientErrorNotAuthenticated: 0x0402,
  clientErrorNotAuthorized: 0x0403,
  clientErrorNotPossible: 0x0404,
  clientErrorTimeout: 0x0405,
  clientErrorNotFound: 0x0406,
  clientErrorGone: 0x0407,
  clientErrorRequestEntityTooLarge: 0x0408,
  clientErrorRequestValueTooLong: 0x0409,
  clientErrorDocumentFormatNotSupported: 0x040a,
  clientErrorAttributesOrValuesNotSupported: 0x040b,
  clientErrorUriSchemeNotSupported: 0x040c,
  clientErrorCharsetNotSupported: 0x040d,
  clientErrorConflictingAttributes: 0x040e,
  clientErrorCompressionNotSupported: 0x040f,
  clientErrorCompressionError: 0x0410,
  clientErrorDocumentFormatError: 0x0411,
  clientErrorDocumentAccessError: 0x0412,
  clientErrorAttributesNotSettable: 0x0413,
  clientErrorIgnoredAllSubscriptions: 0x0414,
  clientErrorTooManySubscriptions: 0x0415,
  clientErrorDocumentPasswordError: 0x0418,
  clientErrorDocumentPermissionError: 0x0419,
  clientErrorDocumentSecurityError: 0x041a,
  clientErrorDocumentUnprintableError: 0x041b,
  clientErrorAccountInfoNeeded: 0x041c,
  clientErrorAccountClosed: 0x041d,
  clientErrorAccountLimitReached: 0x041e,
  clientErrorAccountAuthorizationFailed: 0x041f,
  clientErrorNotFetchable: 0x0420,
  serverErrorInternalError: 0x0500,
  serverErrorOperationNotSupported: 0x0501,
  serverErrorServiceUnavailable: 0x0502,
  serverErrorVersionNotSupported: 0x0503,
  serverErrorDeviceError: 0x0504,
  serverErrorTemporaryError: 0x0505,
  serverErrorNotAcceptingJobs: 0x0506,
  serverErrorBusy: 0x0507,
  serverErrorJobCanceled: 0x0508,
  serverErrorMultipleDocumentJobsNotSupported: 0x0509,
  serverErrorPrinterIsDeactivated: 0x050a,
  serverErrorTooManyJobs: 0x050b,
  serverErrorTooManyDocuments: 0x050c,
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** True for the whole class of successful codes, vendors' too. */
export function isSuccessful(code: number): boolean {
  return code >= 0 && code <= 0xff;
}

/** `client-error-not-found`; a code that is not in {@link Status} as its number. */
export function statusName(code: number): string {
  return code in codes ? enumName(Status, code) : `0x${code.toString(16).padStart(4, '0')}`;
}

const codes: Readonly<Record<number, true>> = Object.fromEntries(
  Object.values(Status).map((code) => [code, true]),
);
