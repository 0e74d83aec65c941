// How printers are watched: asked gently, two ways merged into one state, and what of it somebody has to know.
import test, { type ExecutionContext } from 'ava';
import { Failure } from '../../../base/errors.ts';
import { Minutes } from '../../../base/units.ts';
import type { Supply } from '../../../drivers/printers/description.ts';
import { rawPrinter } from '../../../drivers/printers/office-printer.ts';
import type { PrinterDriver, PrinterObservation, PrinterStatus } from '../../../drivers/printers/port.ts';
import { PrinterBoard } from '../../../spool/printers/printer-board.ts';
import { PrinterWatch } from '../../../spool/printers/printer-watch.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingAlerts } from '../../recording-alerts.ts';
import { RecordingLog } from '../../recording-log.ts';

const IDLE: PrinterStatus = {
  description: rawPrinter(['application/pdf']),
  state: 'idle',
  reasons: [],
  acceptingJobs: true,
};
const supply = (name: string, level: number): Supply => ({ name, type: 'toner', colorant: 'none', level });
const SEEN: PrinterObservation = {
  state: 'idle',
  reasons: [],
  supplies: [supply('Black', 50)],
  trays: [],
  notes: [],
};

interface Told {
  status: PrinterStatus | Error;
  seen: PrinterObservation | Error;
}

