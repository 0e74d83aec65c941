// What a printer can be served, what a queue may promise, and which way a document goes: tables of pure functions.
import test from 'ava';
import { officePrinter, rawPrinter } from '../../../../drivers/printers/office-printer.ts';
import { type AttributesInput, attributes } from '../../../../ipp/vocabulary/build.ts';
import { pathTo } from '../../../../spool/formats/conversion/paths.ts';
import { type Drawing, planFor } from '../../../../spool/formats/conversion/plan.ts';
import { asMetBy, asOffered, served, serviceFor } from '../../../../spool/formats/conversion/served.ts';
import { describeQueue } from '../../../../spool/queue-description.ts';

const ALL = { ghostscript: true };
const NONE = { ghostscript: false };
const [PDF, PWG, URF, JPEG] = ['application/pdf', 'image/pwg-raster', 'image/urf', 'image/jpeg'];
const [PS, PCL, PXL] = ['application/postscript', 'application/vnd.hp-pcl', 'application/vnd.hp-pclxl'];

for (const [own, format, tools, way] of [
  [[PDF, PWG], PDF, ALL, 'as-is'],
  [[PDF], PS, ALL, 'none'],
  [[PDF], 'image/png', ALL, 'none'],
  [[PWG], PDF, ALL, 'draw finish → image/pwg-raster'],
  [[PWG], PDF, NONE, 'none'],
  [[URF, PCL], PDF, ALL, 'draw finish → image/urf'],
  [[PCL, PXL, PS], PDF, ALL, 'draw → application/vnd.hp-pclxl'],
  [[PCL, PS], PDF, ALL, 'draw → application/postscript'],
  [[PCL], PDF, ALL, 'draw → application/vnd.hp-pcl'],
  [[PDF], PWG, NONE, 'wrap → application/pdf'],
  [[URF, PDF], PWG, NONE, 'finish → image/urf'],
  [[PWG, PDF], URF, NONE, 'finish → image/pwg-raster'],
  [[PCL], URF, ALL, 'wrap draw → application/vnd.hp-pcl'],
  [[PCL], URF, NONE, 'none'],
  [[PDF, PWG], JPEG, ALL, 'wrap → application/pdf'],
  [[PWG], JPEG, ALL, 'wrap draw finish → image/pwg-raster'],
  [['text/plain'], PDF, ALL, 'none'],
] as const) {
  test(`${format} at a printer of ${own.join(', ')}${tools.ghostscript ? '' : ', without Ghostscript'}: ${way}`, (t) => {
    const service = serviceFor(format, served(officePrinter(own), tools));
    const { kind } = service;
    t.is(kind === 'converted' ? `${service.path.steps.join(' ')} → ${service.path.to}` : kind, way);
  });
}

test('a format that a printer has just refused is not tried again', (t) => {
  t.is(pathTo(PDF, [PDF, PWG, PXL], ALL)?.to, PWG);
  t.is(pathTo(PDF, [PDF, PWG, PXL], ALL, [PDF, PWG])?.to, PXL);
  t.is(pathTo(PDF, [PDF], ALL, [PDF]), undefined);
});

test('a queue promises what every printer of it can be served, and nothing that no converter is there for', (t) => {
  const printers = [officePrinter([PDF, PWG]), officePrinter([URF]), rawPrinter([PXL])];
  const offered = (tools: typeof ALL) =>
    describeQueue(printers.map((each) => asOffered(served(each, tools))))?.formats.toSorted();
  t.deepEqual(offered(ALL), [PDF, JPEG, PWG, URF].toSorted());
  t.deepEqual(offered(NONE), []);
});

test('raster of a queue is such that every printer gets it right', (t) => {
  const pwgRaster = {
    types: ['sgray_8', 'srgb_8'],
    resolutions: [{ cross: 600, feed: 600, units: 'dpi' }],
    sheetBack: 'rotated',
  } as const;
  const queue = describeQueue([
    served(officePrinter([URF]), ALL),
    served({ ...officePrinter([PWG]), pwgRaster }, ALL),
  ]);
  t.deepEqual(queue?.pwgRaster, pwgRaster);
  t.true(queue?.urf?.includes('RS600'));
  t.true(queue?.urf?.includes('DM1'));
});

