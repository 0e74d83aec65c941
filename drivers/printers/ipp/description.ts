/** An IPP printer's answer in neutral terms. It comes from outside: what is wrong in it is left out, what is large is cut. */
import { sizeInName } from '../../../ipp/media-size-name.ts';
import type { Attributes } from '../../../ipp/model.ts';
import { PrinterState } from '../../../ipp/vocabulary/enums.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import type { ColorMode, MediaSize, PrinterDescription, Sides } from '../description.ts';
import { officePrinter } from '../office-printer.ts';
import type { PrinterStatus } from '../port.ts';
import { isWord, traysOf } from './loaded-trays.ts';
import { suppliesOf } from './supplies.ts';
import { mostCopies } from './ticket.ts';

/** What is asked of the printer. */
export const STATUS_ATTRIBUTES = ['all', 'media-col-database'];

const SIDES = ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge'] as const satisfies Sides[];
const COLOR_MODES = [
  'auto',
  'color',
  'monochrome',
  'auto-monochrome',
  'bi-level',
  'process-monochrome',
] as const satisfies ColorMode[];
const SHEET_BACKS = ['normal', 'flipped', 'rotated', 'manual-tumble'] as const;

/** Values kept of one set; real printers tell up to a few hundred media. */
const MOST_VALUES = 1000;
const MOST_COPIES = 9999;

const STATES = new Map<number, PrinterStatus['state']>([
  [PrinterState.idle, 'idle'],
  [PrinterState.processing, 'processing'],
  [PrinterState.stopped, 'stopped'],
]);

export function statusOf(printer: Attributes): PrinterStatus {
  return {
    description: descriptionOf(printer),
    state: STATES.get(readLeniently(printer, 'printer-state') ?? 0) ?? 'idle',
    reasons: some(readLeniently(printer, 'printer-state-reasons')).filter((reason) => reason !== 'none'),
    acceptingJobs: readLeniently(printer, 'printer-is-accepting-jobs') ?? true,
  };
}

function descriptionOf(printer: Attributes): PrinterDescription {
  const formats = formatsOf(printer);
  const told = mediaOf(printer);
  // A printer that tells no size, such as a raw queue of CUPS, takes the common ones.
  const media = told.length > 0 ? told : officePrinter([]).media;
  const colors = oneOf(COLOR_MODES, readLeniently(printer, 'print-color-mode-supported'));
  const byDefault = readLeniently(printer, 'media-default');
  return {
    makeAndModel: readLeniently(printer, 'printer-make-and-model') ?? 'IPP printer',
    ...optional('uuid', readLeniently(printer, 'printer-uuid')),
    ...optional('deviceId', readLeniently(printer, 'printer-device-id')),
    formats,
    media,
    mediaDefault: media.find((each) => each.name === byDefault)?.name ?? media[0]?.name ?? '',
    mediaReady: some(readLeniently(printer, 'media-ready')).filter((name) =>
      media.some((each) => each.name === name),
    ),
    mediaSources: some(readLeniently(printer, 'media-source-supported')).filter(isWord),
    mediaTypes: some(readLeniently(printer, 'media-type-supported')),
    sides: oneOf(SIDES, readLeniently(printer, 'sides-supported')),
    colorModes:
      colors.length > 0 ? colors : [readLeniently(printer, 'color-supported') ? 'color' : 'monochrome'],
    copies: { lower: 1, upper: Math.min(MOST_COPIES, mostCopies(printer)) },
    finishings: some(readLeniently(printer, 'finishings-supported')),
    outputBins: some(readLeniently(printer, 'output-bin-supported')),
    qualities: some(readLeniently(printer, 'print-quality-supported')),
    resolutions: some(readLeniently(printer, 'printer-resolution-supported')),
    ...optional('pwgRaster', formats.includes('image/pwg-raster') ? pwgRasterOf(printer) : undefined),
    ...optional('urf', formats.includes('image/urf') ? readLeniently(printer, 'urf-supported') : undefined),
    ...optional('numberUp', numberUpOf(printer)),
    ...(readLeniently(printer, 'page-ranges-supported') === true ? { pageRanges: true } : {}),
    ...optional('jobSheets', readLeniently(printer, 'job-sheets-supported')?.slice(0, MOST_VALUES)),
    ...optional('trays', traysOf(printer, media)),
    ...optional('supplies', suppliesOf(printer)),
    pagesPerMinute: readLeniently(printer, 'pages-per-minute') ?? 0,
    pagesPerMinuteColor: readLeniently(printer, 'pages-per-minute-color') ?? 0,
  };
}

/** Not octet-stream: it says nothing of what the printer makes of a document. */
function formatsOf(printer: Attributes): string[] {
  return some(readLeniently(printer, 'document-format-supported'))
    .map((format) => format.toLowerCase())
    .filter((format) => format !== 'application/octet-stream');
}

function pwgRasterOf(printer: Attributes): PrinterDescription['pwgRaster'] {
  const types = some(readLeniently(printer, 'pwg-raster-document-type-supported'));
  const resolutions = some(readLeniently(printer, 'pwg-raster-document-resolution-supported'));
  if (types.length === 0 || resolutions.length === 0) return undefined;
  const [sheetBack = 'normal'] = oneOf(SHEET_BACKS, [
    readLeniently(printer, 'pwg-raster-document-sheet-back') ?? 'normal',
  ]);
  return { types, resolutions, sheetBack };
}

function numberUpOf(printer: Attributes): number[] | undefined {
  const values = readLeniently(printer, 'number-up-supported');
  return values?.flatMap((each) => (typeof each === 'number' ? each : [])).slice(0, MOST_VALUES);
}

/** Self-describing names with their size (PWG 5101.1 §5); margins from the database where it has the same size. */
function mediaOf(printer: Attributes): MediaSize[] {
  const names = some(readLeniently(printer, 'media-supported'));
  const margins = marginsBySize(printer);
  return names.flatMap((name) => {
    const size = sizeInName(name);
    if (size === undefined) return [];
    const known = margins.get(`${size.width}x${size.length}`);
    return [{ name, ...size, margins: known ?? { top: 0, bottom: 0, left: 0, right: 0 } }];
  });
}

function marginsBySize(printer: Attributes): Map<string, MediaSize['margins']> {
  const margins = new Map<string, MediaSize['margins']>();
  const database = readLeniently(printer, 'media-col-database') ?? readLeniently(printer, 'media-col-ready');
  for (const media of some(database)) {
    const { 'x-dimension': width, 'y-dimension': length } = media['media-size'] ?? {};
    if (typeof width !== 'number' || typeof length !== 'number') continue;
    const key = `${width}x${length}`;
    const edges = {
      top: media['media-top-margin'] ?? 0,
      bottom: media['media-bottom-margin'] ?? 0,
      left: media['media-left-margin'] ?? 0,
      right: media['media-right-margin'] ?? 0,
    };
    // The same size is told for several sources; the widest margins print nowhere too much.
    const before = margins.get(key);
    margins.set(key, before === undefined ? edges : widest(before, edges));
  }
  return margins;
}

function widest(a: MediaSize['margins'], b: MediaSize['margins']): MediaSize['margins'] {
  return {
    top: Math.max(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
    left: Math.max(a.left, b.left),
    right: Math.max(a.right, b.right),
  };
}

function some<T>(values: readonly T[] | undefined): T[] {
  return (values ?? []).slice(0, MOST_VALUES);
}

function oneOf<T extends string>(known: readonly T[], values: readonly string[] | undefined): T[] {
  return known.filter((each) => values?.includes(each));
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { readonly [N in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: T };
}
