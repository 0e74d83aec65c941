/** Packs and unpacks lines of pixels (PWG 5102.4 §4.4), and turns them round. */
import { REST_IS_WHITE } from '../../pages/packed-lines.ts';
import type { PageFacts } from './page-facts.ts';

/** Of black and CMYK, ink is 1; of all others white is. */
const WITHOUT_INK: readonly number[] = [3, 6];

/** @param line is overwritten with the pixels. */
export function unpack(packed: Buffer, page: PageFacts, line: Buffer): void {
  const { octetsPerPixel, space } = page;
  let to = 0;
  for (let at = 0; at < packed.length; ) {
    const code = packed[at++] as number;
    if (code === REST_IS_WHITE) break;
    if (code < REST_IS_WHITE) {
      const end = to + (code + 1) * octetsPerPixel;
      if (octetsPerPixel === 1) line.fill(packed[at] as number, to, end);
      else line.fill(packed.subarray(at, at + octetsPerPixel), to, end);
      to = end;
      at += octetsPerPixel;
    } else {
      const length = (257 - code) * octetsPerPixel;
      packed.copy(line, to, at, at + length);
      to += length;
      at += length;
    }
  }
  line.fill(WITHOUT_INK.includes(space) ? 0x00 : 0xff, to);
}

const LONGEST_RUN = 128;

/** The packed form, without the count of repetitions. */
export function pack(line: Buffer, octetsPerPixel: number): Buffer {
  const pixels = line.length / octetsPerPixel;
  const packed = Buffer.allocUnsafe(line.length + Math.ceil(pixels / LONGEST_RUN) + 1);
  let to = 0;
  for (let at = 0; at < pixels; ) {
    let end = at + 1;
    while (end < pixels && end - at < LONGEST_RUN && isSame(line, at, end, octetsPerPixel)) end++;
    if (end - at > 1) {
      packed[to++] = end - at - 1;
      to += line.copy(packed, to, at * octetsPerPixel, (at + 1) * octetsPerPixel);
    } else {
      while (end < pixels && end - at < LONGEST_RUN && !isSame(line, end - 1, end, octetsPerPixel)) end++;
      // The last one belongs to a run.
      if (end < pixels && isSame(line, end - 1, end, octetsPerPixel)) end--;
      end = Math.max(end, at + 1);
      packed[to++] = end - at === 1 ? 0 : 257 - (end - at);
      to += line.copy(packed, to, at * octetsPerPixel, end * octetsPerPixel);
    }
    at = end;
  }
  return packed.subarray(0, to);
}

function isSame(line: Buffer, one: number, other: number, octetsPerPixel: number): boolean {
  for (let each = 0; each < octetsPerPixel; each++)
    if (line[one * octetsPerPixel + each] !== line[other * octetsPerPixel + each]) return false;
  return true;
}

/** The line from right to left, in place. */
export function mirror(line: Buffer, { bitsPerPixel, octetsPerPixel, width }: PageFacts): void {
  if (bitsPerPixel === 1) return mirrorBits(line, width);
  for (let left = 0, right = line.length - octetsPerPixel; left < right; ) {
    for (let each = 0; each < octetsPerPixel; each++) {
      const kept = line[left + each] as number;
      line[left + each] = line[right + each] as number;
      line[right + each] = kept;
    }
    left += octetsPerPixel;
    right -= octetsPerPixel;
  }
}

function mirrorBits(line: Buffer, width: number): void {
  const before = Buffer.from(line);
  line.fill(0);
  for (let x = 0; x < width; x++) {
    if (((before[x >> 3] as number) >> (7 - (x & 7))) & 1) {
      const to = width - 1 - x;
      line[to >> 3] = (line[to >> 3] as number) | (0x80 >> (to & 7));
    }
  }
}
