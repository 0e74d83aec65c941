import test from 'ava';
import type { PrinterDescription } from '../../../../drivers/printers/description.ts';
import { Finishing } from '../../../../ipp/vocabulary/enums.ts';
import { conflictsOf } from '../../../../spool/release/choices/conflicts.ts';
import { byNearness, preflight } from '../../../../spool/release/choices/preflight.ts';
import { type Content, content, known, OFFICE, RAW, SMALL, STAPLER } from './sample-printers.ts';

const A3 = { 'x-dimension': 29700, 'y-dimension': 42000 };

/** what is asked, where → what is told */
const TABLE: readonly [string, Content, PrinterDescription | undefined, string][] = [
  ['nothing', content(), SMALL, ''],
  [
    'what it can',
    content({ copies: 3, sides: 'two-sided-long-edge', media: 'iso_a3_297x420mm' }),
    OFFICE,
    '',
  ],
  ['anything of an unknown one', content({ copies: 3, finishings: [Finishing.staple] }), undefined, ''],
  ['both sides', content({ sides: 'two-sided-short-edge' }), SMALL, 'sides two-sided-short-edge'],
  ['one side of one that only copies', content({ sides: 'one-sided' }), RAW, ''],
  ['colour of one without', content({ 'print-color-mode': 'color' }), SMALL, 'print-color-mode color'],
  ['colour of one that never told', content({ 'print-color-mode': 'color' }), RAW, ''],
  [
    'no colour of one that is told nothing',
    content({ 'print-color-mode': 'monochrome' }),
    RAW,
    'print-color-mode monochrome',
  ],
  ['its own choice of colour', content({ 'print-color-mode': 'auto' }), SMALL, ''],
  ['copies', content({ copies: 2 }), SMALL, 'copies 2'],
  ['a staple', content({ finishings: [Finishing.stapleTopLeft] }), OFFICE, 'finishings staple-top-left'],
  [
    'a staple by name',
    content({ 'finishings-col': [{ 'finishing-template': 'staple' }] }),
    OFFICE,
    'finishings staple',
  ],
  ['a staple where there is one', content({ finishings: [Finishing.stapleTopLeft] }), STAPLER, ''],
  ['no finishing', content({ finishings: [Finishing.none] }), SMALL, ''],
  ['A3', content({ media: 'iso_a3_297x420mm' }), SMALL, 'media iso_a3_297x420mm'],
  ['A3 by its size', content({ 'media-col': { 'media-size': A3 } }), SMALL, 'media custom_297x420mm'],
  [
    'A4 in points',
    content({ 'media-col': { 'media-size': { 'x-dimension': 20990, 'y-dimension': 29704 } } }),
    SMALL,
    '',
  ],
  ['a type of paper', content({ 'media-col': { 'media-type': 'labels' } }), OFFICE, 'media-type labels'],
  ['a tray', content({ 'media-col': { 'media-source': 'tray-9' } }), OFFICE, 'media-source tray-9'],
  ['any tray', content({ 'media-col': { 'media-source': 'auto' } }), OFFICE, ''],
  ['some pages', content({ 'page-ranges': [{ lower: 2, upper: 3 }] }), SMALL, 'page-ranges 2-3'],
  ['some pages where it can', content({ 'page-ranges': [{ lower: 2, upper: 3 }] }), OFFICE, ''],
  ['a format', content({}, { format: 'image/urf' }), SMALL, 'document-format image/urf'],
  [
    'a format of the second document',
    content(
      {},
      {
        parts: [
          { format: 'application/pdf', octets: 1 },
          { format: 'image/urf', octets: 1 },
        ],
      },
    ),
    SMALL,
    'document-format image/urf',
  ],
  ['a format that nobody knows', content({}, { format: 'application/octet-stream' }), SMALL, ''],
  [
    'much',
    content({ copies: 2, sides: 'two-sided-long-edge', finishings: [Finishing.staple] }),
    SMALL,
    'finishings staple; sides two-sided-long-edge; copies 2',
  ],
];

