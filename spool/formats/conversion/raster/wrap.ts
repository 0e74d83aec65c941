/** Pictures and drawn pages as the pages of a PDF. */
import { createDeflate } from 'node:zlib';
import { LONGEST_SIDE } from '../longest-side.ts';
import type { Drawing } from '../plan.ts';
import { type JpegFacts, jpegFacts } from './jpeg.ts';
import { OctetBuffer } from './octet-buffer.ts';
import { unpack } from './packing.ts';
import { colorsOf, type PageFacts } from './page-facts.ts';
import { DamagedRaster, PageReader } from './page-reader.ts';
import { type Matrix, PdfWriter } from './pdf-writer.ts';

/** ISO 32000-1 Annex C. */
const LONGEST_SIDE_POINTS = (LONGEST_SIDE * 72) / 2540;

/** Each page of its own size. @throws DamagedRaster */
export async function* wrapRaster(document: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const reader = new PageReader(new OctetBuffer(document));
  const pdf = new PdfWriter();
  let pages = 0;
  yield pdf.begin();
  for (let page = await reader.next(); page !== undefined; page = await reader.next()) {
    const width = Math.min(LONGEST_SIDE_POINTS, (page.width * 72) / page.cross);
    const height = Math.min(LONGEST_SIDE_POINTS, (page.height * 72) / page.feed);
    const { cross, feed } = page.turned;
    const matrix: Matrix = [
      cross ? -width : width,
      0,
      0,
      feed ? -height : height,
      cross ? width : 0,
      feed ? height : 0,
    ];
    yield* pdf.page({ width, height, matrix, picture: pictureOf(page), data: deflated(reader, page) });
    pages++;
  }
  if (pages === 0) throw new DamagedRaster('no page');
  yield pdf.end();
}

const SPACES: ReadonlyMap<number, string> = new Map([
  [1, '/DeviceGray'],
  [3, '/DeviceRGB'],
  [4, '/DeviceCMYK'],
]);
/** Of black, a 1 is ink. */
const BLACK = 3;

function pictureOf({ width, height, bitsPerPixel, space }: PageFacts): string {
  const colors = colorsOf(space);
  const decode = space === BLACK ? ' /Decode [1 0]' : '';
  return (
    `/Width ${width} /Height ${height} /BitsPerComponent ${bitsPerPixel / colors} ` +
    `/ColorSpace ${SPACES.get(colors)}${decode} /Filter /FlateDecode`
  );
}

async function* deflated(reader: PageReader, page: PageFacts): AsyncGenerator<Uint8Array> {
  const deflate = createDeflate({ level: 1 });
  const failed = writeLines(reader, page, deflate).catch((error: unknown) => {
    deflate.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  for await (const chunk of deflate) yield chunk;
  await failed;
}

async function writeLines(
  reader: PageReader,
  page: PageFacts,
  deflate: ReturnType<typeof createDeflate>,
): Promise<void> {
  for await (const batch of reader.lines(page)) {
    for (const { times, packed } of batch) {
      const line = Buffer.alloc(page.octetsPerLine);
      unpack(packed, page, line);
      for (let each = 0; each < times; each++) {
        if (!deflate.write(line)) await new Promise((resolve) => deflate.once('drain', resolve));
      }
    }
  }
  deflate.end();
}

/** One page of the paper that the job wants, the picture as large as it fits, turned as the paper lies. @throws DamagedRaster */
export async function* wrapJpeg(
  document: AsyncIterable<Uint8Array>,
  { medium }: Drawing,
): AsyncGenerator<Buffer> {
  const from = new OctetBuffer(document);
  let facts = jpegFacts(from.octets);
  while (facts === 'more' && (await from.more())) facts = jpegFacts(from.octets);
  if (facts === undefined || facts === 'more') throw new DamagedRaster('no JPEG that printers draw');
  const [width, height] = [(medium.width * 72) / 2540, (medium.length * 72) / 2540];
  const pdf = new PdfWriter();
  yield pdf.begin();
  yield* pdf.page({
    width,
    height,
    matrix: placed(facts, width, height),
    picture: jpegPicture(facts),
    data: rest(from),
  });
  yield pdf.end();
}

async function* rest(from: OctetBuffer): AsyncGenerator<Uint8Array> {
  while (await from.any()) {
    yield from.octets.subarray(from.at);
    from.at = from.octets.length;
  }
}

function jpegPicture({ width, height, colors, isAdobe }: JpegFacts): string {
  const decode = colors === 4 && isAdobe ? ' /Decode [1 0 1 0 1 0 1 0]' : '';
  return `/Width ${width} /Height ${height} /BitsPerComponent 8 /ColorSpace ${SPACES.get(colors)}${decode} /Filter /DCTDecode`;
}

/** Unit square → unit square, by the orientation of Exif: what is row 0 and column 0 of the picture as it is seen. */
const ORIENTED: Readonly<Record<number, Matrix>> = {
  1: [1, 0, 0, 1, 0, 0],
  2: [-1, 0, 0, 1, 1, 0],
  3: [-1, 0, 0, -1, 1, 1],
  4: [1, 0, 0, -1, 0, 1],
  5: [0, -1, -1, 0, 1, 1],
  6: [0, -1, 1, 0, 0, 1],
  7: [0, 1, 1, 0, 0, 0],
  8: [0, 1, -1, 0, 1, 0],
};

/** As large as it fits, in the middle; turned by a quarter when it then fits better. */
function placed({ width, height, orientation }: JpegFacts, pageWidth: number, pageHeight: number): Matrix {
  const isOnSide = orientation > 4;
  const [seenWidth, seenHeight] = isOnSide ? [height, width] : [width, height];
  const turns = seenWidth > seenHeight !== pageWidth > pageHeight && seenWidth !== seenHeight;
  const [across, along] = turns ? [seenHeight, seenWidth] : [seenWidth, seenHeight];
  const scale = Math.min(pageWidth / across, pageHeight / along);
  const [drawnWidth, drawnHeight] = [across * scale, along * scale];
  const oriented = ORIENTED[orientation] ?? [1, 0, 0, 1, 0, 0];
  // Anticlockwise, as a landscape page is turned.
  const turned = turns ? multiply(oriented, [0, 1, -1, 0, 1, 0]) : oriented;
  const [left, bottom] = [(pageWidth - drawnWidth) / 2, (pageHeight - drawnHeight) / 2];
  return multiply(turned, [drawnWidth, 0, 0, drawnHeight, left, bottom]);
}

/** First `a`, then `b`. */
function multiply(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[1] * b[2],
    a[0] * b[1] + a[1] * b[3],
    a[2] * b[0] + a[3] * b[2],
    a[2] * b[1] + a[3] * b[3],
    a[4] * b[0] + a[5] * b[2] + b[4],
    a[4] * b[1] + a[5] * b[3] + b[5],
  ];
}
