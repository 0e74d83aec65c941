// Supplies of IPP printers: `marker-*` where `printer-supply` is missing or tells no levels; parallel arrays stay in step.
import test from 'ava';
import { suppliesOf } from '../../../drivers/printers/ipp/supplies.ts';
import { type Attribute, Attributes, type Value } from '../../../ipp/model.ts';

const set = (name: string, ...values: Value[]): Attribute => ({ name, values });
const integers = (...values: number[]) => values.map((value): Value => ({ syntax: 'integer', value }));
const names = (...values: string[]) =>
  values.map((value): Value => ({ syntax: 'nameWithoutLanguage', value }));
const keywords = (...values: string[]) => values.map((value): Value => ({ syntax: 'keyword', value }));

const MARKERS = [
  set('marker-names', ...names('Black\u0007 ink', 'Colour', 'Waste', '')),
  set('marker-types', ...keywords('ink-cartridge', 'toner', 'waste-toner', 'x;level=3')),
  set('marker-colors', ...names('#000000', '#00FFFF#FF00FF#FFFF00', 'none', '#ff00ff')),
  set('marker-levels', ...integers(7), { syntax: 'keyword', value: 'full' }, ...integers(96, 400)),
  set('marker-high-levels', ...integers(100, 100, 90, 100)),
];

test('marker-* in neutral terms; a wrong value is unknown and shifts nothing; a container tells what still fits', (t) => {
  t.deepEqual(suppliesOf(new Attributes(MARKERS)), [
    { name: 'Black ink', type: 'inkCartridge', colorant: 'black', level: 7 },
    { name: 'Colour', type: 'toner', colorant: 'none', level: -2 },
    { name: 'Waste', type: 'wasteToner', colorant: 'none', level: 4 },
    { name: 'unknown', type: 'unknown', colorant: 'magenta', level: -2 },
  ]);
});

test('printer-supply counts where it tells a level', (t) => {
  const supply = (level: number) =>
    set('printer-supply', {
      syntax: 'octetString',
      value: Buffer.from(`type=toner;maxcapacity=100;level=${level};colorantname=black;`),
    });
  const levels = (level: number) =>
    suppliesOf(new Attributes([...MARKERS, supply(level)]))?.map((each) => each.level);
  t.deepEqual(levels(50), [50]);
  t.deepEqual(levels(-2), [7, -2, 4, -2]);
  t.is(suppliesOf(new Attributes([])), undefined);
});