for (const [what, job, printer, expected] of TABLE) {
  test(`${what}: ${expected === '' ? 'no conflict' : expected}`, (t) => {
    const told = conflictsOf(job, printer).map(({ attribute, value }) => `${attribute} ${value}`);
    t.is(told.join('; '), expected);
  });
}

test('a size is called by the name that another printer has for it', (t) => {
  const job = content({ 'media-col': { 'media-size': A3 } });
  t.deepEqual(conflictsOf(job, SMALL, OFFICE.media), [{ attribute: 'media', value: 'iso_a3_297x420mm' }]);
});

test('near are those that it is said to be near, then those at its place, then the others as configured', (t) => {
  const here = known('here', { location: '1st floor', near: ['d', 'gone', 'b'] });
  const all = [
    known('a'),
    known('b'),
    known('c', { location: '1st floor' }),
    here,
    known('d', { location: '2nd floor' }),
    known('e', { location: '1st floor' }),
  ];
  t.deepEqual(
    byNearness(here, all).map(({ name }) => name),
    ['d', 'b', 'c', 'e', 'a'],
  );
  const nowhere = known('nowhere');
  t.deepEqual(
    byNearness(nowhere, [known('x'), nowhere, known('y')]).map(({ name }) => name),
    ['x', 'y'],
  );
});

const STAPLED = content({ finishings: [Finishing.staple] });
const QUEUE = { printers: ['here', 'a', 'b', 'c'] };
const nearestOf = (job: Content, ...others: Parameters<typeof known>[]) =>
  preflight(job, 'here', [known('here'), ...others.map((each) => known(...each))], QUEUE).map(
    ({ attribute, nearest }) => `${attribute} ${nearest}`,
  );

test('the nearest printer that can is named', (t) => {
  const printers = [
    known('here'),
    known('a'),
    known('b', { description: STAPLER }),
    known('c', { description: STAPLER }),
  ];
  t.deepEqual(preflight(STAPLED, 'here', printers, QUEUE), [
    { attribute: 'finishings', value: 'staple', nearest: 'b' },
  ]);
});

test('one in trouble, unknown, or that the queue does not print at is not named', (t) => {
  const description = STAPLER;
  t.deepEqual(nearestOf(STAPLED, ['a', { description, state: 'unknown' }]), ['finishings undefined']);
  t.deepEqual(nearestOf(STAPLED, ['a', { description, state: 'stopped' }]), ['finishings undefined']);
  t.deepEqual(nearestOf(STAPLED, ['a', { description, acceptingJobs: false }]), ['finishings undefined']);
  t.deepEqual(nearestOf(STAPLED, ['a', { description, reasons: ['media-empty-error'] }]), [
    'finishings undefined',
  ]);
  t.deepEqual(nearestOf(STAPLED, ['elsewhere', { description }]), ['finishings undefined']);
  t.deepEqual(nearestOf(STAPLED, ['a', { description, reasons: ['toner-low-warning'] }]), ['finishings a']);
  t.is(
    preflight(STAPLED, 'here', [known('here'), known('elsewhere', { description })], undefined)[0]?.nearest,
    'elsewhere',
  );
});

test('one that can do all of it goes before a nearer one that can do a part; one that is otherwise worse is not named', (t) => {
  const job = content({ finishings: [Finishing.staple], copies: 2, media: 'iso_a3_297x420mm' });
  const here = known('here', { description: { ...OFFICE, copies: SMALL.copies } });
  const part = known('a', { description: { ...STAPLER, copies: SMALL.copies } });
  const all = known('b', { description: STAPLER });
  const worse = known('c', { description: { ...STAPLER, copies: SMALL.copies, media: SMALL.media } });
  const told = (...others: (typeof here)[]) =>
    preflight(job, 'here', [here, ...others], QUEUE).map(
      ({ attribute, nearest }) => `${attribute} ${nearest}`,
    );
  t.deepEqual(told(part, all), ['finishings b', 'copies b']);
  t.deepEqual(told(part), ['finishings a', 'copies undefined']);
  t.deepEqual(told(worse), ['finishings undefined', 'copies undefined']);
});
