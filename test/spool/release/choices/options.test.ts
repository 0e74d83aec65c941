import test from 'ava';
import { Attributes } from '../../../../ipp/model.ts';
import { Finishing } from '../../../../ipp/vocabulary/enums.ts';
import { read } from '../../../../ipp/vocabulary/read.ts';
import { changedAttributes, changedTicket } from '../../../../spool/release/choices/changes.ts';
import { optionsFor, refusedChanges } from '../../../../spool/release/choices/options.ts';
import { resumePageOf } from '../../../../spool/release/choices/resume-page.ts';
import { content, OFFICE, RAW, SMALL, STAPLER } from './sample-printers.ts';

test('what a printer can do is offered, beside what the ticket says', (t) => {
  const job = content({
    copies: 2,
    sides: 'two-sided-long-edge',
    'print-color-mode': 'color',
    finishings: [Finishing.stapleTopLeft],
    'media-col': { 'media-source': 'main' },
  });
  t.deepEqual(optionsFor(job, STAPLER), {
    supported: {
      copies: 999,
      sides: ['one-sided', 'two-sided-long-edge', 'two-sided-short-edge'],
      'print-color-mode': ['auto', 'color', 'monochrome'],
      'media-source': ['auto', 'main', 'alternate'],
      finishings: ['none', 'staple', 'staple-top-left', 'staple-dual-left'],
      'first-page': 10,
    },
    current: {
      copies: 2,
      sides: 'two-sided-long-edge',
      'print-color-mode': 'color',
      'media-source': 'main',
      finishings: ['staple-top-left'],
    },
  });
});

test('where there is one thing only nothing is offered', (t) => {
  t.deepEqual(optionsFor(content(), SMALL).supported, { 'print-color-mode': ['auto', 'monochrome'] });
  t.deepEqual(optionsFor(content(), SMALL).current, { copies: 1 });
});

test('nothing can be changed at a printer that gets no ticket, or of which nothing is known', (t) => {
  t.deepEqual(optionsFor(content(), RAW).supported, {});
  t.deepEqual(optionsFor(content(), { ...OFFICE, ignoresTicket: true }).supported, {});
  t.deepEqual(optionsFor(content(), undefined).supported, {});
  t.deepEqual(refusedChanges({ copies: 2 }, content(), RAW), ['copies']);
});

test('a printer language goes before the ticket: nothing is offered', (t) => {
  t.deepEqual(optionsFor(content({}, { format: 'application/postscript' }), OFFICE).supported, {});
});

test('sides of a raster change only where backs are drawn as fronts are', (t) => {
  const pwg = content({}, { format: 'image/pwg-raster' });
  t.is(optionsFor(pwg, OFFICE).supported.sides?.length, 3);
  const rotated = { ...OFFICE, pwgRaster: { types: [], resolutions: [], sheetBack: 'rotated' as const } };
  t.is(optionsFor(pwg, rotated).supported.sides, undefined);
  t.is(optionsFor(pwg, rotated).supported.copies, 999);
  const urf = content({}, { format: 'image/urf' });
  t.is(optionsFor(urf, OFFICE).supported.sides?.length, 3);
  t.is(optionsFor(urf, { ...OFFICE, urf: ['V1.4', 'DM3'] }).supported.sides, undefined);
});

test('of the trays those with the paper of the job are offered, and those that nobody knows', (t) => {
  const trays = [
    { source: 'main', media: 'iso_a4_210x297mm' },
    { source: 'alternate', media: 'iso_a3_297x420mm' },
  ];
  const job = content({ media: 'iso_a4_210x297mm' });
  t.deepEqual(optionsFor(job, { ...OFFICE, trays }).supported['media-source'], ['auto', 'main']);
  t.is(optionsFor(content(), { ...OFFICE, trays }).supported['media-source']?.length, 3);
});

test('a first page only for one counted PDF, up to the last that the ticket chooses', (t) => {
  const last = (job: ReturnType<typeof content>) => optionsFor(job, OFFICE).supported['first-page'];
  t.is(last(content()), 10);
  t.is(
    last(
      content({
        'page-ranges': [
          { lower: 2, upper: 4 },
          { lower: 6, upper: 50 },
        ],
      }),
    ),
    10,
  );
  t.is(last(content({ 'page-ranges': [{ lower: 2, upper: 4 }] })), 4);
  t.is(last(content({ 'page-ranges': [{ lower: 12, upper: 14 }] })), undefined);
  t.is(last(content({}, { count: { kind: 'unknown' } })), undefined);
  t.is(last(content({}, { format: 'image/pwg-raster' })), undefined);
  t.is(
    last(
      content(
        {},
        {
          parts: [
            { format: 'application/pdf', octets: 1 },
            { format: 'application/pdf', octets: 1 },
          ],
        },
      ),
    ),
    undefined,
  );
  t.is(optionsFor(content(), SMALL).supported['first-page'], undefined);
});

/** changes → what of them is refused at the stapler */
const REFUSALS: readonly [Parameters<typeof refusedChanges>[0], readonly string[]][] = [
  [{}, []],
  [{ copies: 1 }, []],
  [{ copies: 999, sides: 'one-sided', finishings: ['staple'], 'first-page': 10 }, []],
  [{ copies: 1000 }, ['copies']],
  [{ copies: 0 }, ['copies']],
  [{ copies: 1.5 }, ['copies']],
  [{ 'first-page': 0 }, ['first-page']],
  [{ 'first-page': 11 }, ['first-page']],
  [{ 'print-color-mode': 'bi-level' }, ['print-color-mode']],
  [{ 'media-source': 'tray-9', copies: 2 }, ['media-source']],
  [{ finishings: ['none'] }, []],
  [{ finishings: [] }, []],
  [{ finishings: ['none', 'staple'] }, ['finishings']],
  [{ finishings: ['staple', 'staple'] }, ['finishings']],
  [{ finishings: ['punch'] }, ['finishings']],
  [{ finishings: ['__proto__'] }, ['finishings']],
];

