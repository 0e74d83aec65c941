/** What a queue says of itself to print clients, all of it from its one description. */
import type { MediaSize, PrinterDescription } from '../../drivers/printers/description.ts';
import { dateTimeOf } from '../../ipp/date-time.ts';
import type { Attributes } from '../../ipp/model.ts';
import { attributes, type AttributesInput as Part } from '../../ipp/vocabulary/build.ts';
import { Finishing, Orientation, PrinterState, PrintQuality } from '../../ipp/vocabulary/enums.ts';
import { noValue } from '../../ipp/vocabulary/shapes.ts';
import type { Queue } from '../queue.ts';

/** What does not change while the description stays. */
export interface FixedFacts {
  readonly queue: Queue;
  readonly description: PrinterDescription;
  readonly uuid: string;
  readonly version: string;
  /** Operation ids that the gateway answers. */
  readonly operations: readonly number[];
  /** Octets of the largest document. */
  readonly documentSize: number;
  /** Milliseconds between Create-Job and its document. */
  readonly documentTime: number;
}

/** What every request may find changed. */
export interface CurrentFacts {
  readonly printerUri: string;
  readonly secure: boolean;
  readonly accepting: boolean;
  readonly reasons: readonly string[];
  readonly printing: boolean;
  readonly queuedJobs: number;
  /** Milliseconds that the gateway is up. */
  readonly upTime: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const MAX = 2 ** 31 - 1;
const ANY_ORIENTATION = [
  Orientation.portrait,
  Orientation.landscape,
  Orientation.reverseLandscape,
  Orientation.reversePortrait,
];

/** Job template attributes that a job may have here; the queue keeps them and hands them on at release. */
const TEMPLATE = [
  'copies',
  'finishings',
  'job-hold-until',
  'job-priority',
  'media',
  'media-col',
  'multiple-document-handling',
  'orientation-requested',
  'output-bin',
  'page-ranges',
  'print-color-mode',
  'print-content-optimize',
  'print-quality',
  'print-rendering-intent',
  'print-scaling',
  'printer-resolution',
  'sides',
] as const;

export function fixedAttributes(facts: FixedFacts): Attributes {
  return attributes({
    ...identity(facts),
    ...protocol(facts),
    ...template(facts.description),
    ...media(facts.description),
  });
}

function identity({ queue, description, uuid, version }: FixedFacts): Part {
  return {
    'printer-name': queue.name,
    'printer-info': queue.info.slice(0, 127),
    'printer-location': queue.location.slice(0, 127),
    'printer-make-and-model': `Holdfast ${version}`,
    'printer-uuid': uuid,
    'printer-device-id': `MFG:Holdfast;MDL:Held Print Queue;CMD:${commandSets(description.formats)};`,
    'printer-organization': [''],
    'printer-organizational-unit': [''],
    'printer-geo-location': noValue,
    'printer-kind': ['document'],
  };
}

/** Words of IEEE 1284 device ids for the formats. */
function commandSets(formats: readonly string[]): string {
  const words: Readonly<Record<string, string>> = {
    'application/pdf': 'PDF',
    'image/pwg-raster': 'PWGRaster',
    'image/urf': 'URF',
    'image/jpeg': 'JPEG',
  };
  return formats.flatMap((format) => words[format] ?? []).join(',');
}

function protocol({ description, operations, documentSize, documentTime }: FixedFacts): Part {
  const { formats } = description;
  return {
    'charset-configured': 'utf-8',
    'charset-supported': ['utf-8', 'us-ascii'],
    'natural-language-configured': 'en',
    'generated-natural-language-supported': ['en'],
    'ipp-versions-supported': ['1.0', '1.1', '2.0'],
    'ipp-features-supported': ['job-release'],
    'operations-supported': [...operations],
    'compression-supported': ['none'],
    'document-format-default': formats.includes('application/pdf')
      ? 'application/pdf'
      : (formats[0] ?? 'application/octet-stream'),
    'document-format-supported': [...formats, 'application/octet-stream'],
    'pdf-versions-supported': formats.includes('application/pdf')
      ? ['adobe-1.7', 'iso-32000-1_2008']
      : undefined,
    'pdl-override-supported': 'attempted',
    'job-creation-attributes-supported': [...TEMPLATE],
    'job-settable-attributes-supported': ['job-hold-until'],
    'job-ids-supported': true,
    'job-k-octets-supported': { lower: 0, upper: Math.min(MAX, Math.ceil(documentSize / 1024)) },
    'job-spooling-supported': 'spool',
    'multiple-document-jobs-supported': false,
    'multiple-operation-time-out': Math.max(1, Math.round(documentTime / 1000)),
    'multiple-operation-time-out-action': 'abort-job',
    'which-jobs-supported': ['completed', 'not-completed', 'all'],
    'printer-get-attributes-supported': ['document-format'],
    'requesting-user-uri-supported': false,
  };
}

function template(description: PrinterDescription): Part {
  const { sides, colorModes, finishings, outputBins, qualities, resolutions } = description;
  const color = colorModes.includes('color');
  const resolution = resolutions[0];
  return {
    'color-supported': color,
    'pages-per-minute': description.pagesPerMinute,
    'pages-per-minute-color': color ? description.pagesPerMinuteColor : undefined,
    'copies-default': 1,
    'copies-supported': description.copies,
    'finishings-default': [Finishing.none],
    'finishings-supported': atLeast([Finishing.none], finishings),
    'job-hold-until-default': 'no-hold',
    'job-hold-until-supported': ['no-hold', 'indefinite'],
    'job-priority-default': 50,
    'job-priority-supported': 1,
    'job-sheets-default': ['none'],
    'job-sheets-supported': ['none'],
    'multiple-document-handling-default': 'separate-documents-collated-copies',
    'multiple-document-handling-supported': [
      'separate-documents-collated-copies',
      'separate-documents-uncollated-copies',
    ],
    'number-up-default': 1,
    'number-up-supported': [1],
    'orientation-requested-default': noValue,
    'orientation-requested-supported': ANY_ORIENTATION,
    'output-bin-default': outputBins[0] ?? 'face-down',
    'output-bin-supported': atLeast(['face-down'], outputBins),
    'page-ranges-supported': description.formats.includes('application/pdf'),
    'print-color-mode-default': colorModes.includes('auto') ? 'auto' : (colorModes[0] ?? 'monochrome'),
    'print-color-mode-supported': atLeast(['monochrome'], colorModes),
    'print-content-optimize-default': 'auto',
    'print-content-optimize-supported': ['auto'],
    'print-quality-default': PrintQuality.normal,
    'print-quality-supported': atLeast([PrintQuality.normal], qualities),
    'print-rendering-intent-default': 'auto',
    'print-rendering-intent-supported': ['auto'],
    'print-scaling-default': 'auto',
    'print-scaling-supported': ['auto', 'auto-fit', 'fill', 'fit', 'none'],
    'printer-resolution-default': resolution,
    'printer-resolution-supported': resolution === undefined ? undefined : [...resolutions],
    'sides-default': 'one-sided',
    'sides-supported': atLeast(['one-sided'], sides),
    ...raster(description),
  };
}

function raster({ pwgRaster, urf }: PrinterDescription): Part {
  return {
    'pwg-raster-document-resolution-supported':
      pwgRaster === undefined ? undefined : [...pwgRaster.resolutions],
    'pwg-raster-document-sheet-back': pwgRaster?.sheetBack,
    'pwg-raster-document-type-supported': pwgRaster === undefined ? undefined : [...pwgRaster.types],
    'urf-supported': urf === undefined ? undefined : [...urf],
  };
}

function media(description: PrinterDescription): Part {
  const { media: sizes, mediaDefault, mediaReady, mediaSources, mediaTypes } = description;
  const byName = new Map(sizes.map((size) => [size.name, size]));
  const byDefault = byName.get(mediaDefault) ?? sizes[0];
  if (byDefault === undefined) return {};
  const ready = mediaReady.map((name) => byName.get(name)).filter((size) => size !== undefined);
  const margins = (edge: keyof MediaSize['margins']) => [...new Set(sizes.map((size) => size.margins[edge]))];
  return {
    'media-default': byDefault.name,
    'media-supported': sizes.map((size) => size.name),
    'media-ready': ready.length === 0 ? undefined : ready.map((size) => size.name),
    'media-col-default': mediaCol(byDefault),
    'media-col-supported': [
      'media-bottom-margin',
      'media-left-margin',
      'media-right-margin',
      'media-size',
      'media-source',
      'media-top-margin',
      'media-type',
    ],
    'media-col-ready': ready.length === 0 ? undefined : ready.map(mediaCol),
    'media-col-database': sizes.map(mediaCol),
    'media-size-supported': sizes.map(dimensions),
    'media-bottom-margin-supported': margins('bottom'),
    'media-left-margin-supported': margins('left'),
    'media-right-margin-supported': margins('right'),
    'media-top-margin-supported': margins('top'),
    'media-source-supported': atLeast(['auto'], mediaSources),
    'media-type-supported': atLeast(['auto'], mediaTypes),
  };
}

const dimensions = (size: MediaSize) => ({ 'x-dimension': size.width, 'y-dimension': size.length });

function mediaCol(size: MediaSize) {
  return {
    'media-size': dimensions(size),
    'media-bottom-margin': size.margins.bottom,
    'media-left-margin': size.margins.left,
    'media-right-margin': size.margins.right,
    'media-top-margin': size.margins.top,
  };
}

/** A set is never empty on the wire. */
function atLeast<T>(least: readonly T[], values: readonly T[]): T[] {
  return values.length === 0 ? [...least] : [...values];
}

export function currentAttributes(facts: CurrentFacts): Attributes {
  const { printerUri, secure, accepting, reasons, printing, queuedJobs, upTime, now } = facts;
  return attributes({
    'printer-uri-supported': [printerUri],
    'uri-authentication-supported': ['requesting-user-name'],
    'uri-security-supported': [secure ? 'tls' : 'none'],
    'printer-state': printing ? PrinterState.processing : PrinterState.idle,
    'printer-state-reasons': reasons.length === 0 ? ['none'] : [...reasons],
    'printer-is-accepting-jobs': accepting,
    'queued-job-count': queuedJobs,
    'printer-up-time': upTimeSeconds(upTime),
    'printer-current-time': dateTimeOf(now),
  });
}

/** `printer-up-time` is 1 or more (RFC 8011 §5.4.29). */
export const upTimeSeconds = (upTime: number): number => Math.max(1, Math.floor(upTime / 1000));
