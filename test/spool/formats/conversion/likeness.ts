/** Whether two pages look alike: compared by the means of small fields, so that halftones and resolutions do not matter. */
import type { DrawnPage } from './drawn-pages.ts';

/** Of A4, fields of 3 mm. */
const ACROSS = 70;
const ALONG = 99;
/** Of 255: edges of letters fall otherwise on other grids. */
const MOST_DIFFERENCE = 48;
/** Of 255: greys of dots are darker or lighter, field by field. */
export const HALFTONE = 72;
/** Part of the fields that may differ more: those in which a letter's edge lies. */
const MOST_FIELDS = 0.004;

/** What of the pages does not look like its picture; a line each. */
export function looksLike(
  pages: readonly DrawnPage[],
  pictures: readonly DrawnPage[],
  most?: number,
): string[] {
  if (pages.length !== pictures.length) return [`${pages.length} pages for ${pictures.length}`];
  return pages.flatMap((page, index) => {
    const picture = pictures[index];
    if (picture === undefined || isAlike(page, picture, most)) return [];
    return [`page ${index + 1}: ${(differing(page, picture) * 100).toFixed(2)} % differ`];
  });
}

export function isAlike(one: DrawnPage, other: DrawnPage, most = MOST_DIFFERENCE): boolean {
  return differing(one, other, most) <= MOST_FIELDS;
}

/** Part of the fields that differ: 0 to 1. */
function differing(one: DrawnPage, other: DrawnPage, most = MOST_DIFFERENCE): number {
  const isGrey = one.colors === 1 || other.colors === 1;
  const [a, b] = [fields(one, isGrey), fields(other, isGrey)];
  let count = 0;
  a.forEach((field, index) => {
    if (field.some((value, color) => Math.abs(value - (b[index]?.[color] ?? 0)) > most)) count++;
  });
  return count / a.length;
}

function fields(page: DrawnPage, isGrey: boolean): number[][] {
  const all: number[][] = [];
  for (let row = 0; row < ALONG; row++)
    for (let column = 0; column < ACROSS; column++) {
      const field = meanOf(page, column, row);
      const [red = 0, green = red, blue = red] = field;
      all.push(isGrey ? [greyOf(red, green, blue)] : [red, green, blue]);
    }
  return all;
}

/** Rec. 601, as greys are made of colours. */
const greyOf = (red: number, green: number, blue: number): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

/** A page in colour, without them. */
export function inGrey(page: DrawnPage): DrawnPage {
  const pixels = Buffer.alloc(page.width * page.height);
  pixels.forEach((_, at) => {
    const [red = 0, green = 0, blue = 0] = page.pixels.subarray(at * 3, at * 3 + 3);
    pixels[at] = greyOf(red, green, blue);
  });
  return { ...page, colors: 1, pixels };
}

function meanOf({ width, height, colors, pixels }: DrawnPage, column: number, row: number): number[] {
  const [left, right] = [column, column + 1].map((edge) => Math.floor((edge * width) / ACROSS));
  const [top, bottom] = [row, row + 1].map((edge) => Math.floor((edge * height) / ALONG));
  const sums = Array.from({ length: colors }, () => 0);
  let count = 0;
  for (let y = top ?? 0; y < (bottom ?? 0); y++)
    for (let x = left ?? 0; x < (right ?? 0); x++) {
      const at = (y * width + x) * colors;
      for (let color = 0; color < colors; color++)
        sums[color] = (sums[color] ?? 0) + (pixels[at + color] ?? 0);
      count++;
    }
  return sums.map((sum) => sum / Math.max(1, count));
}

/** The page with each pixel where `from` says. */
export function moved(
  page: DrawnPage,
  from: (x: number, y: number) => readonly [x: number, y: number],
  size: { readonly width: number; readonly height: number } = page,
): DrawnPage {
  const { colors } = page;
  const pixels = Buffer.alloc(size.width * size.height * colors, 0xff);
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const [fromX, fromY] = from(x, y);
      if (fromX < 0 || fromY < 0 || fromX >= page.width || fromY >= page.height) continue;
      const at = (fromY * page.width + fromX) * colors;
      page.pixels.copy(pixels, (y * size.width + x) * colors, at, at + colors);
    }
  return { ...page, ...size, pixels };
}

/** A quarter turn anticlockwise, as landscape pages lie on their paper. */
export const turned = (page: DrawnPage): DrawnPage =>
  moved(page, (x, y) => [page.width - 1 - y, x], { width: page.height, height: page.width });
