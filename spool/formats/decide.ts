/** Which format a document counts as: what the client says, what the first octets show, what the queue takes. */
import { Status } from '../../ipp/vocabulary/status.ts';
import { nameOf, UNDECLARED } from './media-types.ts';
import { hasSignature, sniffFormat } from './sniff.ts';

export type FormatDecision =
  | { readonly kind: 'taken'; readonly format: string }
  | { readonly kind: 'refused'; readonly status: Status; readonly message: string };

/**
 * The declared format, if the document's first octets do not speak against it: printer commands under the name of a PDF
 * could reprogram a printer.
 * @param declared media type that the client says it has.
 * @param head its first octets.
 * @param supported media types in lower case that the client may send to this queue.
 */
export function decideFormat(declared: string, head: Buffer, supported: readonly string[]): FormatDecision {
  const wanted = declared.toLowerCase();
  const seen = sniffFormat(head);
  if (wanted === UNDECLARED) {
    if (seen !== undefined && supported.includes(seen)) return { kind: 'taken', format: seen };
    return refused(
      Status.clientErrorDocumentFormatNotSupported,
      `${itIs(seen)}, which this printer does not take from here`,
    );
  }
  if (seen === wanted || isPdfAs(wanted, seen)) return { kind: 'taken', format: wanted };
  if ((seen === undefined || seen === 'text/plain') && !hasSignature(wanted))
    return { kind: 'taken', format: wanted };
  return refused(
    Status.clientErrorDocumentFormatError,
    `the document is said to be ${nameOf(wanted) ?? 'of another format'}, but ${itIs(seen, 'it')}`,
  );
}

/** PCLm is PDF with rules of its own. */
const isPdfAs = (wanted: string, seen: string | undefined): boolean =>
  wanted === 'application/pdf' && seen === 'application/pclm';

function itIs(seen: string | undefined, subject = 'the document'): string {
  const called = seen === undefined ? undefined : nameOf(seen);
  return called === undefined ? `${subject} is of an unknown format` : `${subject} is ${called}`;
}

const refused = (status: Status, message: string): FormatDecision => ({ kind: 'refused', status, message });
