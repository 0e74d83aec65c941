/** Counts the pages of a PWG Raster document (PWG 5102.4) by walking them; what its headers say of their number is a claim. */
import { OctetStream } from './octet-stream.ts';
import { isPlausible, type PageShape, skipLines } from './packed-lines.ts';
import type { PageCount } from './page-count.ts';

const SYNC_WORD = 'RaS2';
/** PWG 5102.4 §4.3 */
const HEADER_OCTETS = 1796;
const HEADER_BEGIN = 'PwgRaster\0';
const MOST_BITS = 256;

export async function countPwgRaster(document: AsyncIterable<Uint8Array>): Promise<PageCount> {
  const stream = new OctetStream(document);
  const sync = await stream.take(SYNC_WORD.length);
  if (sync?.toString('latin1') !== SYNC_WORD) return { kind: 'damaged' };
  let pages = 0;
  while (await stream.refill()) {
    const header = await stream.take(HEADER_OCTETS);
    const page = header === undefined ? undefined : shapeOf(header);
    if (page === undefined || !(await skipLines(stream, page))) return { kind: 'damaged' };
    pages++;
  }
  return pages === 0 ? { kind: 'damaged' } : { kind: 'counted', pages };
}

/** Undefined when the header is none, or describes a page that cannot be. */
function shapeOf(header: Buffer): PageShape | undefined {
  if (!header.toString('latin1').startsWith(HEADER_BEGIN)) return undefined;
  const resolution = { cross: header.readUInt32BE(276), feed: header.readUInt32BE(280) };
  const width = header.readUInt32BE(372);
  const height = header.readUInt32BE(376);
  const bitsPerPixel = header.readUInt32BE(388);
  const octetsPerLine = header.readUInt32BE(392);
  const chunky = header.readUInt32BE(396) === 0;
  if (!chunky || bitsPerPixel < 1 || bitsPerPixel > MOST_BITS) return undefined;
  if (!isPlausible(width, 1, resolution.cross) || !isPlausible(1, height, resolution.feed)) return undefined;
  if (octetsPerLine !== Math.ceil((width * bitsPerPixel) / 8)) return undefined;
  return { height, octetsPerLine, octetsPerPixel: Math.ceil(bitsPerPixel / 8) };
}
