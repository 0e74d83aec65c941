// JPEG and Apple Raster at printers that do not take them: what comes out looks like what came. Real converters.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { officePrinter } from '../../../../drivers/printers/office-printer.ts';
import { Attributes } from '../../../../ipp/model.ts';
import { served } from '../../../../spool/formats/conversion/served.ts';
import { peerTest, programPath } from '../../../peers/require-peer.ts';
import { asStored } from '../as-stored.ts';
import { converterWith } from './converting.ts';
import { type DrawnPage, pagesToldByUrf, readPwg, readUrf } from './drawn-pages.ts';
import { HALFTONE, inGrey, looksLike, moved, turned } from './likeness.ts';
import { readPcl } from './pcl-pages.ts';
import { draw, type ThreePages, threePages } from './three-pages.ts';

const peer = peerTest(test, ['gs', 'pdftoppm']);
const folder = await mkdtemp(join(tmpdir(), 'holdfast-sources-'));
test.after.always(() => rm(folder, { recursive: true }));

const [PDF, PWG, URF, JPEG] = ['application/pdf', 'image/pwg-raster', 'image/urf', 'image/jpeg'];
const PCL = 'application/vnd.hp-pcl';

let made: Promise<ThreePages> | undefined;
const original = (): Promise<ThreePages> => {
  made ??= threePages(folder);
  return made;
};

/** What a printer gets that takes one format alone. */
async function converted(document: Buffer, from: string, to: string, pages: number): Promise<Buffer> {
  const converter = converterWith({ ghostscript: programPath('gs') });
  const count = { kind: 'counted', pages } as const;
  const printer = served(officePrinter([to]), { ghostscript: true });
  const serving = converter.decide({ format: from, ticket: new Attributes(), required: [], count }, printer);
  if (typeof serving !== 'object') throw new Error(serving);
  return Buffer.concat(await Array.fromAsync(serving.convert(asStored(document))));
}

let drawings = 0;
/** The pages of a PDF. */
async function drawn(pdf: Buffer): Promise<DrawnPage[]> {
  const path = join(folder, `${drawings++}.pdf`);
  await writeFile(path, pdf);
  return draw(path);
}

/** A page of the original as a picture: its size in pixels is as it lies on the screen. */
async function jpegOf(page: number, device = 'jpeg'): Promise<Buffer> {
  const [source, target] = [join(folder, `${drawings++}.pdf`), join(folder, `${drawings++}.jpg`)];
  await writeFile(source, (await original()).pdf);
  const only = [`-dFirstPage=${page}`, `-dLastPage=${page}`];
  const quiet = ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE'];
  await promisify(execFile)(programPath('gs'), [
    ...quiet,
    `-sDEVICE=${device}`,
    '-r100',
    ...only,
    '-o',
    target,
    source,
  ]);
  return readFile(target);
}

const pictureOf = async (page: number): Promise<DrawnPage> => {
  const picture = (await original()).pictures[page - 1];
  if (picture === undefined) throw new Error('three pages');
  return picture;
};

for (const [what, page, device] of [
  ['in colour', 1, 'jpeg'],
  ['in grey', 1, 'jpeggray'],
  ['in CMYK', 1, 'jpegcmyk'],
  ['on its side: turned as the paper lies', 2, 'jpeg'],
] as const) {
  peer(`a JPEG ${what}, as PDF`, async (t) => {
    const pages = await drawn(await converted(await jpegOf(page, device), JPEG, PDF, 1));
    const picture = await pictureOf(page);
    t.deepEqual(looksLike(pages, [device === 'jpeggray' ? inGrey(picture) : picture]), []);
  });
}

type Where = readonly [x: number, y: number];
/** Where a point is in the picture as it is kept, `right` and `bottom` the last ones there (Exif 2.32 §4.6.4, Orientation). */
const ORIENTED: Readonly<Record<number, (x: number, y: number, right: number, bottom: number) => Where>> = {
  1: (x, y) => [x, y],
  2: (x, y, right) => [right - x, y],
  3: (x, y, right, bottom) => [right - x, bottom - y],
  4: (x, y, _right, bottom) => [x, bottom - y],
  5: (x, y) => [y, x],
  6: (x, y, _right, bottom) => [y, bottom - x],
  7: (x, y, right, bottom) => [right - y, bottom - x],
  8: (x, y, right) => [right - y, x],
};

/** As cameras write it: a first directory of one entry. */
function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const exif = Buffer.from('ffe10022457869660000' + '4d4d002a00000008' + '0001' + '0112000300000001', 'hex');
  const value = Buffer.from([0, orientation, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([jpeg.subarray(0, 2), exif, value, jpeg.subarray(2)]);
}

peer('a JPEG as a camera kept it, in each orientation, as PDF', async (t) => {
  const [jpeg, kept] = [await jpegOf(1), await pictureOf(1)];
  const { width, height } = kept;
  for (const [orientation, from] of Object.entries(ORIENTED)) {
    const isOnSide = Number(orientation) > 4;
    const size = isOnSide ? { width: height, height: width } : { width, height };
    const seen = moved(kept, (x, y) => from(x, y, width - 1, height - 1), size);
    const document = withOrientation(jpeg, Number(orientation));
    const pages = await drawn(await converted(document, JPEG, PDF, 1));
    t.deepEqual(looksLike(pages, [isOnSide ? turned(seen) : seen]), [], orientation);
  }
});

peer('a JPEG, drawn', async (t) => {
  const document = await converted(await jpegOf(1), JPEG, PWG, 1);
  t.deepEqual(looksLike(readPwg(document), [await pictureOf(1)]), []);
});

/** Of three pages, as a phone draws them. */
async function appleRaster(): Promise<Buffer> {
  const document = await converted((await original()).pdf, PDF, URF, 3);
  if (readUrf(document).length !== 3) throw new Error('not three pages');
  return document;
}

peer('Apple Raster, as PDF', async (t) => {
  const pages = await drawn(await converted(await appleRaster(), URF, PDF, 3));
  t.deepEqual(looksLike(pages, (await original()).pictures), []);
});

peer('Apple Raster, as PWG Raster', async (t) => {
  const source = await appleRaster();
  t.is(pagesToldByUrf(source), 3);
  const document = await converted(source, URF, PWG, 3);
  t.deepEqual(looksLike(readPwg(document), (await original()).pictures), []);
});

peer('Apple Raster, drawn by way of a PDF', async (t) => {
  const document = await converted(await appleRaster(), URF, PCL, 3);
  t.deepEqual(looksLike(readPcl(document, 2480, 3508), (await original()).pictures, HALFTONE), []);
});
