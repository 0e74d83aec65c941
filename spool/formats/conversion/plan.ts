/** What of a ticket the converters do, and how: a pure function of ticket and printer. */
import type { PrinterDescription } from '../../../drivers/printers/description.ts';
import { isSameSize, type Size } from '../../../ipp/media-size-name.ts';
import type { Attributes, IntegerRange, Resolution } from '../../../ipp/model.ts';
import { PrintQuality } from '../../../ipp/vocabulary/enums.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { chosenOf } from '../impressions.ts';
import type { PageCount } from '../pages/page-count.ts';
import { sizeOf } from '../ticket-size.ts';
import { LONGEST_SIDE } from './longest-side.ts';
import { APPLE_RASTER, type Path, PCL, PCL_XL, POSTSCRIPT, PWG_RASTER } from './paths.ts';
import { MOST_COPIES, sheetBackFor } from './served.ts';
import { urfResolutions } from './urf-words.ts';

/** How pixels are told (PWG 5102.4 §4.3.2.3). */
export type RasterType = 'black_1' | 'sgray_8' | 'srgb_8';
export type SheetBack = 'normal' | 'flipped' | 'rotated' | 'manual-tumble';

/** What the converters are to make. Plain data: it goes to a child process too. */
export interface Drawing {
  /** Media type. */
  readonly to: string;
  readonly medium: {
    /** PWG 5101.1. */
    readonly name: string;
    /** 1/100 mm, at most {@link LONGEST_SIDE}. */
    readonly width: number;
    readonly length: number;
  };
  readonly type: RasterType;
  /** Dots per inch, across and along the paper. */
  readonly resolution: { readonly cross: number; readonly feed: number };
  readonly sides: 'one-sided' | 'two-sided-long-edge' | 'two-sided-short-edge';
  readonly sheetBack: SheetBack;
  /** Ascending; undefined: all. */
  readonly ranges?: readonly IntegerRange[];
  /** That the converters make. */
  readonly copies: number;
  readonly scaling: 'shrink' | 'fit' | 'none';
  /** `print-quality`; 0 where nothing is asked. */
  readonly quality: number;
  /** Of one copy, when known. */
  readonly pages?: number;
  /** The printer learns of sides from the document alone. */
  readonly saysSides: boolean;
}

export interface Plan {
  readonly path: Path;
  readonly drawing: Drawing;
  /** What of the ticket is still for the printer. */
  readonly ticket: Attributes;
  /** What of `required` is still for the printer. */
  readonly required: readonly string[];
}

const SHORTEST_SIDE = 100;
const A4 = { name: 'iso_a4_210x297mm', width: 21_000, length: 29_700 };
const NORMAL_DENSITY = 300;
const HIGH_DENSITY = 600;
const DENSEST = 1200;

export interface PlanInput {
  readonly path: Path;
  readonly ticket: Attributes;
  readonly required: readonly string[];
  /** As `served` says. */
  readonly printer: PrinterDescription;
  readonly count: PageCount | undefined;
}

export function planFor({ path, ticket, required, printer, count }: PlanInput): Plan {
  const { to } = path;
  const draws = path.steps.includes('draw');
  const isRaster = to === PWG_RASTER || to === APPLE_RASTER;
  // Many printers print a raster once whatever their ticket says, so that its copies are made here.
  const makesCopies = draws && (isRaster || printer.ignoresTicket === true);
  const asked = Math.min(MOST_COPIES, Math.max(1, readLeniently(ticket, 'copies') ?? 1));
  const ranges = draws ? rangesOf(ticket) : undefined;
  const pages = count?.kind === 'counted' ? (draws ? chosenOf(count.pages, ticket) : count.pages) : undefined;
  const done = new Set<string>([
    ...(draws ? ['page-ranges', 'print-scaling', 'orientation-requested'] : []),
    ...(draws && isRaster ? ['printer-resolution'] : []),
    ...(makesCopies ? ['copies', 'multiple-document-handling'] : []),
    ...(draws && printer.ignoresTicket ? ['print-color-mode', 'sides'] : []),
  ]);
  return {
    path,
    drawing: {
      to,
      medium: mediumFor(ticket, printer),
      type: typeFor(to, ticket, printer),
      resolution: resolutionFor(to, ticket, printer),
      sides: sidesOf(ticket, printer, to),
      sheetBack: sheetBackFor(to, printer),
      ...(ranges === undefined ? {} : { ranges }),
      copies: makesCopies ? asked : 1,
      scaling: scalingOf(ticket),
      quality: readLeniently(ticket, 'print-quality') ?? 0,
      ...(pages === undefined ? {} : { pages }),
      saysSides: printer.ignoresTicket === true,
    },
    ticket: ticket.filter(({ name }) => !done.has(name)),
    required: required.filter((name) => !done.has(name)),
  };
}

/** The paper asked for where the printer has it, else its own: what is drawn for other paper would be cut. */
function mediumFor(ticket: Attributes, { media, mediaDefault }: PrinterDescription): Drawing['medium'] {
  const asked = sizeOf(ticket);
  const same = asked && media.find((each) => isSameSize(each, asked));
  const usual = media.find(({ name }) => name === mediaDefault) ?? media[0];
  if (asked !== undefined && (same !== undefined || media.length === 0)) return bounded(same ?? named(asked));
  return usual === undefined ? A4 : bounded(usual);
}

