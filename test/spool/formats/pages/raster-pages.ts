/** Raster documents made octet by octet, right or wrong. */

export interface RasterPage {
  readonly width?: number;
  readonly height?: number;
  readonly resolution?: number;
  readonly bitsPerPixel?: number;
  readonly octetsPerLine?: number;
  /** Packed lines; white ones of the page's height unless told. */
  readonly lines?: Buffer;
}

/** The packed lines of a white page: up to 256 in three octets. */
function white(height: number): Buffer {
  const lines: number[] = [];
  for (let left = height; left > 0; left -= 256) lines.push(Math.min(256, left) - 1, 128);
  return Buffer.from(lines);
}

export function pwgRaster(pages: readonly RasterPage[]): Buffer {
  return Buffer.concat([Buffer.from('RaS2'), ...pages.map(pwgPage)]);
}

function pwgPage(page: RasterPage): Buffer {
  const { width = 100, height = 300, resolution = 300, bitsPerPixel = 24 } = page;
  const header = Buffer.alloc(1796);
  header.write('PwgRaster\0', 'latin1');
  for (const [at, value] of [
    [276, resolution],
    [280, resolution],
    [372, width],
    [376, height],
    [388, bitsPerPixel],
    [392, page.octetsPerLine ?? Math.min(2 ** 32 - 1, Math.ceil((width * bitsPerPixel) / 8))],
  ] as const) {
    header.writeUInt32BE(value, at);
  }
  return Buffer.concat([header, page.lines ?? white(height)]);
}

/** @param told number of pages that the file header claims. */
export function appleRaster(pages: readonly RasterPage[], told = 0): Buffer {
  const begin = Buffer.from('UNIRAST\0\0\0\0\0', 'latin1');
  begin.writeUInt32BE(told, 8);
  return Buffer.concat([begin, ...pages.map(applePage)]);
}

function applePage(page: RasterPage): Buffer {
  const { width = 100, height = 300, resolution = 300, bitsPerPixel = 8 } = page;
  const header = Buffer.alloc(32);
  header.writeUInt8(bitsPerPixel, 0);
  header.writeUInt32BE(width, 12);
  header.writeUInt32BE(height, 16);
  header.writeUInt32BE(resolution, 20);
  return Buffer.concat([header, page.lines ?? white(height)]);
}
