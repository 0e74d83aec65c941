/** Reads drawn pages, PWG Raster or Apple Raster, line by line as they are packed. */
import { REST_IS_WHITE } from '../../pages/packed-lines.ts';
import type { OctetBuffer } from './octet-buffer.ts';
import {
  type PageFacts,
  PWG_HEADER,
  PWG_SYNC,
  readPwgHeader,
  readUrfHeader,
  URF_HEADER,
  URF_SYNC,
} from './page-facts.ts';

/** A line, or several that are alike. */
export interface PackedLine {
  /** How often it comes: 1 to 256. */
  readonly times: number;
  /** Its pixels as they are packed (PWG 5102.4 §4.4), without the count of repetitions. Valid until the next is asked for. */
  readonly packed: Buffer;
}

/** The document is not what its format asks for, or is cut. */
export class DamagedRaster extends Error {}

export class PageReader {
  readonly #from: OctetBuffer;
  #isUrf: boolean | undefined;

  constructor(from: OctetBuffer) {
    this.#from = from;
  }

  /** The next page; undefined at the document's end. The lines of the one before are to be read first. @throws DamagedRaster */
  async next(): Promise<PageFacts | undefined> {
    this.#isUrf ??= await this.#begin();
    if (!(await this.#from.any())) return undefined;
    const header = await this.#take(this.#isUrf ? URF_HEADER : PWG_HEADER);
    const facts = this.#isUrf ? readUrfHeader(header) : readPwgHeader(header);
    if (facts === undefined) throw new DamagedRaster('a page has no header that is understood');
    return facts;
  }

  /** @throws DamagedRaster */
  async *lines(page: PageFacts): AsyncGenerator<PackedLine[]> {
    const from = this.#from;
    for (let left = page.height; left > 0; ) {
      // As many as are at hand, so that not every line waits for a turn of its own.
      const batch: PackedLine[] = [];
      while (left > 0) {
        const end = endOfLine(from.octets, from.at + 1, page);
        if (end === undefined) break;
        const times = Math.min(left, from.octets.readUInt8(from.at) + 1);
        batch.push({ times, packed: from.octets.subarray(from.at + 1, end) });
        from.at = end;
        left -= times;
      }
      yield batch;
      if (left > 0 && !(await from.more())) throw new DamagedRaster('a page is cut');
    }
  }

  async #begin(): Promise<boolean> {
    const sync = (await this.#take(PWG_SYNC.length)).toString('latin1');
    if (sync === PWG_SYNC) return false;
    // The other half of the signature, and the number of pages.
    const rest = (await this.#take(URF_SYNC.length)).toString('latin1', 0, 4);
    if (sync + rest !== URF_SYNC) throw new DamagedRaster('no raster');
    return true;
  }

  async #take(length: number): Promise<Buffer> {
    const taken = await this.#from.take(length);
    if (taken === undefined) throw new DamagedRaster('cut');
    return taken;
  }
}

/** Where the packed line ends that begins at `at`; undefined when not all of it is at hand. @throws DamagedRaster */
function endOfLine(octets: Buffer, begin: number, page: PageFacts): number | undefined {
  const { octetsPerLine, octetsPerPixel } = page;
  let at = begin;
  for (let missing = octetsPerLine; missing > 0; ) {
    const code = octets[at++];
    if (code === undefined) return undefined;
    if (code === REST_IS_WHITE) break;
    const pixels = code < REST_IS_WHITE ? code + 1 : 257 - code;
    at += (code < REST_IS_WHITE ? 1 : pixels) * octetsPerPixel;
    missing -= pixels * octetsPerPixel;
    if (missing < 0) throw new DamagedRaster('a line is longer than its page is wide');
  }
  return at <= octets.length ? at : undefined;
}