test('copies, pages and sides that the converters make count as the printer’s own', (t) => {
  const raw = served(rawPrinter([PXL]), ALL);
  t.like(asMetBy(PDF, raw), { copies: { lower: 1, upper: 99 }, pageRanges: true, ignoresTicket: undefined });
  t.true(asMetBy(PDF, raw).sides.includes('two-sided-long-edge'));
  t.deepEqual(asMetBy(PXL, raw), raw);
  t.deepEqual(asOffered(raw).copies, { lower: 1, upper: 99 });
  const pdf = served(rawPrinter([PDF]), ALL);
  t.is(asOffered(pdf), pdf);
});

function planned(to: string, ticket: AttributesInput, printer = officePrinter([to])) {
  const path = pathTo(PDF, [to], ALL);
  if (path === undefined) throw new Error(`no way to ${to}`);
  const count = { kind: 'counted', pages: 10 } as const;
  return planFor({ path, ticket: attributes(ticket), required: ['copies', 'sides'], printer, count });
}

for (const [ticket, drawing] of [
  [{}, { type: 'srgb_8', copies: 1, scaling: 'shrink', pages: 10, resolution: { cross: 300, feed: 300 } }],
  [{ 'print-color-mode': 'monochrome' }, { type: 'sgray_8' }],
  [{ 'print-color-mode': 'bi-level' }, { type: 'black_1' }],
  [{ 'print-quality': 5 }, { resolution: { cross: 600, feed: 600 }, quality: 5 }],
  [
    { 'printer-resolution': { cross: 600, feed: 600, units: 'dpi' } },
    { resolution: { cross: 600, feed: 600 } },
  ],
  [{ 'printer-resolution': { cross: 1, feed: 1, units: 'dpi' } }, { resolution: { cross: 300, feed: 300 } }],
  [{ 'page-ranges': [{ lower: 2, upper: 3 }] }, { ranges: [{ lower: 2, upper: 3 }], pages: 2 }],
  [{ copies: 100_000 }, { copies: 99 }],
  [{ 'print-scaling': 'none' }, { scaling: 'none' }],
  [{ media: 'iso_a3_297x420mm' }, { medium: { name: 'iso_a3_297x420mm', width: 29_700, length: 42_000 } }],
  // Paper that the printer does not have: the page is made to fit what it has.
  [
    { media: 'custom_huge_9000x9000mm' },
    { medium: { name: 'iso_a4_210x297mm', width: 21_000, length: 29_700 } },
  ],
] as const satisfies readonly (readonly [AttributesInput, Partial<Drawing>])[]) {
  test(`drawn for ${JSON.stringify(ticket)}: ${JSON.stringify(drawing)}`, (t) => {
    t.like(planned(PWG, ticket).drawing, drawing);
  });
}

test('no page is longer than 14400 pt', (t) => {
  const media = {
    name: 'custom_x',
    width: 1_000_000,
    length: 1_000_000,
    margins: { top: 0, bottom: 0, left: 0, right: 0 },
  };
  const printer = { ...officePrinter([PWG]), media: [media], mediaDefault: 'custom_x' };
  t.like(planned(PWG, {}, printer).drawing.medium, { width: 508_000, length: 508_000 });
});

test('what the converters do is taken from the ticket, and what the printer does stays', (t) => {
  const ticket = {
    copies: 2,
    sides: 'two-sided-long-edge',
    'page-ranges': [{ lower: 1, upper: 2 }],
  } as const;
  const raster = planned(PWG, ticket);
  t.deepEqual(
    [...raster.ticket].map(({ name }) => name),
    ['sides'],
  );
  t.deepEqual(raster.required, ['sides']);
  const language = planned(PXL, ticket);
  t.deepEqual(
    [...language.ticket].map(({ name }) => name),
    ['copies', 'sides'],
  );
  t.is(language.drawing.copies, 1);
  const raw = planned(PXL, ticket, rawPrinter([PXL]));
  t.deepEqual([...raw.ticket], []);
  t.deepEqual(raw.required, []);
  t.like(raw.drawing, { copies: 2, sides: 'two-sided-long-edge', saysSides: true, type: 'sgray_8' });
});
