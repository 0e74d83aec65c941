/** What a job may ask for: the job template attributes, their defaults and what is supported. */
import type { PrinterDescription } from '../../../drivers/printers/description.ts';
import type { AttributesInput as Part } from '../../../ipp/vocabulary/build.ts';
import { Finishing, Orientation, PrintQuality } from '../../../ipp/vocabulary/enums.ts';
import { kebabCase } from '../../../ipp/vocabulary/names.ts';
import { noValue } from '../../../ipp/vocabulary/shapes.ts';
import { atLeast } from './at-least.ts';

const ANY_ORIENTATION = [
  Orientation.portrait,
  Orientation.landscape,
  Orientation.reverseLandscape,
  Orientation.reversePortrait,
];

/** Job template attributes that a job may have here; the queue keeps them and hands them on at release. */
export const TEMPLATE = [
  'copies',
  'finishings',
  'finishings-col',
  'job-priority',
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
] as const;

/** What may differ from page to page (PWG 5100.6). */
const OVERRIDABLE = ['media', 'media-col', 'orientation-requested', 'print-quality', 'sides'] as const;

export function template(description: PrinterDescription): Part {
  const { sides, colorModes, finishings, outputBins, qualities, resolutions } = description;
  const color = colorModes.includes('color');
  const resolution = resolutions[0];
  const pdf = description.formats.includes('application/pdf');
  return {
    'color-supported': color,
    'pages-per-minute': description.pagesPerMinute,
    'pages-per-minute-color': color ? description.pagesPerMinuteColor : undefined,
    'copies-default': 1,
    'copies-supported': description.copies,
    'finishings-default': [Finishing.none],
    'finishings-supported': withFirst<number>(Finishing.none, finishings),
    ...templates(withFirst<number>(Finishing.none, finishings)),
    'job-priority-default': 50,
    'job-priority-supported': 1,
    'job-sheets-default': ['none'],
    'job-sheets-supported': withFirst('none', description.jobSheets),
    // Each document is printed by itself, with all its copies.
    'multiple-document-handling-default': 'separate-documents-uncollated-copies',
    'multiple-document-handling-supported': [
      'separate-documents-uncollated-copies',
      'separate-documents-collated-copies',
    ],
    'number-up-default': 1,
    'number-up-supported': withFirst(1, description.numberUp),
    'orientation-requested-default': noValue,
    'orientation-requested-supported': ANY_ORIENTATION,
    'output-bin-default': outputBins[0] ?? 'face-down',
    'output-bin-supported': atLeast(['face-down'], outputBins),
    // What the suites of IPP/2.2 and of Everywhere call by two names.
    'overrides-supported': pdf ? ['document-number', 'document-numbers', 'pages', ...OVERRIDABLE] : undefined,
    'page-ranges-supported': pdf,
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
  };
}

/** The same finishings by name, for clients that ask for `finishings-col` (PWG 5100.1 §5.2). */
function templates(finishings: readonly number[]): Part {
  const names = finishings.flatMap((value) => FINISHING_NAMES.get(value) ?? []);
  return {
    'finishing-template-supported': names,
    'finishings-col-default': [{ 'finishing-template': 'none' }],
    'finishings-col-supported': ['finishing-template'],
    'finishings-col-database': names.map((name) => ({ 'finishing-template': name })),
  };
}

const FINISHING_NAMES = new Map<number, string>(
  Object.entries(Finishing).map(([key, value]) => [value, kebabCase(key)]),
);

/** `first` is always there: it is what happens unless a job asks for something else. */
function withFirst<T>(first: T, values: readonly T[] = []): T[] {
  return [...new Set([first, ...values])];
}
