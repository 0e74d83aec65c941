// What a person sees of jobs at a panel's printer: their own, those of people who delegated, and what the printer can do of them.
import test, { type ExecutionContext } from 'ava';
import { silentLog } from '../../base/log.ts';
import { Minutes } from '../../base/units.ts';
import { panelJobs } from '../../daemon/panel-jobs.ts';
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import type { PrinterDriver } from '../../drivers/printers/port.ts';
import type { Person, PersonId } from '../../identity/person.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import { PrinterBoard } from '../../spool/printers/printer-board.ts';
import { RecordingAlerts } from '../recording-alerts.ts';
import { MemoryJobStore } from '../simulators/memory-job-store.ts';
import { fails, prints, type Script, ScriptedPrinter } from '../simulators/scripted-printer.ts';
import { OFFICE, RAW, STAPLER } from '../spool/release/choices/sample-printers.ts';
import { QUEUE, reaches, releasingFrom } from '../spool/release/releasing.ts';
import { ADA, BOB } from '../spool/sample-job.ts';

const PRINTERS: Readonly<Record<string, PrinterDescription>> = {
  'mfp-1': OFFICE,
  'mfp-2': STAPLER,
  raw: RAW,
};
const AT = { panel: {} as never, printer: 'mfp-1' };
const PDF = { format: 'application/pdf', octets: 5, count: { kind: 'counted', pages: 9 } } as const;
const TEN_COPIES = { copies: 10 };

async function setUp(t: ExecutionContext, ...script: Script[]) {
  const spool = releasingFrom(new MemoryJobStore(), new ScriptedPrinter(...script));
  const { jobs, releaser, clock, delegations, description } = spool;
  description.value = OFFICE;
  const rows = { list: async () => [], keep: async () => {}, forget: async () => {} };
  const board = await PrinterBoard.open({
    serve: (told) => told,
    rows,
    interval: () => Minutes(1),
    alerts: new RecordingAlerts(),
    clock,
    log: silentLog,
  });
  t.teardown(() => board.close());
  const names = Object.keys(PRINTERS);
  for (const name of names) await board.add({ name, info: name, location: '', near: [] }, printerOf(name));
  const queues = new Map([['print', { ...QUEUE, printers: names }]]);
  const person = (id: PersonId) => ({ id, displayName: id === ADA ? 'Ada' : 'Bob' }) as Person;
  const panel = panelJobs({
    live: { queues, printers: names.map((name) => ({ name })) } as never,
    identity: { person },
    jobs,
    board,
    releaser,
    delegators: (each) => delegations.get(each) ?? [],
  });
  return { ...spool, panel, board };
}

function printerOf(name: string): PrinterDriver {
  const description = PRINTERS[name] ?? OFFICE;
  const status = async () => ({ description, state: 'idle', reasons: [], acceptingJobs: true }) as const;
  return Object.assign(new ScriptedPrinter(), { status });
}

test('what the printer cannot do of a job is told with the nearest that can, unless it is in trouble', async (t) => {
  const { panel, accept, board } = await setUp(t, prints);
  await accept({ ticket: attributes({ finishings: [4] }), document: PDF });
  const conflict = { attribute: 'finishings', value: 'staple' };
  t.like(panel.list(ADA, AT), [
    { claimable: false, mayKeep: true, conflicts: [{ ...conflict, nearest: 'mfp-2' }] },
  ]);
  t.deepEqual(panel.list(ADA, { ...AT, printer: 'mfp-2' })[0]?.conflicts, []);
  board.noticed('mfp-2', ['media-jam']);
  t.deepEqual(panel.list(ADA, AT)[0]?.conflicts, [conflict]);
  board.noticed('mfp-2', []);
  t.is(panel.list(ADA, AT)[0]?.conflicts?.[0]?.nearest, 'mfp-2');
});

test('who was delegated to sees whose a job is, may print and keep it, and may not delete it', async (t) => {
  const { panel, accept, delegations, jobs } = await setUp(t, prints);
  const { id } = await accept({ document: PDF });
  t.deepEqual(panel.list(BOB, AT), []);
  delegations.set(BOB, [ADA]);
  const [seen, ...others] = panel.list(BOB, AT);
  t.is(others.length, 0);
  t.is(seen?.owner?.displayName, 'Ada');
  t.is(panel.list(ADA, AT)[0]?.owner, undefined);
  t.is(await panel.cancel(id, BOB), 'job-not-found');
  const order = { jobs: [id], printer: 'mfp-1', by: BOB, key: 'key-0001' };
  t.deepEqual(await panel.release(order), [{ job: id }]);
  await reaches(jobs, id, 'completed');
  t.deepEqual(
    panel.releasedBefore([id], 'key-0001', BOB).map((job) => job.id),
    [id],
  );
  t.deepEqual(panel.releasedBefore([id], 'key-0001', ADA), []);
});

test('options are those of the chosen printer; changes that it cannot do are refused', async (t) => {
  const { panel, accept, description } = await setUp(t, prints);
  const { id } = await accept({ document: PDF });
  t.is(panel.options(id, 'mfp-1')?.supported.copies, 999);
  t.deepEqual(panel.options(id, 'raw')?.supported, {});
  t.is(panel.options(id, 'mfp-1')?.current.copies, 2);
  description.value = RAW;
  const order = { jobs: [id], printer: 'mfp-1', by: ADA, key: 'key-0001', changes: TEN_COPIES };
  t.deepEqual(await panel.release(order), [{ job: id, refused: 'conflict' }]);
});

test('after a cut the page to go on with is told, where the printer can begin there', async (t) => {
  const cut: Script = async (job, signal) => {
    job.onProgress({ kind: 'impressions', completed: 3 });
    return fails('unknown', 'cut')(job, signal);
  };
  const { panel, accept, jobs } = await setUp(t, cut);
  const { id } = await accept({ document: PDF, ticket: attributes({ copies: 1 }) });
  await panel.release({ jobs: [id], printer: 'mfp-1', by: ADA, key: 'key-0001' });
  await reaches(jobs, id, 'processing');
  await reaches(jobs, id, 'pending-held');
  t.is(panel.list(ADA, AT)[0]?.resumePage, 4);
  t.is(panel.list(ADA, { ...AT, printer: 'raw' })[0]?.resumePage, undefined);
});

test('whose printer is out of order is told the nearest that prints the document, and none that is out of order too', async (t) => {
  const { panel, accept, releaser, jobs, board } = await setUp(t, fails('not-printed', 'unreachable'));
  const { id } = await accept({ document: PDF });
  const nearest = () => panel.list(ADA, AT)[0]?.nearest;
  t.is(nearest(), undefined);
  releaser.release({ jobs: [id], printer: 'mfp-1', by: ADA, key: 'k1' });
  await reaches(jobs, id, 'pending-held');
  t.is(nearest(), 'mfp-2');
  board.noticed('mfp-2', ['media-jam']);
  t.not(nearest(), 'mfp-2');
  board.noticed('mfp-2', []);
  releaser.addPrinter('mfp-2', new ScriptedPrinter(fails('not-printed', 'unreachable'), prints));
  releaser.release({ jobs: [id], printer: 'mfp-2', by: ADA, key: 'k2' });
  await reaches(jobs, id, 'pending-held');
  while (!releaser.isOutOfOrder('mfp-2')) await new Promise((resolve) => setImmediate(resolve));
  // Both are now: neither is named.
  t.false(['mfp-1', 'mfp-2'].includes(nearest() ?? ''));
  releaser.answered('mfp-1');
  t.is(nearest(), 'mfp-1');
});