const named = (size: Size) => ({ name: `custom_${size.width / 100}x${size.length / 100}mm`, ...size });

function bounded({ name, width, length }: Size & { readonly name: string }): Drawing['medium'] {
  const within = (side: number) => Math.min(LONGEST_SIDE, Math.max(SHORTEST_SIDE, Math.round(side)));
  return { name, width: within(width), length: within(length) };
}

function typeFor(
  to: string,
  ticket: Attributes,
  { pwgRaster, urf, colorModes }: PrinterDescription,
): RasterType {
  const mode = readLeniently(ticket, 'print-color-mode') ?? 'auto';
  const hasColor = colorModes.includes('color');
  const wantsColor = mode === 'auto' || mode === 'color';
  // Of a printer that cannot be asked it is not known that it has colour, and one without stops at coloured PCL XL.
  const drawsColor =
    wantsColor && (hasColor || (to !== PCL_XL && colorModes.every((each) => each === 'auto')));
  const liked: readonly RasterType[] = drawsColor
    ? ['srgb_8', 'sgray_8', 'black_1']
    : mode === 'bi-level'
      ? ['black_1', 'sgray_8', 'srgb_8']
      : ['sgray_8', 'srgb_8', 'black_1'];
  const has = (type: RasterType): boolean => {
    if (to === PWG_RASTER) return pwgRaster?.types.includes(type) ?? type === 'sgray_8';
    if (to === APPLE_RASTER) return urf?.includes(URF_TYPES[type]) ?? type === 'sgray_8';
    return to !== PCL || type !== 'srgb_8';
  };
  return liked.find(has) ?? 'sgray_8';
}

const URF_TYPES: Readonly<Record<RasterType, string>> = {
  srgb_8: 'SRGB24',
  sgray_8: 'W8',
  // Nobody says that, so that nobody gets it.
  black_1: 'W1',
};

function resolutionFor(to: string, ticket: Attributes, printer: PrinterDescription): Drawing['resolution'] {
  const all = resolutionsOf(to, printer);
  const asked = readLeniently(ticket, 'printer-resolution');
  const exact = all.find(({ cross, feed }) => asked?.cross === cross && asked.feed === feed);
  if (exact !== undefined) return exact;
  const square = all.filter(({ cross, feed }) => cross === feed && cross <= DENSEST);
  const list = (square.length === 0 ? all : square).toSorted((a, b) => a.cross - b.cross);
  const quality = readLeniently(ticket, 'print-quality') ?? PrintQuality.normal;
  const wanted =
    quality === PrintQuality.high ? HIGH_DENSITY : quality === PrintQuality.draft ? 0 : NORMAL_DENSITY;
  return (
    list.find(({ cross }) => cross >= wanted) ??
    list.at(-1) ?? { cross: NORMAL_DENSITY, feed: NORMAL_DENSITY }
  );
}

function resolutionsOf(
  to: string,
  { pwgRaster, urf, resolutions }: PrinterDescription,
): Drawing['resolution'][] {
  if (to === APPLE_RASTER)
    return urfResolutions(urf ?? []).map((density) => ({ cross: density, feed: density }));
  if (to === PWG_RASTER) return (pwgRaster?.resolutions ?? []).flatMap(inInches);
  // PCL knows no others.
  return resolutions
    .flatMap(inInches)
    .filter(({ cross, feed }) => cross === feed && [300, 600].includes(cross));
}

const MOST_DOTS = 9600;
const inInches = ({ cross, feed, units }: Resolution): Drawing['resolution'][] =>
  units === 'dpi' && cross >= 72 && feed >= 72 && cross <= MOST_DOTS && feed <= MOST_DOTS
    ? [{ cross, feed }]
    : [];

function sidesOf(ticket: Attributes, printer: PrinterDescription, to: string): Drawing['sides'] {
  const asked = readLeniently(ticket, 'sides');
  if (asked !== 'two-sided-long-edge' && asked !== 'two-sided-short-edge') return 'one-sided';
  const byLanguage = printer.ignoresTicket && (to === PCL_XL || to === POSTSCRIPT);
  return byLanguage || printer.sides.includes(asked) ? asked : 'one-sided';
}

/** `print-scaling` (PWG 5100.16): a photo that is to fill its paper fits it here. */
function scalingOf(ticket: Attributes): Drawing['scaling'] {
  switch (readLeniently(ticket, 'print-scaling')) {
    case 'none':
      return 'none';
    case 'fit':
    case 'fill':
      return 'fit';
    default:
      return 'shrink';
  }
}

const MOST_RANGES = 100;
const LAST_PAGE = 1_000_000;

function rangesOf(ticket: Attributes): IntegerRange[] | undefined {
  const ranges = (readLeniently(ticket, 'page-ranges') ?? [])
    .filter(({ lower, upper }) => lower >= 1 && lower <= upper && lower <= LAST_PAGE)
    .slice(0, MOST_RANGES);
  return ranges.length === 0
    ? undefined
    : ranges.map(({ lower, upper }) => ({ lower, upper: Math.min(upper, LAST_PAGE) }));
}
