/** The part of a job's ticket that goes to the printer: what it says that it can do. */
import { type Attribute, Attributes } from '../../../ipp/model.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
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
      (attribute.name === 'copies' ? isCopied(attribute, printer) : isSupported(attribute, printer)),
  );
}

/** Copies that the printer makes by itself. Some tell a range from 0, or only the last number of it. */
export function mostCopies(printer: Attributes): number {
  const told = printer.get('copies-supported')?.values[0];
  const upper = told?.syntax === 'rangeOfInteger' ? told.value.upper : 1;
  return Math.max(1, told?.syntax === 'integer' ? told.value : upper);
}

function isCopied({ values: [copies] }: Attribute, printer: Attributes): boolean {
  return copies?.syntax === 'integer' && copies.value >= 1 && copies.value <= mostCopies(printer);
}

/** Whether the printer says of an attribute that somebody insists on that it can do it, not only nothing against it. */
export function isPromised(name: string, ticket: Attributes, printer: Attributes | undefined): boolean {
  if (printer === undefined || !ticket.has(name)) return false;
  const media = name === 'media-col' ? ticket.get(name)?.values[0] : undefined;
  if (media?.syntax !== 'collection') return true;
  return ['media-source', 'media-type'].every(
    (member) => !media.value.has(member) || printer.has(`${member}-supported`),
  );
}

/** The ticket without what the printer names as unsupported; without all that nobody insists on when it names nothing of it. */
export function withoutRefused(
  ticket: Attributes,
  unsupported: Attributes,
  required: readonly string[],
): Attributes {
  const may = ticket.filter(({ name }) => !required.includes(name));
  const named = may.filter(({ name }) => unsupported.has(name));
  const dropped = named.size > 0 ? named : may;
  return ticket.filter(({ name }) => !dropped.has(name));
}

/** Whether a sheet may have more than one impression on it, so that a count of sheets is none of pages. */
export function countsBothSides(ticket: Attributes, printer: Attributes | undefined): boolean {
  const sides = readLeniently(ticket, 'sides') ?? (printer && readLeniently(printer, 'sides-default'));
  return sides !== undefined && sides !== 'one-sided';
}

/**
 * How often the document is to be sent, because the printer makes no copies by itself; 1 when it does, or none are asked
 * for.
 */
export function repeatsOf(ticket: Attributes, printer: Attributes | undefined): number {
  const copies = readLeniently(ticket, 'copies') ?? 1;
  if (printer === undefined || copies <= 1 || ticketFor(ticket, printer).has('copies')) return 1;
  return copies;
}
