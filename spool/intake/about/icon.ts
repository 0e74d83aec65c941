/** The queue's icon (`printer-icons`, PWG 5100.13 §5.6.24): a printer with a lock on it, drawn here, as PNG. */
import { crc32, deflateSync } from 'node:zlib';

/** Pixels of a side that clients ask for. */
export const ICON_SIZES = [48, 128, 512] as const;
export type IconSize = (typeof ICON_SIZES)[number];

export const iconPath = (size: IconSize): string => `/ipp-icons/holdfast-${size}.png`;

/** Red, green, blue, opacity. */
const PALETTE = [
  [0, 0, 0, 0],
  [38, 70, 110, 255],
  [255, 255, 255, 255],
  [222, 228, 236, 255],
  [240, 160, 30, 255],
] as const;
const [NOTHING, BODY, PAPER, LINE, LOCK] = [0, 1, 2, 3, 4];

/** Left, top, right, bottom in 1/48 of a side, and the colour; later ones lie on top. */
const SHAPES: readonly (readonly [number, number, number, number, number])[] = [
  [13, 5, 35, 19, PAPER],
  [16, 9, 32, 10, LINE],
  [16, 12, 32, 13, LINE],
  [5, 17, 43, 36, BODY],
  [12, 29, 36, 44, PAPER],
  [15, 33, 33, 34, LINE],
  [15, 37, 33, 38, LINE],
  [36, 20, 39, 22, LOCK],
  [27, 31, 41, 43, LOCK],
  [29, 25, 39, 31, LOCK],
  [31, 27, 37, 31, BODY],
  [33, 35, 35, 39, BODY],
];
const GRID = 48;

const made = new Map<IconSize, Buffer>();

/** Made once for each size. */
export function icon(size: IconSize): Buffer {
  const known = made.get(size);
  if (known !== undefined) return known;
  const png = draw(size);
  made.set(size, png);
  return png;
}

function draw(size: number): Buffer {
  // Each row begins with its filter, 0: none (PNG §9.2).
  const rows = Buffer.alloc(size * (size + 1), NOTHING);
  for (const [left, top, right, bottom, color] of SHAPES) {
    for (let y = scaled(top, size); y < scaled(bottom, size); y++) {
      const row = y * (size + 1) + 1;
      rows.fill(color, row + scaled(left, size), row + scaled(right, size));
    }
  }
  for (let y = 0; y < size; y++) rows[y * (size + 1)] = 0;
  return png(size, rows);
}

const scaled = (part: number, size: number): number => Math.round((part * size) / GRID);

/** One palette, one byte a pixel. */
function png(size: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // Eight bits a pixel, indexed colour.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(PALETTE.flatMap((color) => color.slice(0, 3)))),
    chunk('tRNS', Buffer.from(PALETTE.map(([, , , opacity]) => opacity))),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
