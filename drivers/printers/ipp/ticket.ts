/** The part of a job's ticket that goes to the printer: what it says that it can do. */
import { Attributes } from '../../../ipp/model.ts';
import { isSupported } from '../../../ipp/vocabulary/supported.ts';

/** What concerns the paper. When to print and for whom is the gateway's business. */
const FORWARDED = new Set([
  'copies',
  'finishings',
  'finishings-col',
  'job-sheets',
  'media',
  'media-col',
  'multiple-document-handling',
  'number-up',
  'orientation-requested',
  'output-bin',
  'overrides',
  'page-ranges',
  'print-color-mode',
  'print-content-optimize',
  'print-quality',
  'print-rendering-intent',
  'print-scaling',
  'printer-resolution',
  'sides',
]);

/** @param printer what it told of itself; undefined when it never answered: then only what every printer has. */
export function ticketFor(ticket: Attributes, printer: Attributes | undefined): Attributes {
  if (printer === undefined) return new Attributes();
  return ticket.filter(
    (attribute) =>
      FORWARDED.has(attribute.name) &&
      printer.has(`${attribute.name}-supported`) &&
      isSupported(attribute, printer),
  );
}