async function watched(t: ExecutionContext, before: [string, string[]][] = [], isAsked = true) {
  const told: Told = { status: IDLE, seen: SEEN };
  const looks = { status: 0, seen: 0, atOnce: 0, most: 0 };
  const driver = {
    ...(isAsked ? {} : { isAsked }),
    async status() {
      looks.status += 1;
      looks.atOnce += 1;
      looks.most = Math.max(looks.most, looks.atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      looks.atOnce -= 1;
      if (told.status instanceof Error) throw told.status;
      return told.status;
    },
  } as unknown as PrinterDriver;
  const observer = {
    async observe() {
      looks.seen += 1;
      if (told.seen instanceof Error) throw told.seen;
      return told.seen;
    },
  };
  const clock = new ManualClock();
  const alerts = new RecordingAlerts();
  const rows = { list: async () => [], keep: async () => {}, forget: async () => {} };
  const board = await PrinterBoard.open({
    serve: (told) => told,
    rows,
    interval: () => Minutes(1),
    alerts,
    clock,
    log: new RecordingLog(),
  });
  t.teardown(() => board.close());
  const watch = new PrinterWatch({
    board,
    alerts,
    suppliesBelow: () => 10,
    before: new Map(before.map(([name, keys]) => [name, new Set(keys)])),
  });
  const facts = { name: 'a', info: 'A', location: '', near: [] };
  const add = () => board.add(facts, driver, observer);
  await add();
  /** On to the next look, and through it. */
  const next = async () => {
    const seen = looks.status;
    clock.advance(Minutes(1));
    while (looks.status === seen || clock.pending === 0)
      await new Promise((resolve) => setImmediate(resolve));
  };
  return { told, looks, clock, alerts, board, watch, facts, add, next };
}

const keys = (alerts: RecordingAlerts) => [...alerts.standing.keys()];

test('an idle printer is asked within the interval, one in trouble or at work four times as often, never twice at once', async (t) => {
  const { told, looks, clock, board, next } = await watched(t);
  clock.advance(47_999);
  t.is(looks.status, 1, 'at least four fifths of it pass');
  clock.advance(12_001);
  t.is(looks.status, 2);
  clock.advance(Minutes(10));
  t.is(looks.status, 2, 'not while the look before has not ended');
  t.is(looks.most, 1);
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  told.status = { ...IDLE, state: 'processing' };
  await next();
  t.is(board.get('a')?.state, 'processing');
  const before = looks.status;
  clock.advance(15_000);
  t.is(looks.status, before + 1);
});

test('what SNMP tells joins what the driver tells: the worse state, each reason once, the better levels', async (t) => {
  const { told, board, next } = await watched(t);
  told.status = {
    ...IDLE,
    reasons: ['media-empty-warning', 'door-open'],
    description: { ...IDLE.description, supplies: [supply('Black', -2)] },
  };
  told.seen = { ...SEEN, state: 'stopped', reasons: ['media-empty-error', 'media-jam-error'] };
  await next();
  const known = board.get('a');
  t.is(known?.state, 'stopped');
  t.deepEqual(known?.reasons, ['media-empty-error', 'door-open', 'media-jam-error']);
  t.deepEqual(known?.description?.supplies, [supply('Black', 50)]);
  board.noticed('a', ['toner-low-warning']);
  t.deepEqual(
    board.get('a')?.reasons,
    ['toner-low-warning', 'media-empty-error', 'media-jam-error'],
    'in mid-job',
  );
});

test('silence over SNMP counts from the second time on; what it told stands', async (t) => {
  const { told, board, alerts, next } = await watched(t);
  told.seen = { ...SEEN, reasons: ['media-jam-error'] };
  await next();
  t.deepEqual(keys(alerts), ['printer a media-jam']);
  told.seen = new Failure('snmp-timeout', 'no answer');
  await next();
  t.deepEqual(keys(alerts), ['printer a media-jam'], 'a datagram may get lost');
  await next();
  t.deepEqual(keys(alerts), ['printer a media-jam', 'printer a does-not-answer-snmp'], 'nobody knows');
  t.deepEqual(board.get('a')?.reasons, [], 'the printer itself tells of none');
  t.is(board.get('a')?.observationTrouble, 'no answer');
  t.deepEqual(board.get('a')?.description?.supplies, [supply('Black', 50)]);
  told.seen = SEEN;
  await next();
  t.deepEqual(keys(alerts), []);
  t.is(board.get('a')?.observationTrouble, undefined);
});

test('a supply is low below the threshold and until it is well above; a silent printer changes nothing', async (t) => {
  const { told, alerts, next } = await watched(t);
  const levels: [number, string[]][] = [
    [10, []],
    [9, ['printer a supply Black']],
    [11, ['printer a supply Black']],
    [13, []],
    [0, ['printer a supply Black']],
  ];
  for (const [level, standing] of levels) {
    told.seen = { ...SEEN, supplies: [supply('Black', level)], reasons: ['toner-low-warning'] };
    await next();
    t.deepEqual(keys(alerts), standing, `${level} %`);
  }
  t.is(alerts.standing.get('printer a supply Black')?.message, 'printer a: Black has 0 % left');
  told.status = new Failure('unreachable', 'no route');
  await next();
  t.deepEqual(keys(alerts), ['printer a supply Black', 'printer a does-not-answer']);
  told.status = IDLE;
  told.seen = { ...SEEN, supplies: [supply('Black', 100)] };
  await next();
  t.deepEqual(keys(alerts), []);
});

test('without levels the printer’s own word for low counts; what is only told is no trouble', async (t) => {
  const { told, alerts, next } = await watched(t);
  const reasons = ['toner-low-warning', 'media-empty-warning', 'media-jam-report', 'marker-waste-full'];
  told.seen = { ...SEEN, supplies: [supply('Black', -3)], reasons };
  await next();
  t.deepEqual(
    Array.from(alerts.standing.values(), ({ kind, key }) => `${kind}: ${key}`),
    ['supplies: printer a toner-low', 'supplies: printer a marker-waste-full'],
  );
});

test('a drum that is measured says nothing of toner that is not', async (t) => {
  const { told, alerts, next } = await watched(t);
  const drum = { ...supply('Drum', 80), type: 'opc' };
  told.seen = { ...SEEN, supplies: [drum, supply('Black', -3)], reasons: ['toner-low-warning'] };
  await next();
  t.deepEqual(keys(alerts), ['printer a toner-low']);
  const supplies = [{ ...drum, level: 5 }, supply('Black', -3)];
  told.seen = { ...SEEN, state: 'stopped', supplies, reasons: ['toner-empty-error'] };
  await next();
  t.deepEqual(keys(alerts).toSorted(), ['printer a supply Drum', 'printer a toner-empty']);
  told.seen = { ...SEEN, supplies: [drum, supply('Black', 50)], reasons: ['toner-low-warning'] };
  await next();
  t.deepEqual(keys(alerts), []);
});

for (const [reasons, expected] of [
  [[], ['printer a stopped']],
  [['offline-report'], ['printer a offline']],
  [['offline-warning', 'toner-low-warning'], ['printer a offline']],
  [['media-empty-error'], ['printer a media-empty']],
] as const) {
  test(`a printer that stands still with [${reasons}] is in trouble`, async (t) => {
    const { told, alerts, next } = await watched(t);
    told.status = { ...IDLE, state: 'stopped', reasons: [...reasons] };
    await next();
    t.deepEqual(keys(alerts), expected);
    told.status = IDLE;
    await next();
    t.deepEqual(keys(alerts), []);
  });
}

test('two supplies of one name are two', async (t) => {
  const { told, alerts, next } = await watched(t);
  told.seen = { ...SEEN, supplies: [supply('Toner', 3), supply('Toner', 50), supply('Toner', 1)] };
  await next();
  t.deepEqual(keys(alerts), ['printer a supply Toner', 'printer a supply Toner (3)']);
});

test('what stood before a restart ends when it is over, or when its printer is gone; a changed printer keeps it', async (t) => {
  const { alerts, watch, board, facts, add } = await watched(t, [
    ['a', ['printer a media-jam', 'printer a does-not-answer-snmp']],
    ['gone', ['printer gone media-jam', 'printer gone does-not-answer']],
  ]);
  t.true(alerts.told.includes('clear printer a media-jam'));
  watch.start();
  await Promise.resolve();
  t.deepEqual(
    alerts.told.filter((each) => each.includes('gone')),
    ['clear printer gone media-jam', 'clear printer gone does-not-answer'],
  );
  alerts.told.length = 0;
  void board.remove(facts.name, false);
  const added = add();
  await Promise.resolve();
  t.deepEqual(alerts.told, []);
  await added;
});

test('a fleet that is there at once is asked one after the other, but for the first of them', async (t) => {
  const { board, clock, told, looks, facts } = await watched(t);
  told.status = new Failure('unreachable', 'off');
  const driver = {
    status() {
      looks.seen += 1;
      return new Promise(() => {});
    },
  } as unknown as PrinterDriver;
  looks.seen = 0;
  for (let number = 0; number < 100; number++) void board.add({ ...facts, name: `p${number}` }, driver);
  const first = looks.seen;
  t.true(first > 20 && first <= 32, String(first));
  clock.advance(20);
  t.is(looks.seen, first + 1);
  clock.advance(2000);
  t.is(looks.seen, 100);
  await board.remove('p99', false);
  void board.add({ ...facts, name: 'late' }, driver);
  t.is(looks.seen, 101, 'one by itself at once');
});

for (const reason of ['unreachable', 'timeout'] as const) {
  test(`a job that fails (${reason}) and a look that does are one trouble, with the printer’s name`, async (t) => {
    const { board, alerts, told, next } = await watched(t);
    board.failed('a', { reason, detail: 'of a job' });
    t.deepEqual(keys(alerts), ['printer a does-not-answer']);
    t.like(alerts.standing.get('printer a does-not-answer'), { printer: { name: 'a', info: 'A' } });
    told.status = new Failure('unreachable', 'off');
    await next();
    t.deepEqual(keys(alerts), ['printer a does-not-answer']);
    told.status = IDLE;
    await next();
    t.deepEqual(keys(alerts), []);
  });
}

test('a job that waited too long for paper is no silence of the printer', async (t) => {
  const { board, alerts } = await watched(t);
  board.noticed('a', ['media-empty-error']);
  board.failed('a', { reason: 'timeout', detail: 'of a job' });
  t.deepEqual(keys(alerts), ['printer a media-empty']);
});

test('a printer that takes no jobs is told of until it does, over restarts too', async (t) => {
  const key = 'printer a out-of-order';
  const { board, alerts, told, next } = await watched(t, [['a', [key]]]);
  t.true(alerts.told.includes(`clear ${key}`));
  told.status = { ...IDLE, acceptingJobs: false };
  board.failed('a', { reason: 'not-accepting', detail: 'of a job' });
  t.false(board.get('a')?.acceptingJobs);
  await next();
  t.deepEqual(keys(alerts), [key]);
  told.status = IDLE;
  await next();
  t.deepEqual(keys(alerts), []);
});

test('of a printer that nobody can ask only a job tells that it is there again', async (t) => {
  const { board, alerts, next } = await watched(t, [], false);
  board.failed('a', { reason: 'unreachable', detail: 'of a job' });
  await next();
  t.deepEqual(keys(alerts), ['printer a out-of-order']);
  board.worked('a');
  t.deepEqual(keys(alerts), []);
});

test('an impostor is told to who looks after the printer, and stands until the printer itself answers', async (t) => {
  const { told, alerts, next, board, facts, add } = await watched(t, [
    ['a', ['impostor printer a 1234abcd']],
  ]);
  told.status = new Failure('unreachable', 'no route');
  await next();
  told.status = new Failure('wrong-key', 'another key');
  await next();
  t.deepEqual(keys(alerts), ['impostor printer a']);
  t.like(alerts.standing.get('impostor printer a'), {
    kind: 'security',
    printer: { name: 'a', trouble: { kind: 'impostor' } },
  });
  await board.remove(facts.name, false);
  await add();
  t.deepEqual(keys(alerts), ['impostor printer a']);
  told.status = IDLE;
  await next();
  t.deepEqual(keys(alerts), []);
});
