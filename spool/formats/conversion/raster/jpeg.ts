/** What a PDF has to say of a JPEG that it holds: its size, its colours, how it lies (ITU-T T.81 annex B). */

export interface JpegFacts {
  readonly width: number;
  readonly height: number;
  readonly colors: 1 | 3 | 4;
  /** Made by Adobe's programs, which write CMYK upside down. */
  readonly isAdobe: boolean;
  /** Orientation of Exif: 1 to 8. */
  readonly orientation: number;
}

const START_OF_IMAGE = 0xd8;
const APP1 = 0xe1;
const APP14 = 0xee;
const START_OF_SCAN = 0xda;
/** Of what it says of itself before its picture; thumbnails and colour profiles are in there. */
const LONGEST_HEAD = 16 * 2 ** 20;
/** Frames of Huffman-coded pictures, which printers draw: baseline, extended, progressive. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2];

/**
 * @param head the document so far.
 * @returns `more` when the frame is still to come; undefined when it is no JPEG that a printer draws.
 */
export function jpegFacts(head: Buffer): JpegFacts | 'more' | undefined {
  if (head.length < 4) return 'more';
  if (head[0] !== 0xff || head[1] !== START_OF_IMAGE) return undefined;
  let isAdobe = false;
  let orientation = 1;
  for (let at = 2; at < LONGEST_HEAD; ) {
    if (at + 4 > head.length) return 'more';
    if (head[at] !== 0xff) return undefined;
    const marker = head.readUInt8(at + 1);
    // Fill octets before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = head.readUInt16BE(at + 2);
    if (length < 2 || marker === START_OF_SCAN) return undefined;
    if (at + 2 + length > head.length) return 'more';
    const content = head.subarray(at + 4, at + 2 + length);
    if (FRAMES.includes(marker)) return frameOf(content, isAdobe, orientation);
    if (marker === APP14 && content.toString('latin1', 0, 5) === 'Adobe') isAdobe = true;
    if (marker === APP1) orientation = orientationIn(content) ?? orientation;
    at += 2 + length;
  }
  return undefined;
}

function frameOf(content: Buffer, isAdobe: boolean, orientation: number): JpegFacts | undefined {
  if (content.length < 6 || content[0] !== 8) return undefined;
  const [height, width, colors] = [content.readUInt16BE(1), content.readUInt16BE(3), content.readUInt8(5)];
  if (width === 0 || height === 0 || (colors !== 1 && colors !== 3 && colors !== 4)) return undefined;
  return { width, height, colors, isAdobe, orientation };
}

const ORIENTATION = 0x0112;
const MOST_ENTRIES = 200;

/** Tag 0x0112 of the first directory of Exif's TIFF. */
function orientationIn(content: Buffer): number | undefined {
  if (content.toString('latin1', 0, 6) !== 'Exif\0\0' || content.length < 14) return undefined;
  const tiff = content.subarray(6);
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return undefined;
  const short = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return undefined;
  const entries = Math.min(MOST_ENTRIES, short(directory));
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > tiff.length) return undefined;
    if (short(at) !== ORIENTATION) continue;
    const value = short(at + 8);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}
