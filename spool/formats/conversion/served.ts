/** A printer as it is with the gateway's converters before it: what it can be served. */
import type { PrinterDescription, Sides } from '../../../drivers/printers/description.ts';
import type { Resolution } from '../../../ipp/model.ts';
import {
  APPLE_RASTER,
  convertible,
  ownFormats,
  type Path,
  PCL_XL,
  PDF,
  POSTSCRIPT,
  PWG_RASTER,
  pathTo,
  type Tools,
} from './paths.ts';
import type { SheetBack } from './plan.ts';
import { sheetBackOfUrf, urfResolutions } from './urf-words.ts';

/** As many copies as the gateway makes itself. */
export const MOST_COPIES = 99;
/** Languages that say how many sides are printed. */
const SAY_SIDES: readonly string[] = [PCL_XL, POSTSCRIPT];
const EVERY_SIDES: readonly Sides[] = ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge'];

const dpi = (density: number): Resolution => ({ cross: density, feed: density, units: 'dpi' });
/** What pages a client may draw that are then put into a PDF. */
const ANY_RASTER: NonNullable<PrinterDescription['pwgRaster']> = {
  types: ['black_1', 'sgray_8', 'srgb_8'],
  resolutions: [dpi(300), dpi(600)],
  sheetBack: 'normal',
};

/** @param own what the printer told, without `converted`. */
export function served(own: PrinterDescription, tools: Tools): PrinterDescription {
  const converted = convertible(own.formats, tools);
  if (converted.length === 0) return own;
  const pwgRaster = converted.includes(PWG_RASTER) ? rasterFor(own, tools) : own.pwgRaster;
  const urf = converted.includes(APPLE_RASTER) ? urfFor(own, tools) : own.urf;
  return {
    ...own,
    formats: [...own.formats, ...converted],
    converted,
    ...(pwgRaster === undefined ? {} : { pwgRaster }),
    ...(urf === undefined ? {} : { urf }),
  };
}

/** Pages that are only packed otherwise must be drawn as the printer wants them. */
function rasterFor(own: PrinterDescription, tools: Tools): PrinterDescription['pwgRaster'] {
  if (pathTo(PWG_RASTER, own.formats, tools)?.to !== APPLE_RASTER || own.urf === undefined) return ANY_RASTER;
  const types = [
    ...(own.urf.includes('W8') ? ['sgray_8'] : []),
    ...(own.urf.includes('SRGB24') ? ['srgb_8'] : []),
  ];
  return { types, resolutions: urfResolutions(own.urf).map(dpi), sheetBack: 'normal' };
}

function urfFor(own: PrinterDescription, tools: Tools): readonly string[] {
  const { types, resolutions } =
    pathTo(APPLE_RASTER, own.formats, tools)?.to === PWG_RASTER && own.pwgRaster !== undefined
      ? own.pwgRaster
      : ANY_RASTER;
  const densities = resolutions.filter(({ cross, feed }) => cross === feed).map(({ cross }) => cross);
  return [
    'V1.4',
    'CP1',
    ...(types.includes('sgray_8') ? ['W8'] : []),
    ...(types.includes('srgb_8') ? ['SRGB24'] : []),
    `RS${densities.toSorted((a, b) => a - b).join('-')}`,
    'DM1',
    'FN3',
    'IS1',
    'MT1',
    'OB10',
    'PQ3-4-5',
  ];
}

/** How a document gets to a printer. */
export type Service =
  | { readonly kind: 'as-is' }
  | { readonly kind: 'converted'; readonly path: Path }
  /** The printer takes no such document, and there is no way to one that it takes. */
  | { readonly kind: 'none' };

/**
 * The original is kept, and handed on wherever the printer takes it; else the cheapest way is gone.
 * @param printer as {@link served} says.
 */
export function serviceFor(format: string, printer: PrinterDescription): Service {
  const own = ownFormats(printer);
  if (own.length === 0 || own.includes(format)) return { kind: 'as-is' };
  const path = printer.converted?.includes(format) ? pathTo(format, own) : undefined;
  return path === undefined ? { kind: 'none' } : { kind: 'converted', path };
}

/**
 * The printer as a document of this format meets it: what the converters do for it counts as what it can do.
 * @param printer as {@link served} says.
 */
export function asMetBy(format: string, printer: PrinterDescription): PrinterDescription {
  const service = serviceFor(format, printer);
  if (service.kind !== 'converted' || !service.path.steps.includes('draw')) return printer;
  const { ignoresTicket, ...rest } = printer;
  const copies = { lower: 1, upper: Math.max(MOST_COPIES, printer.copies.upper) };
  const met = { ...rest, copies, ...(format === PDF ? { pageRanges: true as const } : {}) };
  if (!ignoresTicket) return met;
  // Nothing of the ticket reaches it but what is drawn, or said in the printer's language.
  const { to } = service.path;
  return { ...met, ...(SAY_SIDES.includes(to) ? { sides: EVERY_SIDES } : {}) };
}

/** What a queue may promise of the printer to whoever sends PDF, as most clients do. */
export function asOffered(printer: PrinterDescription): PrinterDescription {
  const { copies, sides } = asMetBy(PDF, printer);
  return copies === printer.copies && sides === printer.sides ? printer : { ...printer, copies, sides };
}

/** How the backs of two-sided sheets are drawn for a printer, by the format that it gets. */
export function sheetBackFor(to: string, { pwgRaster, urf }: PrinterDescription): SheetBack {
  if (to === PWG_RASTER) return pwgRaster?.sheetBack ?? 'normal';
  return to === APPLE_RASTER ? sheetBackOfUrf(urf ?? []) : 'normal';
}
