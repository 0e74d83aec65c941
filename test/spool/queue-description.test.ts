// What a queue of several printers offers: formats and rasters that all take, of the rest what any of them can do.
import test from 'ava';
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import { officePrinter } from '../../drivers/printers/office-printer.ts';
import { describeQueue } from '../../spool/queue-description.ts';

const dpi = (density: number) => ({ cross: density, feed: density, units: 'dpi' }) as const;
const FORMATS = ['application/pdf', 'image/pwg-raster', 'image/urf'];
const plain = (changes: Partial<PrinterDescription> = {}) => ({ ...officePrinter(FORMATS), ...changes });

test('no printer was ever seen: nothing to describe', (t) => t.is(describeQueue([]), undefined));

test('formats are those of all, finishings, sides and trays those of any', (t) => {
  const queue = describeQueue([
    plain({ finishings: [3], sides: ['one-sided'], mediaSources: ['main'], numberUp: [1, 2] }),
    {
      ...officePrinter(['application/pdf', 'image/urf']),
      finishings: [3, 4],
      jobSheets: ['none', 'standard'],
    },
  ]);
  t.deepEqual(queue?.formats, ['application/pdf', 'image/urf']);
  t.is(queue?.pwgRaster, undefined);
  t.deepEqual(queue?.finishings, [3, 4]);
  t.deepEqual(queue?.sides, ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge']);
  t.deepEqual(queue?.mediaSources, ['main', 'auto', 'alternate']);
  t.deepEqual(queue?.numberUp, [1, 2]);
  t.deepEqual(queue?.jobSheets, ['none', 'standard']);
});

test('pages that a client draws suit every printer', (t) => {
  const raster = (types: string[], ...densities: number[]) =>
    ({ types, resolutions: densities.map(dpi), sheetBack: 'normal' }) as const;
  const both = describeQueue([
    plain({ pwgRaster: raster(['srgb_8', 'black_1'], 300, 600), urf: ['V1.4', 'RS300-600', 'SRGB24'] }),
    plain({ pwgRaster: raster(['sgray_8', 'srgb_8'], 600), urf: ['V1.5', 'RS600', 'W8'] }),
  ]);
  t.deepEqual(both?.pwgRaster, raster(['srgb_8'], 600));
  t.deepEqual(both?.urf, ['V1.4', 'RS600']);
  const none = describeQueue([
    plain({ pwgRaster: raster(['srgb_8'], 300), urf: ['V1.4', 'RS300'] }),
    plain({ pwgRaster: raster(['srgb_8'], 600), urf: ['V1.4', 'RS600'] }),
  ]);
  t.is(none?.pwgRaster, undefined);
  t.deepEqual(none?.formats, ['application/pdf']);
});

test('of each supply the fullest counts: people walk to the printer that has some', (t) => {
  const black = (level: number) => ({ name: 'Black', type: 'toner', colorant: 'black', level });
  const queue = describeQueue([plain({ supplies: [black(3)] }), plain({ supplies: [black(80)] }), plain()]);
  t.deepEqual(queue?.supplies, [black(80)]);
});
