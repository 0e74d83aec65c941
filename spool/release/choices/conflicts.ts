/** What a job's ticket asks and a printer cannot do: a pure function of both. */
import type { MediaSize, PrinterDescription } from '../../../drivers/printers/description.ts';
import { isSameSize, type Size } from '../../../ipp/media-size-name.ts';
import type { Attributes } from '../../../ipp/model.ts';
import { Finishing } from '../../../ipp/vocabulary/enums.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { asMetBy } from '../../formats/conversion/served.ts';
import { UNDECLARED } from '../../formats/media-types.ts';
import { sizeOf } from '../../formats/ticket-size.ts';
import type { Job } from '../../job.ts';
import { finishingName, finishingOf } from './changes.ts';

/** Attributes that are looked at, in the order in which they are told. */
export const CONFLICTING = [
  'document-format',
  'media',
  'media-type',
  'media-source',
  'finishings',
  'sides',
  'print-color-mode',
  'copies',
  'page-ranges',
] as const;
export type Conflicting = (typeof CONFLICTING)[number];

export interface Conflict {
  readonly attribute: Conflicting;
  /** What was asked, in IPP's words; a size that the printers have no name for as `custom_…mm`. */
  readonly value: string | number;
}

/** What the job asks that is more than every printer can do, by attribute. */
type Asked = Readonly<Partial<Record<Conflicting, string | number>>>;

/**
 * @param target the printer; undefined when nothing is known of it: then nothing is said either.
 * @param media sizes that other printers have a name for.
 */
export function conflictsOf(
  { ticket, document }: Pick<Job, 'ticket' | 'document'>,
  target: PrinterDescription | undefined,
  media: readonly MediaSize[] = [],
): Conflict[] {
  if (target === undefined) return [];
  const printer = metBy(document, target);
  const size = sizeOf(ticket);
  const type = mediaMember(ticket, 'media-type');
  const source = mediaMember(ticket, 'media-source');
  const sides = readLeniently(ticket, 'sides');
  const color = readLeniently(ticket, 'print-color-mode');
  const copies = readLeniently(ticket, 'copies') ?? 1;
  const ranges = readLeniently(ticket, 'page-ranges');
  const asked: Asked = {
    ...when(
      'document-format',
      formatsOf(document).find((format) => !takes(printer, format)),
    ),
    ...when('media', size && !hasSize(printer, size) ? sizeName(size, ticket, media) : undefined),
    ...when('media-type', lacks(printer.mediaTypes, type)),
    ...when('media-source', lacks(printer.mediaSources, source)),
    ...when(
      'finishings',
      finishingsOf(ticket).find((value) => !printer.finishings.includes(value)),
    ),
    ...when('sides', sides === 'one-sided' ? undefined : lacks(printer.sides, sides)),
    ...when('print-color-mode', color !== undefined && !drawsIn(printer, color) ? color : undefined),
    ...when('copies', copies > printer.copies.upper ? copies : undefined),
    ...when('page-ranges', ranges !== undefined && printer.pageRanges !== true ? textOf(ranges) : undefined),
  };
  return CONFLICTING.flatMap((attribute) => {
    const value = asked[attribute];
    if (value === undefined) return [];
    const told = attribute === 'finishings' ? (finishingName(Number(value)) ?? value) : value;
    return [{ attribute, value: told }];
  });
}

/** Finishings that the ticket asks for, as enum values, whether by value or by name; none is none of them. */
export function finishingsOf(ticket: Attributes): number[] {
  const named = (readLeniently(ticket, 'finishings-col') ?? []).flatMap((each) => {
    const template = each['finishing-template'];
    return template === undefined ? [] : (finishingOf(template) ?? []);
  });
  const values = [...(readLeniently(ticket, 'finishings') ?? []), ...named];
  return [...new Set(values)].filter((value) => value !== Finishing.none);
}

/** `media-source` or `media-type` of the medium that the ticket asks for. */
export function mediaMember(ticket: Attributes, member: 'media-source' | 'media-type'): string | undefined {
  return readLeniently(ticket, 'media-col')?.[member];
}

/** The printer with what is done for it when it takes no such documents; of several kinds only what it does itself counts. */
export function metBy(document: Job['document'], printer: PrinterDescription): PrinterDescription {
  const [format = '', ...others] = new Set(formatsOf(document));
  return others.length === 0 ? asMetBy(format, printer) : printer;
}

/** Media types of the job's documents. */
export function formatsOf(document: Job['document']): readonly string[] {
  if (document === undefined) return [];
  return (document.parts ?? [document]).map(({ format }) => format.toLowerCase());
}

const takes = ({ formats }: PrinterDescription, format: string): boolean =>
  formats.length === 0 || format === UNDECLARED || formats.includes(format);

const hasSize = ({ media }: PrinterDescription, size: Size): boolean =>
  media.length === 0 || media.some((each) => isSameSize(each, size));

/** A printer of which it is only known that it chooses by itself may well have colour. */
const drawsIn = ({ colorModes }: PrinterDescription, mode: string): boolean =>
  mode === 'auto' ||
  mode === 'auto-monochrome' ||
  colorModes.some((each) => each === mode) ||
  (mode === 'color' && colorModes.every((each) => each === 'auto'));

/** `auto` is the printer's own choice. */
function lacks(supported: readonly string[], value: string | undefined): string | undefined {
  if (value === undefined || value === 'auto' || supported.length === 0) return undefined;
  return supported.includes(value) ? undefined : value;
}

function sizeName(size: Size, ticket: Attributes, media: readonly MediaSize[]): string {
  const known = media.find((each) => isSameSize(each, size))?.name ?? readLeniently(ticket, 'media');
  return known ?? `custom_${size.width / 100}x${size.length / 100}mm`;
}

const textOf = (ranges: readonly { readonly lower: number; readonly upper: number }[]): string =>
  ranges.map(({ lower, upper }) => `${lower}-${upper}`).join(',');

const when = <Name extends Conflicting>(name: Name, value: string | number | undefined): Asked =>
  value === undefined ? {} : { [name]: value };
