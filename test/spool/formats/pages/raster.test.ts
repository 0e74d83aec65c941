// Pages of raster documents are walked, whatever their headers claim, and nothing that is claimed costs more than it sends.
import test from 'ava';
import { countAppleRaster } from '../../../../spool/formats/pages/apple-raster.ts';
import type { PageCount } from '../../../../spool/formats/pages/page-count.ts';
import { countPwgRaster } from '../../../../spool/formats/pages/pwg-raster.ts';
import { appleRaster, pwgRaster, type RasterPage } from './raster-pages.ts';

async function* inPieces(octets: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}

const counted = (pages: number): PageCount => ({ kind: 'counted', pages });
const DAMAGED: PageCount = { kind: 'damaged' };

/** One line of three pixels, once: a pixel repeated twice, then one as it is. */
const THREE_PIXELS = { width: 3, height: 1 };
const RUNS = Buffer.from([0, 1, 10, 20, 30, 0, 40, 50, 60]);
const LITERALS = Buffer.from([0, 254, 1, 2, 3, 4, 5, 6, 7, 8, 9]);

const PAGES: readonly (readonly [string, readonly RasterPage[], PageCount])[] = [
  ['no page', [], DAMAGED],
  ['a page', [{}], counted(1)],
  ['three pages of different sizes', [{}, { width: 1, height: 1 }, { height: 1000 }], counted(3)],
  ['a line of runs', [{ ...THREE_PIXELS, bitsPerPixel: 24, lines: RUNS }, {}], counted(2)],
  ['a line of pixels as they are', [{ ...THREE_PIXELS, bitsPerPixel: 24, lines: LITERALS }, {}], counted(2)],
  [
    'one bit a pixel',
    [{ width: 9, height: 1, bitsPerPixel: 1, lines: Buffer.from([0, 1, 0xff]) }, {}],
    counted(2),
  ],
  ['more repetitions than there are lines', [{ height: 2, lines: Buffer.from([255, 128]) }, {}], counted(2)],
  [
    'a run past the end of the line',
    [{ width: 2, height: 1, bitsPerPixel: 8, lines: Buffer.from([0, 127, 9]) }, {}],
    counted(2),
  ],
  ['a cut page', [{}, { lines: Buffer.from([10, 128]) }], DAMAGED],
  ['a page without lines', [{ lines: Buffer.alloc(0) }], DAMAGED],
  ['no width', [{ width: 0 }], DAMAGED],
  ['no height', [{ height: 0 }], DAMAGED],
  ['no resolution', [{ resolution: 0 }], DAMAGED],
  ['a width of 2^31', [{ width: 2 ** 31, lines: Buffer.from([0, 128]) }], DAMAGED],
  ['a height of 2^32-1', [{ height: 2 ** 32 - 1, lines: Buffer.from([0, 128]) }], DAMAGED],
  ['a resolution of 2^32-1', [{ resolution: 2 ** 32 - 1 }], DAMAGED],
  ['no bits', [{ bitsPerPixel: 0 }], DAMAGED],
];

for (const [format, make, count] of [
  ['PWG Raster', pwgRaster, countPwgRaster],
  ['Apple Raster', appleRaster, countAppleRaster],
] as const) {
  for (const [what, pages, expected] of PAGES) {
    test(`${format}: ${what}: ${JSON.stringify(expected)}`, async (t) => {
      const document = make(pages);
      t.deepEqual(await count(inPieces(document, 1)), expected);
      t.deepEqual(await count(inPieces(document, 64 * 1024)), expected);
    });
  }

  test(`${format}: damage is told wherever the document is cut`, async (t) => {
    const document = make([{}, { ...THREE_PIXELS, bitsPerPixel: 24, lines: RUNS }]);
    const whole = [make([]).length, make([{}]).length, document.length];
    for (let length = 0; length <= document.length; length++) {
      const { kind } = await count(inPieces(document.subarray(0, length), 1000));
      t.is(kind, whole.indexOf(length) > 0 ? 'counted' : 'damaged', `${length}`);
    }
  });

  test(`${format}: something else behind the last page`, async (t) => {
    t.deepEqual(await count(inPieces(Buffer.concat([make([{}]), Buffer.alloc(5000, 7)]), 999)), DAMAGED);
  });
}

test('Apple Raster: what the header says of the pages counts for nothing', async (t) => {
  for (const told of [0, 1, 2 ** 32 - 1])
    t.deepEqual(await countAppleRaster(inPieces(appleRaster([{}, {}], told), 99)), counted(2));
});

test('PWG Raster: a line must be as long as its pixels', async (t) => {
  t.deepEqual(await countPwgRaster(inPieces(pwgRaster([{ octetsPerLine: 1 }]), 99)), DAMAGED);
  t.deepEqual(await countPwgRaster(inPieces(pwgRaster([{ octetsPerLine: 2 ** 31 }]), 99)), DAMAGED);
});
