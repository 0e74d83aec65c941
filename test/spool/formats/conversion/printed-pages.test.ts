// One PDF at printers that take no PDF: what comes out looks like the original. Real converters, from the release on.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { PrinterDescription } from '../../../../drivers/printers/description.ts';
import { officePrinter } from '../../../../drivers/printers/office-printer.ts';
import type { PrintJob } from '../../../../drivers/printers/port.ts';
import { Attributes } from '../../../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../../../ipp/vocabulary/build.ts';
import { served } from '../../../../spool/formats/conversion/served.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { peerTest, programPath } from '../../../peers/require-peer.ts';
import { MemoryJobStore } from '../../../simulators/memory-job-store.ts';
import { ScriptedPrinter } from '../../../simulators/scripted-printer.ts';
import { reaches, releasingFrom } from '../../release/releasing.ts';
import { type DrawnPage, pagesToldByUrf, readPwg, readUrf } from './drawn-pages.ts';
import { HALFTONE, isAlike, looksLike, moved } from './likeness.ts';
import { readPcl } from './pcl-pages.ts';
import { draw, type ThreePages, threePages } from './three-pages.ts';

const peer = peerTest(test, ['gs', 'pdftoppm']);
const folder = await mkdtemp(join(tmpdir(), 'holdfast-pages-'));
test.after.always(() => rm(folder, { recursive: true }));

let made: Promise<ThreePages> | undefined;
const original = (): Promise<ThreePages> => {
  made ??= threePages(folder);
  return made;
};

interface Printed {
  readonly job: PrintJob;
  readonly document: Buffer;
}

/** What a printer gets that takes this format alone. */
async function printed(
  pdf: Buffer,
  to: string,
  ticket: AttributesInput = {},
  changes: Partial<PrinterDescription> = {},
  format = 'application/pdf',
): Promise<Printed> {
  let got: Printed | undefined;
  const printer = new ScriptedPrinter(async (job) => {
    await job.intentKept;
    const chunks: Uint8Array[] = [];
    for await (const chunk of job.open()) chunks.push(chunk);
    got = { job, document: Buffer.concat(chunks) };
    return { outcome: 'completed', impressions: 3 };
  });
  const { releaser, description, jobs, accept, release } = releasingFrom(
    new MemoryJobStore(),
    printer,
    new ManualClock(),
    {
      ghostscript: programPath('gs'),
    },
  );
  const own = { ...officePrinter([to]), ...changes };
  description.value = served(own, { ghostscript: true });
  const document = { format, octets: pdf.length, count: { kind: 'counted', pages: 3 } } as const;
  const { id } = await accept({ document, ticket: new Attributes([...attributes(ticket)]) }, pdf);
  release([id]);
  const job = await reaches(jobs, id, 'completed');
  await releaser.drain();
  if (got === undefined || job.state !== 'completed') throw new Error('nothing was printed');
  return got;
}

peer('the comparison fails for what is moved, mirrored, turned, inverted or another page', async (t) => {
  const { pictures } = await original();
  for (const [index, page] of pictures.entries()) {
    const { width, height } = page;
    const others: Record<string, DrawnPage> = {
      '5 mm to the side': moved(page, (x, y) => [x - 20, y]),
      '5 mm down': moved(page, (x, y) => [x, y - 20]),
      mirrored: moved(page, (x, y) => [width - 1 - x, y]),
      'upside down': moved(page, (x, y) => [width - 1 - x, height - 1 - y]),
      inverted: { ...page, pixels: Buffer.from(page.pixels.map((each) => 255 - each)) },
      'another page': pictures[(index + 1) % 3] as DrawnPage,
    };
    t.true(isAlike(page, page));
    for (const [how, other] of Object.entries(others))
      t.false(isAlike(page, other) || isAlike(page, other, HALFTONE), `page ${index + 1} ${how}`);
  }
});

peer('PWG Raster, in colour', async (t) => {
  const { pdf, pictures } = await original();
  const { job, document } = await printed(pdf, 'image/pwg-raster', {
    sides: 'two-sided-long-edge',
  });
  t.like(job, { format: 'image/pwg-raster', octets: undefined });
  const pages = readPwg(document);
  t.deepEqual(looksLike(pages, pictures), []);
  t.deepEqual(
    pages.map(({ header }) => [272, 368, 452, 456, 460].map((at) => header.readInt32BE(at))),
    Array.from({ length: 3 }, () => [1, 0, 3, 1, 1]),
  );
  t.is(pages[0]?.header.toString('latin1', 1732, 1748), 'iso_a4_210x297mm');
});

