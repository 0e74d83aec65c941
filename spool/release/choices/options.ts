/** What of a job can be chosen anew before it is printed at a printer, and whether a choice can be done there. */
import type { ColorMode, PrinterDescription, Sides } from '../../../drivers/printers/description.ts';
import { isSameSize } from '../../../ipp/media-size-name.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { APPLE_RASTER, PDF, PWG_RASTER } from '../../formats/conversion/paths.ts';
import { isOpen } from '../../formats/media-types.ts';
import { sizeOf } from '../../formats/ticket-size.ts';
import type { Job } from '../../job.ts';
import { type Changeable, changedNames, finishingName, pageRangesOf, type TicketChanges } from './changes.ts';
import { finishingsOf, formatsOf, mediaMember, metBy } from './conflicts.ts';

/** What may be chosen; what is not there cannot be changed. Every list has at least two. */
export interface Supported {
  /** The most of them: 2 to 9999. */
  readonly copies?: number;
  readonly sides?: readonly Sides[];
  readonly 'print-color-mode'?: readonly ColorMode[];
  readonly 'media-source'?: readonly string[];
  /** Keywords; `none` first. */
  readonly finishings?: readonly string[];
  /** The last page that it may begin with. */
  readonly 'first-page'?: number;
}

export interface TicketOptions {
  readonly supported: Supported;
  /** What the ticket says; what it does not say is left to the printer. */
  readonly current: Omit<TicketChanges, 'first-page'>;
}

type Content = Pick<Job, 'ticket' | 'document'>;

/** Of `urf-supported`: backs are drawn as fronts are. */
const BACKS_AS_FRONTS = 'DM1';

/** @param printer undefined when nothing is known of it: then nothing can be chosen. */
export function optionsFor(job: Content, printer: PrinterDescription | undefined): TicketOptions {
  return { supported: supportedBy(job, printer), current: currentOf(job) };
}

/** What of these changes cannot be done at this printer. */
export function refusedChanges(
  changes: TicketChanges,
  job: Content,
  printer: PrinterDescription | undefined,
): Changeable[] {
  const changed = changedNames(changes);
  if (changed.length === 0) return [];
  const supported = supportedBy(job, printer);
  return changed.filter((name) => {
    switch (name) {
      case 'copies':
      case 'first-page': {
        const value = changes[name] ?? 0;
        return !Number.isInteger(value) || value < 1 || value > (supported[name] ?? 0);
      }
      case 'finishings':
        return !areFinishings(changes.finishings ?? [], supported.finishings ?? []);
      default: {
        const values: readonly string[] = supported[name] ?? [];
        return !values.includes(changes[name] ?? '');
      }
    }
  });
}

/** None at all, or some once each, but not `none` beside others. */
function areFinishings(chosen: readonly string[], supported: readonly string[]): boolean {
  if (supported.length === 0 || new Set(chosen).size !== chosen.length) return false;
  if (chosen.length > 1 && chosen.includes('none')) return false;
  return chosen.every((each) => supported.includes(each));
}

function supportedBy(job: Content, target: PrinterDescription | undefined): Supported {
  const formats = formatsOf(job.document);
  if (target === undefined || formats.length === 0) return {};
  const printer = metBy(job.document, target);
  if (printer.ignoresTicket) return {};
  // A printer language says in the document how it is to be printed, and that goes before the ticket.
  if (!formats.every(isOpen)) return {};
  const { copies, colorModes } = printer;
  const finishings = printer.finishings.flatMap((value) => finishingName(value) ?? []);
  const lastPage = formats.length === 1 && formats[0] === PDF ? lastPageOf(job) : undefined;
  return {
    ...(copies.upper > 1 ? { copies: copies.upper } : {}),
    ...(formats.every((format) => turnsBacks(printer, format)) ? choice('sides', printer.sides) : {}),
    ...choice('print-color-mode', colorModes),
    ...choice('media-source', sourcesFor(job, printer)),
    ...choice('finishings', [...new Set(['none', ...finishings])]),
    ...(printer.pageRanges && lastPage !== undefined && lastPage > 1 ? { 'first-page': lastPage } : {}),
  };
}

/** Where there is nothing to choose from there is no choice. */
const choice = <Name extends string, T>(name: Name, values: readonly T[]): { [N in Name]?: readonly T[] } =>
  (values.length < 2 ? {} : { [name]: values }) as { [N in Name]?: readonly T[] };

/** A client draws the backs of a raster as its printer wants them: only where that changes nothing may sides change. */
function turnsBacks({ pwgRaster, urf, converted }: PrinterDescription, format: string): boolean {
  if (converted?.includes(format)) return true;
  if (format === PWG_RASTER) return pwgRaster?.sheetBack === 'normal';
  if (format === APPLE_RASTER) return urf?.includes(BACKS_AS_FRONTS) === true;
  return true;
}

/** Trays with the paper that the job wants, and those of which nobody knows. */
function sourcesFor({ ticket }: Content, { mediaSources, trays = [], media }: PrinterDescription): string[] {
  const size = sizeOf(ticket);
  if (size === undefined) return [...mediaSources];
  return mediaSources.filter((source) => {
    const loaded = trays.filter((tray) => tray.source === source);
    const sizes = loaded.flatMap((tray) => media.filter(({ name }) => name === tray.media));
    return loaded.length === 0 || sizes.some((each) => isSameSize(each, size));
  });
}

/** The last page that the ticket chooses; undefined when nobody has counted. */
function lastPageOf({ ticket, document }: Content): number | undefined {
  if (document?.count?.kind !== 'counted') return undefined;
  const { pages } = document.count;
  const last = Math.max(0, ...pageRangesOf(ticket).map(({ upper }) => Math.min(upper, pages)));
  const isThere = pageRangesOf(ticket).some(({ lower, upper }) => lower <= last && last <= upper);
  return isThere ? last : undefined;
}

const SIDES: readonly Sides[] = ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge'];
const COLOR_MODES: readonly ColorMode[] = [
  'auto',
  'color',
  'monochrome',
  'auto-monochrome',
  'bi-level',
  'process-monochrome',
];

function currentOf({ ticket }: Content): TicketOptions['current'] {
  const sides = SIDES.find((each) => each === readLeniently(ticket, 'sides'));
  const color = COLOR_MODES.find((each) => each === readLeniently(ticket, 'print-color-mode'));
  const source = mediaMember(ticket, 'media-source');
  const finishings = finishingsOf(ticket).flatMap((value) => finishingName(value) ?? []);
  return {
    copies: readLeniently(ticket, 'copies') ?? 1,
    ...(sides === undefined ? {} : { sides }),
    ...(color === undefined ? {} : { 'print-color-mode': color }),
    ...(source === undefined ? {} : { 'media-source': source }),
    ...(finishings.length === 0 ? {} : { finishings }),
  };
}
