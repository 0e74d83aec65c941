/** Counts the pages of an Apple Raster (URF) document by walking them: its header may say 0, or a lie. */
import { OctetStream } from './octet-stream.ts';
import { isPlausible, type PageShape, skipLines } from './packed-lines.ts';
import type { PageCount } from './page-count.ts';

const SIGNATURE = 'UNIRAST\0';
/** The signature and a number of pages. */
const FILE_HEADER_OCTETS = 12;
const PAGE_HEADER_OCTETS = 32;
const BITS_PER_PIXEL = new Set([1, 8, 16, 24, 32, 48, 64]);

export async function countAppleRaster(document: AsyncIterable<Uint8Array>): Promise<PageCount> {
  const stream = new OctetStream(document);
  const begin = await stream.take(FILE_HEADER_OCTETS);
  if (begin?.toString('latin1', 0, SIGNATURE.length) !== SIGNATURE) return { kind: 'damaged' };
  let pages = 0;
  while (await stream.refill()) {
    const header = await stream.take(PAGE_HEADER_OCTETS);
    const page = header === undefined ? undefined : shapeOf(header);
    if (page === undefined || !(await skipLines(stream, page))) return { kind: 'damaged' };
    pages++;
  }
  return pages === 0 ? { kind: 'damaged' } : { kind: 'counted', pages };
}

function shapeOf(header: Buffer): PageShape | undefined {
  const bitsPerPixel = header.readUInt8(0);
  const width = header.readUInt32BE(12);
  const height = header.readUInt32BE(16);
  const resolution = header.readUInt32BE(20);
  if (!BITS_PER_PIXEL.has(bitsPerPixel) || !isPlausible(width, height, resolution)) return undefined;
  return {
    height,
    octetsPerLine: Math.ceil((width * bitsPerPixel) / 8),
    octetsPerPixel: Math.ceil(bitsPerPixel / 8),
  };
}