peer('Apple Raster, grey and fine; its header tells the pages', async (t) => {
  const { pdf, pictures } = await original();
  const ticket = {
    'print-color-mode': 'monochrome',
    'print-quality': 5,
    sides: 'two-sided-short-edge',
  } as const;
  const { document } = await printed(pdf, 'image/urf', ticket);
  const pages = readUrf(document);
  t.deepEqual(looksLike(pages, pictures), []);
  t.is(pagesToldByUrf(document), 3);
  t.deepEqual(
    pages.map(({ header }) => [header.readUInt8(0), header.readUInt8(2), header.readUInt32BE(20)]),
    Array.from({ length: 3 }, () => [8, 2, 600]),
  );
});

peer('PCL 5', async (t) => {
  const { pdf, pictures } = await original();
  const { document } = await printed(pdf, 'application/vnd.hp-pcl');
  t.deepEqual(looksLike(readPcl(document, 2480, 3508), pictures, HALFTONE), []);
});

peer('PostScript', async (t) => {
  const { pdf, pictures } = await original();
  const { document } = await printed(pdf, 'application/postscript');
  const [ps, back] = [join(folder, 'out.ps'), join(folder, 'out.pdf')];
  await writeFile(ps, document);
  execFileSync(programPath('gs'), [
    '-q',
    '-dSAFER',
    '-dBATCH',
    '-dNOPAUSE',
    '-sDEVICE=pdfwrite',
    '-dAutoRotatePages=/None',
    '-o',
    back,
    ps,
  ]);
  t.deepEqual(looksLike(await draw(back), pictures), []);
});

peer('PCL XL says pages, sides and colour', async (t) => {
  const { pdf } = await original();
  const raw = { ignoresTicket: true, sides: ['one-sided'], copies: { lower: 1, upper: 1 } } as const;
  const ticket = { sides: 'two-sided-long-edge', copies: 2 } as const;
  const { document, job } = await printed(pdf, 'application/vnd.hp-pclxl', ticket, raw);
  const text = document.toString('latin1');
  t.true(text.includes(') HP-PCL XL;'));
  // BeginPage is 0x43 behind the attribute list; a sheet's side is told with 0x35 (DuplexPageMode) before it.
  t.is(text.split('\xf8\x35').length - 1, 7, 'three, an empty back, and three');
  t.false(job.ticket.has('copies'));
  t.false(job.ticket.has('sides'));
});

peer('PCL XL says its sides where the printer is told them too: each page goes before that', async (t) => {
  const { pdf } = await original();
  const { document, job } = await printed(pdf, 'application/vnd.hp-pclxl', { sides: 'two-sided-short-edge' });
  const text = document.toString('latin1');
  // 0x34 is SimplexPageMode. DuplexPageMode 0 turns over the short edge of a portrait page.
  t.is(text.split('\xf8\x34').length - 1, 0);
  t.is(text.split('\xc0\x00\xf8\x35').length - 1, 3);
  t.true(job.ticket.has('sides'));
});

peer('backs as the printer wants them: the page turned, and its header says so', async (t) => {
  const { pdf, pictures } = await original();
  const ticket = { sides: 'two-sided-long-edge' } as const;
  const pwgRaster = { ...officePrinter(['image/pwg-raster']).pwgRaster, sheetBack: 'rotated' } as never;
  const { document } = await printed(pdf, 'image/pwg-raster', ticket, { pwgRaster });
  const [first, back, third] = readPwg(document);
  if (!first || !back || !third) throw new Error('three pages');
  t.deepEqual(
    [456, 460].map((at) => back.header.readInt32BE(at)),
    [-1, -1],
  );
  const upright = moved(back, (x, y) => [back.width - 1 - x, back.height - 1 - y]);
  t.deepEqual(looksLike([first, upright, third], pictures), []);
});

peer('copies and page ranges are made here, and taken from the ticket', async (t) => {
  const { pdf, pictures } = await original();
  const ticket = {
    copies: 2,
    'page-ranges': [
      { lower: 1, upper: 1 },
      { lower: 3, upper: 3 },
    ],
  };
  const { document, job } = await printed(pdf, 'image/pwg-raster', ticket);
  const [one, , three] = pictures as [DrawnPage, DrawnPage, DrawnPage];
  t.deepEqual(looksLike(readPwg(document), [one, three, one, three]), []);
  t.false(job.ticket.has('copies'));
  t.false(job.ticket.has('page-ranges'));
});

peer('what a client drew: as PDF, and packed otherwise', async (t) => {
  const { pdf, pictures } = await original();
  const { document: drawn } = await printed(pdf, 'image/pwg-raster', { 'print-quality': 3 });
  const { document: wrapped } = await printed(drawn, 'application/pdf', {}, {}, 'image/pwg-raster');
  const path = join(folder, 'wrapped.pdf');
  await writeFile(path, wrapped);
  t.deepEqual(looksLike(await draw(path), pictures), []);
  const { document: urf } = await printed(drawn, 'image/urf', {}, {}, 'image/pwg-raster');
  t.deepEqual(looksLike(readUrf(urf), pictures), []);
});