for (const [changes, refused] of REFUSALS) {
  test(`${JSON.stringify(changes)} → ${refused.length === 0 ? 'may be' : `refused: ${refused}`}`, (t) => {
    t.deepEqual(refusedChanges(changes, content(), STAPLER), [...refused]);
  });
}

test('changes go before the ticket, and nothing is said twice', (t) => {
  const { ticket } = content({
    copies: 2,
    sides: 'one-sided',
    media: 'iso_a3_297x420mm',
    'finishings-col': [{ 'finishing-template': 'punch' }],
    'print-quality': 5,
  });
  const changes = {
    copies: 3,
    'print-color-mode': 'monochrome',
    'media-source': 'main',
    finishings: ['staple-top-left', 'punch'],
  } as const;
  const after = changedTicket(ticket, changes);
  t.is(read(after, 'copies'), 3);
  t.is(read(after, 'sides'), 'one-sided');
  t.is(read(after, 'print-quality'), 5);
  t.is(read(after, 'print-color-mode'), 'monochrome');
  t.deepEqual(read(after, 'finishings'), [20, 5]);
  t.false(after.has('finishings-col'));
  t.false(after.has('media'));
  t.like(read(after, 'media-col'), {
    'media-source': 'main',
    'media-size': { 'x-dimension': 29700, 'y-dimension': 42000 },
  });
  t.deepEqual(changedAttributes(changes).sort(), ['copies', 'finishings', 'media-col', 'print-color-mode']);
  t.is(changedTicket(ticket, {}).size, ticket.size);
  t.deepEqual(read(changedTicket(ticket, { finishings: [] }), 'finishings'), [Finishing.none]);
});

test('another tray keeps the paper that the ticket describes', (t) => {
  const { ticket } = content({ 'media-col': { 'media-type': 'labels', 'media-source': 'main' } });
  t.deepEqual(read(changedTicket(ticket, { 'media-source': 'alternate' }), 'media-col'), {
    'media-type': 'labels',
    'media-source': 'alternate',
  });
  t.deepEqual(read(changedTicket(new Attributes(), { 'media-source': 'main' }), 'media-col'), {
    'media-source': 'main',
  });
});

test('from a page on, of those that the ticket chooses', (t) => {
  const ranges = (job: ReturnType<typeof content>, page: number) =>
    read(changedTicket(job.ticket, { 'first-page': page }), 'page-ranges');
  t.deepEqual(ranges(content(), 4), [{ lower: 4, upper: 2 ** 31 - 1 }]);
  const some = content({
    'page-ranges': [
      { lower: 2, upper: 4 },
      { lower: 6, upper: 8 },
    ],
  });
  t.deepEqual(ranges(some, 3), [
    { lower: 3, upper: 4 },
    { lower: 6, upper: 8 },
  ]);
  t.deepEqual(ranges(some, 5), [{ lower: 6, upper: 8 }]);
});

const cut = { reason: 'cut', outcome: 'unknown', printer: 'mfp-1', at: 1 } as const;
const RELEASE = { printer: 'mfp-1', key: 'k', by: 'queue', at: 1 } as const;

/** ticket, sides done, what went before → the page to go on with */
const RESUMES: readonly [string, Parameters<typeof resumePageOf>[0], number | undefined][] = [
  ['after three of ten', { ...content(), trouble: cut, impressionsCompleted: 3 }, 4],
  [
    'aborted by the printer',
    { ...content(), trouble: { ...cut, outcome: 'aborted' }, impressionsCompleted: 3 },
    4,
  ],
  [
    'on both sides',
    { ...content({ sides: 'two-sided-long-edge' }), trouble: cut, impressionsCompleted: 3 },
    4,
  ],
  [
    'nothing came out',
    { ...content(), trouble: { ...cut, outcome: 'not-printed' }, impressionsCompleted: 3 },
    undefined,
  ],
  ['nobody counted', { ...content(), trouble: cut }, undefined],
  ['it counted none', { ...content(), trouble: cut, impressionsCompleted: 0 }, undefined],
  ['all came out', { ...content(), trouble: cut, impressionsCompleted: 10 }, undefined],
  ['no trouble', { ...content(), impressionsCompleted: 3 }, undefined],
  ['of two copies', { ...content({ copies: 2 }), trouble: cut, impressionsCompleted: 3 }, undefined],
  ['two on a side', { ...content({ 'number-up': 2 }), trouble: cut, impressionsCompleted: 3 }, undefined],
  [
    'of the chosen pages',
    {
      ...content({
        'page-ranges': [
          { lower: 2, upper: 4 },
          { lower: 6, upper: 8 },
        ],
      }),
      trouble: cut,
      impressionsCompleted: 3,
    },
    6,
  ],
  [
    'a second time',
    {
      ...content(),
      trouble: cut,
      impressionsCompleted: 2,
      release: { ...RELEASE, changes: { 'first-page': 4 } },
    },
    6,
  ],
  [
    'of copies that were chosen at the panel',
    { ...content(), trouble: cut, impressionsCompleted: 2, release: { ...RELEASE, changes: { copies: 2 } } },
    undefined,
  ],
];

for (const [what, job, page] of RESUMES) {
  test(`${what}: ${page === undefined ? 'no page to go on with' : `page ${page}`}`, (t) => {
    t.is(resumePageOf(job, OFFICE), page);
    t.is(resumePageOf(job, SMALL), undefined);
  });
}
