/** Ways from a document's format to one that a printer takes: pure functions of what is known of both. */
import type { PrinterDescription } from '../../../drivers/printers/description.ts';

/**
 * - `wrap`: pictures and drawn pages become the pages of a PDF.
 * - `draw`: Ghostscript makes of a PDF what a printer understands.
 * - `finish`: drawn pages get the headers that the printer wants, and their backs as it wants them.
 */
export type Step = 'wrap' | 'draw' | 'finish';

export interface Path {
  /** Media type that comes out of it. */
  readonly to: string;
  /** In their order. */
  readonly steps: readonly Step[];
}

/** The programs that are there. */
export interface Tools {
  readonly ghostscript: boolean;
}

/**
 * For what is known to be converted: ways without Ghostscript come first, so that the same is found as with the programs
 * that are there.
 */
const ALL: Tools = { ghostscript: true };

export const PDF = 'application/pdf';
export const PWG_RASTER = 'image/pwg-raster';
export const APPLE_RASTER = 'image/urf';
export const PCL = 'application/vnd.hp-pcl';
export const PCL_XL = 'application/vnd.hp-pclxl';
export const POSTSCRIPT = 'application/postscript';

const RASTERS: readonly string[] = [PWG_RASTER, APPLE_RASTER];
/** Formats that something can be made of. */
const SOURCES: readonly string[] = [PDF, ...RASTERS, 'image/jpeg'];

/** The best first: pages that leave one by one, in colours and sharp; PostScript leaves at its end only, PCL 5 has no colour. */
const DRAWN: readonly Path[] = [
  { to: PWG_RASTER, steps: ['draw', 'finish'] },
  { to: APPLE_RASTER, steps: ['draw', 'finish'] },
  { to: PCL_XL, steps: ['draw'] },
  { to: POSTSCRIPT, steps: ['draw'] },
  { to: PCL, steps: ['draw'] },
];

/** The cheapest way first. */
function pathsFrom(format: string): readonly Path[] {
  if (format === PDF) return DRAWN;
  const wrapped: Path = { to: PDF, steps: ['wrap'] };
  const drawn = DRAWN.map(({ to, steps }): Path => ({ to, steps: ['wrap', ...steps] }));
  if (RASTERS.includes(format)) {
    const repacked = RASTERS.map((to): Path => ({ to, steps: ['finish'] }));
    return [...repacked, wrapped, ...drawn.filter(({ to }) => !RASTERS.includes(to))];
  }
  return format === 'image/jpeg' ? [wrapped, ...drawn] : [];
}

/** Media types of documents that the printer takes without any help. */
export function ownFormats({ formats, converted = [] }: PrinterDescription): readonly string[] {
  return formats.filter((format) => !converted.includes(format));
}

/**
 * How a document of this format gets to the printer when it is not handed on as it is; undefined when there is no way.
 * @param format in lower case. @param own formats that the printer takes. @param except formats that it has just refused.
 */
export function pathTo(
  format: string,
  own: readonly string[],
  tools: Tools = ALL,
  except: readonly string[] = [],
): Path | undefined {
  return pathsFrom(format).find(
    ({ to, steps }) =>
      to !== format &&
      own.includes(to) &&
      !except.includes(to) &&
      (tools.ghostscript || !steps.includes('draw')),
  );
}

/** Formats that the printer can be served though it does not take them. */
export function convertible(own: readonly string[], tools: Tools): string[] {
  return SOURCES.filter((format) => !own.includes(format) && pathTo(format, own, tools) !== undefined);
}
