/** Writes the headers of drawn pages as a printer wants them. */
import type { Drawing } from '../plan.ts';
import { colorsOf, type PageFacts, PWG_HEADER, URF_HEADER, URF_SYNC } from './page-facts.ts';

/** PWG 5102.4 §4.3. @param pages of the whole document; 0: not known. */
export function pwgHeader(page: PageFacts, drawing: Drawing, pages: number): Buffer {
  const header = Buffer.alloc(PWG_HEADER);
  const { medium, sides, quality } = drawing;
  const unsigned: readonly (readonly [at: number, value: number])[] = [
    [272, sides === 'one-sided' ? 0 : 1],
    [276, page.cross],
    [280, page.feed],
    [340, 1],
    [352, Math.round((medium.width * 72) / 2540)],
    [356, Math.round((medium.length * 72) / 2540)],
    [368, sides === 'two-sided-short-edge' ? 1 : 0],
    [372, page.width],
    [376, page.height],
    [384, page.bitsPerPixel / colorsOf(page.space)],
    [388, page.bitsPerPixel],
    [392, page.octetsPerLine],
    [400, page.space],
    [420, colorsOf(page.space)],
    [452, pages],
    [480, 0xffffff],
    [484, quality],
  ];
  header.write('PwgRaster', 0, 'latin1');
  for (const [at, value] of unsigned) header.writeUInt32BE(value, at);
  header.writeInt32BE(page.turned.cross ? -1 : 1, 456);
  header.writeInt32BE(page.turned.feed ? -1 : 1, 460);
  // 64 octets with a zero at their end.
  header.write(medium.name.slice(0, 63), 1732, 'latin1');
  return header;
}

/** @param pages 0: not known. */
export function urfBegin(pages: number): Buffer {
  const begin = Buffer.alloc(URF_SYNC.length + 4);
  begin.write(URF_SYNC, 'latin1');
  begin.writeUInt32BE(pages, URF_SYNC.length);
  return begin;
}

/** Of those that are drawn here: sGray and sRGB. */
const URF_SPACES: ReadonlyMap<number, number> = new Map([
  [18, 0],
  [19, 1],
  [20, 3],
]);
const URF_SIDES = { 'one-sided': 1, 'two-sided-short-edge': 2, 'two-sided-long-edge': 3 } as const;

/** Undefined when Apple Raster knows no such pixels. */
export function urfHeader(page: PageFacts, { sides, quality }: Drawing): Buffer | undefined {
  const space = URF_SPACES.get(page.space);
  if (space === undefined || page.cross !== page.feed) return undefined;
  const header = Buffer.alloc(URF_HEADER);
  header.writeUInt8(page.bitsPerPixel, 0);
  header.writeUInt8(space, 1);
  header.writeUInt8(URF_SIDES[sides], 2);
  header.writeUInt8(quality, 3);
  header.writeUInt32BE(page.width, 12);
  header.writeUInt32BE(page.height, 16);
  header.writeUInt32BE(page.cross, 20);
  return header;
}
