/** Reads what printers are sent, as printers do: PWG Raster (PWG 5102.4) and Apple Raster, whole pages of pixels. For tests. */

export interface DrawnPage {
  readonly width: number;
  readonly height: number;
  /** Of a pixel: 1 or 3. */
  readonly colors: number;
  /** 0 is black, 255 white; red, green and blue one after the other. */
  readonly pixels: Buffer;
  /** PWG: 1796 octets. URF: 32. */
  readonly header: Buffer;
}

/** sGray 18, sRGB 19, black 3 (PWG 5102.4 §4.3.2.3): of black a 1 is ink. */
const BLACK = 3;

export function readPwg(document: Buffer): DrawnPage[] {
  if (document.toString('latin1', 0, 4) !== 'RaS2') throw new Error('no PWG Raster');
  const pages: DrawnPage[] = [];
  for (let at = 4; at < document.length; ) {
    const header = document.subarray(at, at + 1796);
    const [width, height] = [header.readUInt32BE(372), header.readUInt32BE(376)];
    const [bits, line, space] = [
      header.readUInt32BE(388),
      header.readUInt32BE(392),
      header.readUInt32BE(400),
    ];
    const unpacked = unpack(document, at + 1796, height, line, Math.ceil(bits / 8), 0xff);
    at = unpacked.end;
    pages.push({ ...page(width, height, bits, line, space === BLACK, unpacked.lines), header });
  }
  return pages;
}

export function readUrf(document: Buffer): DrawnPage[] {
  if (document.toString('latin1', 0, 8) !== 'UNIRAST\0') throw new Error('no Apple Raster');
  const pages: DrawnPage[] = [];
  for (let at = 12; at < document.length; ) {
    const header = document.subarray(at, at + 32);
    const [bits, width, height] = [header.readUInt8(0), header.readUInt32BE(12), header.readUInt32BE(16)];
    const line = Math.ceil((width * bits) / 8);
    const unpacked = unpack(document, at + 32, height, line, bits / 8, 0xff);
    at = unpacked.end;
    pages.push({ ...page(width, height, bits, line, false, unpacked.lines), header });
  }
  return pages;
}

/** Pages that a URF header says there are. */
export const pagesToldByUrf = (document: Buffer): number => document.readUInt32BE(8);

function unpack(from: Buffer, start: number, height: number, line: number, pixel: number, white: number) {
  const lines = Buffer.alloc(line * height, white);
  let at = start;
  for (let y = 0; y < height; ) {
    const times = from.readUInt8(at++) + 1;
    const begin = y * line;
    for (let x = 0; x < line; ) {
      const code = from.readUInt8(at++);
      if (code === 128) break;
      const [count, literal] = code < 128 ? [code + 1, false] : [257 - code, true];
      for (let each = 0; each < count; each++) {
        from.copy(lines, begin + x, at, at + pixel);
        x += pixel;
        if (literal) at += pixel;
      }
      if (!literal) at += pixel;
      if (x > line) throw new Error(`a line of ${x} octets where ${line} fit`);
    }
    for (let again = 1; again < times; again++) lines.copy(lines, begin + again * line, begin, begin + line);
    y += times;
    if (y > height) throw new Error(`${y} lines where ${height} fit`);
  }
  return { lines, end: at };
}

function page(width: number, height: number, bits: number, line: number, isBlack: boolean, lines: Buffer) {
  if (bits >= 8) return { width, height, colors: bits / 8, pixels: lines };
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = ((lines[y * line + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1;
      pixels[y * width + x] = (isBlack ? bit === 0 : bit === 1) ? 255 : 0;
    }
  return { width, height, colors: 1, pixels };
}

/** What pdftoppm writes: P6 or P5. */
export function readPixmaps(octets: Buffer): DrawnPage[] {
  const pages: DrawnPage[] = [];
  for (let at = 0; at < octets.length; ) {
    const [all = '', kind, width, height] =
      /^P([56])\s(\d+)\s(\d+)\s255\s/.exec(octets.toString('latin1', at, at + 60)) ?? [];
    const colors = kind === '6' ? 3 : 1;
    const length = Number(width) * Number(height) * colors;
    if (all === '') throw new Error('no pixmap');
    const pixels = octets.subarray(at + all.length, at + all.length + length);
    pages.push({ width: Number(width), height: Number(height), colors, pixels, header: Buffer.alloc(0) });
    at += all.length + length;
  }
  return pages;
}
