/** Drawn pages as a printer wants them: its headers, the backs of its sheets. Pixels stay as they are packed where they can. */
import { pagesOf } from '../pages-of.ts';
import { APPLE_RASTER } from '../paths.ts';
import type { Drawing, SheetBack } from '../plan.ts';
import { OctetBuffer } from './octet-buffer.ts';
import { mirror, pack, unpack } from './packing.ts';
import { type PageFacts, PWG_SYNC } from './page-facts.ts';
import { pwgHeader, urfBegin, urfHeader } from './page-headers.ts';
import { DamagedRaster, type PackedLine, PageReader } from './page-reader.ts';

type Turned = PageFacts['turned'];

const AS_FRONT: Turned = { cross: false, feed: false };
const BOTH: Turned = { cross: true, feed: true };

/** How the back of a sheet is turned (PWG 5102.4 §4.3.2.4 and §4.3.2.5). */
function backOf(sheetBack: SheetBack, sides: Drawing['sides']): Turned {
  const tumble = sides === 'two-sided-short-edge';
  switch (sheetBack) {
    case 'normal':
      return AS_FRONT;
    case 'flipped':
      return tumble ? { cross: true, feed: false } : { cross: false, feed: true };
    case 'rotated':
      return tumble ? AS_FRONT : BOTH;
    case 'manual-tumble':
      return tumble ? BOTH : AS_FRONT;
    default:
      return sheetBack satisfies never;
  }
}

/** @throws DamagedRaster */
export async function* finish(document: AsyncIterable<Uint8Array>, drawing: Drawing): AsyncGenerator<Buffer> {
  const isUrf = drawing.to === APPLE_RASTER;
  const reader = new PageReader(new OctetBuffer(document));
  const pages = pagesOf(drawing) ?? 0;
  const back = drawing.sides === 'one-sided' ? AS_FRONT : backOf(drawing.sheetBack, drawing.sides);
  const begin = isUrf ? urfBegin(pages) : Buffer.from(PWG_SYNC, 'latin1');
  let drawn = 0;
  for (let page = await reader.next(); page !== undefined; page = await reader.next()) {
    const wanted = drawn % 2 === 1 ? back : AS_FRONT;
    const turned = { ...page, turned: wanted };
    const header = isUrf ? urfHeader(turned, drawing) : pwgHeader(turned, drawing, pages);
    if (header === undefined) throw new DamagedRaster('a page has pixels that the printer does not take');
    yield drawn === 0 ? Buffer.concat([begin, header]) : header;
    yield* linesOf(reader, page, wanted);
    drawn++;
  }
  if (drawn === 0) throw new DamagedRaster('no page');
}

async function* linesOf(reader: PageReader, page: PageFacts, wanted: Turned): AsyncGenerator<Buffer> {
  const turn = { cross: page.turned.cross !== wanted.cross, feed: page.turned.feed !== wanted.feed };
  const line = Buffer.alloc(page.octetsPerLine);
  const write = ({ times, packed }: PackedLine): Buffer => {
    let pixels = packed;
    if (turn.cross) {
      unpack(packed, page, line);
      mirror(line, page);
      pixels = pack(line, page.octetsPerPixel);
    }
    return Buffer.concat([Buffer.of(times - 1), pixels]);
  };
  if (!turn.feed) {
    for await (const batch of reader.lines(page)) yield Buffer.concat(batch.map(write));
    return;
  }
  // The last line leaves first, so the page is kept as a whole, packed.
  const kept: Buffer[] = [];
  for await (const batch of reader.lines(page)) for (const each of batch) kept.push(write(each));
  kept.reverse();
  for (let at = 0; at < kept.length; at += LINES_AT_ONCE)
    yield Buffer.concat(kept.slice(at, at + LINES_AT_ONCE));
}

const LINES_AT_ONCE = 256;
