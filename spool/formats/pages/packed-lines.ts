/** Passes over the lines of one raster page, packed as PWG 5102.4 §4.4 says; Apple Raster packs the same way. */
import type { OctetStream } from './octet-stream.ts';

export interface PageShape {
  /** Lines. */
  readonly height: number;
  /** Of one line, unpacked. */
  readonly octetsPerLine: number;
  readonly octetsPerPixel: number;
}

/** Fills the rest of a line with white. */
export const REST_IS_WHITE = 128;

/**
 * @returns false when the stream ends before the page does. Every step uses up octets of the document, so that a page
 * that says it is huge costs no more than what it sends.
 */
export async function skipLines(stream: OctetStream, page: PageShape): Promise<boolean> {
  const walk = new LineWalk(page);
  while (!walk.ended) {
    if (!(await stream.refill())) return false;
    walk.walk(stream);
  }
  return true;
}

class LineWalk {
  readonly #page: PageShape;
  #lines = 0;
  /** Octets that the line at hand still lacks; 0 when its count of repetitions comes next. */
  #missing = 0;
  /** Octets of pixels to be passed over. */
  #pixels = 0;

  constructor(page: PageShape) {
    this.#page = page;
  }

  get ended(): boolean {
    return this.#lines >= this.#page.height && this.#missing === 0 && this.#pixels === 0;
  }

  /** As far as the chunk at hand goes. */
  walk(stream: OctetStream): void {
    const { octetsPerLine, octetsPerPixel } = this.#page;
    while (!this.ended) {
      if (this.#pixels > 0) {
        const skipped = stream.skip(this.#pixels);
        if (skipped === 0) return;
        this.#pixels -= skipped;
        continue;
      }
      const octet = stream.next();
      if (octet < 0) return;
      if (this.#missing === 0) {
        // How often the line is repeated, less one.
        this.#lines += octet + 1;
        this.#missing = octetsPerLine;
      } else if (octet === REST_IS_WHITE) this.#missing = 0;
      else {
        const repeated = octet < REST_IS_WHITE;
        const pixels = repeated ? octet + 1 : 257 - octet;
        this.#pixels = (repeated ? 1 : pixels) * octetsPerPixel;
        // What reaches past the end of the line is dropped, as printers do.
        this.#missing = Math.max(0, this.#missing - pixels * octetsPerPixel);
      }
    }
  }
}

/** 200 inches: larger pages are a mistake or an attack (CVE-2025-64503). */
const LONGEST_EDGE_INCHES = 200;
const FINEST = 9600;

/** Whether a page of so many pixels an edge can be meant, at `resolution` dots per inch. */
export function isPlausible(width: number, height: number, resolution: number): boolean {
  if (resolution < 1 || resolution > FINEST) return false;
  const most = LONGEST_EDGE_INCHES * resolution;
  return width >= 1 && height >= 1 && width <= most && height <= most;
}
