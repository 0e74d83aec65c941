// What is taken from a printer's own words about trays and toner, and what is left out.
import test from 'ava';
import { statusOf } from '../../../drivers/printers/ipp/description.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';

const A4 = { 'x-dimension': 21_000, 'y-dimension': 29_700 };
const describe = (input: Parameters<typeof attributes>[0]) => statusOf(attributes(input)).description;

test('a tray that is called by a bare number is not offered (OpenPrinting/cups#859)', (t) => {
  const { mediaSources, trays } = describe({
    'media-supported': ['iso_a4_210x297mm'],
    'media-source-supported': ['auto', '2', 'main'],
    'media-col-ready': [
      { 'media-size': A4, 'media-source': '2' },
      { 'media-size': A4, 'media-source': 'main', 'media-type': 'stationery' },
      { 'media-size': { 'x-dimension': 1, 'y-dimension': 1 }, 'media-source': 'main' },
    ],
  });
  t.deepEqual(mediaSources, ['auto', 'main']);
  t.deepEqual(trays, [{ source: 'main', media: 'iso_a4_210x297mm', type: 'stationery' }]);
});

for (const [text, expected] of [
  [
    'type=toner;maxcapacity=100;level=55;unit=percent;colorantname=cyan;',
    { type: 'toner', colorant: 'cyan', level: 55 },
  ],
  ['type=toner;maxcapacity=2000;level=500;unit=impressions;', { type: 'toner', colorant: 'none', level: 25 }],
  ['type=toner;maxcapacity=-2;level=-3;colorantname=black', { type: 'toner', colorant: 'black', level: -3 }],
  ['TYPE=wasteToner; LEVEL=x', { type: 'wasteToner', colorant: 'none', level: -2 }],
  ['type=toner;level=900;unit=percent', { type: 'toner', colorant: 'none', level: 100 }],
  ['type=;level=1', undefined],
  ['rubbish', undefined],
  ['', undefined],
] as const) {
  test(`supply: ${text || 'empty'}`, (t) => {
    const { supplies } = describe({
      'printer-supply': [Buffer.from(text)],
      'printer-supply-description': ['Toner'],
    });
    t.deepEqual(supplies, expected === undefined ? [] : [{ name: 'Toner', ...expected }]);
  });
}
