/** What the header of a drawn page says, PWG Raster (PWG 5102.4 §4.3) and Apple Raster alike. */
import { isPlausible } from '../../pages/packed-lines.ts';

export interface PageFacts {
  /** Pixels. */
  readonly width: number;
  /** Lines. */
  readonly height: number;
  readonly bitsPerPixel: number;
  readonly octetsPerLine: number;
  readonly octetsPerPixel: number;
  /** `cupsColorSpace`: 3 black, 6 CMYK, 18 sGray, 19 sRGB, 20 Adobe RGB. */
  readonly space: number;
  /** Dots per inch. */
  readonly cross: number;
  readonly feed: number;
  /** Mirrored across the paper, and along it, for the back of a sheet. */
  readonly turned: { readonly cross: boolean; readonly feed: boolean };
}

export const PWG_HEADER = 1796;
export const URF_HEADER = 32;
/** Sync word of a PWG Raster. */
export const PWG_SYNC = 'RaS2';
/** Of an Apple Raster; a number of pages follows. */
export const URF_SYNC = 'UNIRAST\0';

const SPACES_OF_URF: ReadonlyMap<number, number> = new Map([
  [0, 18],
  [1, 19],
  [3, 20],
  [4, 18],
  [5, 19],
  [6, 6],
]);
/** Colours of a pixel, by `cupsColorSpace`. */
const COLORS: ReadonlyMap<number, number> = new Map([
  [3, 1],
  [18, 1],
  [19, 3],
  [20, 3],
  [6, 4],
]);
const BITS_PER_COLOR = [1, 8, 16];

/** Undefined when it is no header, or one of a page that cannot be, or whose pixels are not known here. */
export function readPwgHeader(header: Buffer): PageFacts | undefined {
  if (!header.toString('latin1').startsWith('PwgRaster\0') || header.readUInt32BE(396) !== 0)
    return undefined;
  const facts = {
    width: header.readUInt32BE(372),
    height: header.readUInt32BE(376),
    bitsPerPixel: header.readUInt32BE(388),
    space: header.readUInt32BE(400),
    cross: header.readUInt32BE(276),
    feed: header.readUInt32BE(280),
    turned: { cross: header.readInt32BE(456) === -1, feed: header.readInt32BE(460) === -1 },
  };
  const checked = check(facts);
  return checked?.octetsPerLine === header.readUInt32BE(392) ? checked : undefined;
}

export function readUrfHeader(header: Buffer): PageFacts | undefined {
  const density = header.readUInt32BE(20);
  const space = SPACES_OF_URF.get(header.readUInt8(1));
  if (space === undefined) return undefined;
  return check({
    width: header.readUInt32BE(12),
    height: header.readUInt32BE(16),
    bitsPerPixel: header.readUInt8(0),
    space,
    cross: density,
    feed: density,
    turned: { cross: false, feed: false },
  });
}

export const colorsOf = (space: number): number => COLORS.get(space) ?? 1;

function check(facts: Omit<PageFacts, 'octetsPerLine' | 'octetsPerPixel'>): PageFacts | undefined {
  const { width, height, bitsPerPixel, space, cross, feed } = facts;
  const colors = COLORS.get(space);
  if (colors === undefined || !BITS_PER_COLOR.includes(bitsPerPixel / colors)) return undefined;
  if (bitsPerPixel < 8 && bitsPerPixel !== 1) return undefined;
  if (!isPlausible(width, 1, cross) || !isPlausible(1, height, feed)) return undefined;
  return {
    ...facts,
    octetsPerLine: Math.ceil((width * bitsPerPixel) / 8),
    octetsPerPixel: Math.ceil(bitsPerPixel / 8),
  };
}
