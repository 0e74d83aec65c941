// Pages are counted after acceptance, one document at a time, kept, and counted after a restart where that was missed.
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../../../base/clock.ts';
import { silentLog } from '../../../base/log.ts';
import { Metrics } from '../../../base/metrics.ts';
import { MiB, Minutes } from '../../../base/units.ts';
import { Attributes, type Value } from '../../../ipp/model.ts';
import { impressionsOf, sheetsOf } from '../../../spool/formats/impressions.ts';
import { PageCounter } from '../../../spool/formats/page-counter.ts';
import type { PageCount } from '../../../spool/formats/pages/page-count.ts';
import { type Job, JobId } from '../../../spool/job.ts';
import { Jobs } from '../../../spool/jobs.ts';
import { MemoryJobStore } from '../../simulators/memory-job-store.ts';
import { sampleJob } from '../sample-job.ts';
import { pdfOf } from './pages/pdf-files.ts';
import { appleRaster } from './pages/raster-pages.ts';

async function open(t: ExecutionContext, store = new MemoryJobStore(), memory = MiB(256)) {
  const jobs = new Jobs(store);
  await jobs.recover(0);
  const metrics = new Metrics();
  const bounds = () => ({ time: Minutes(1), memory });
  const counter = new PageCounter({ jobs, store, bounds, clock: systemClock, log: silentLog, metrics });
  t.teardown(() => counter.stop());
  return { jobs, store, counter, metrics };
}

async function accept(
  jobs: Jobs,
  store: MemoryJobStore,
  id: number,
  format: string,
  octets: Buffer,
): Promise<void> {
  const writer = store.newDocument();
  await writer.write(octets);
  const { document: _, ...announced } = sampleJob({ id: JobId(id) });
  jobs.announce(announced);
  await jobs.accept(announced.id, { format, octets: octets.length, impressions: 99 }, writer);
}

/** Resolves once the job's pages are counted. */
function counted(jobs: Jobs, id: number): Promise<PageCount> {
  return new Promise((resolve) => {
    const look = (job: Job | undefined) => {
      if (job?.id === id && job.document?.count !== undefined) resolve(job.document.count);
    };
    jobs.on('changed', look);
    look(jobs.get(JobId(id)));
  });
}

test.serial('jobs of each format are counted and kept', async (t) => {
  const { jobs, store, counter, metrics } = await open(t);
  counter.start();
  await accept(jobs, store, 1, 'application/pdf', await pdfOf(5));
  await accept(jobs, store, 2, 'image/urf', appleRaster([{}, {}]));
  await accept(jobs, store, 3, 'image/jpeg', Buffer.from('\xff\xd8\xff', 'latin1'));
  await accept(jobs, store, 4, 'application/pdf', await pdfOf(1, { userPassword: 'x' }));
  t.deepEqual(await counted(jobs, 1), { kind: 'counted', pages: 5 });
  t.deepEqual(await counted(jobs, 2), { kind: 'counted', pages: 2 });
  t.deepEqual(await counted(jobs, 3), { kind: 'counted', pages: 1 });
  t.deepEqual(await counted(jobs, 4), { kind: 'password' });
  const kept = new Map((await store.recover()).map((job) => [Number(job.id), job.document?.count?.kind]));
  t.deepEqual(
    [...kept],
    [
      [1, 'counted'],
      [2, 'counted'],
      [3, 'counted'],
      [4, 'password'],
    ],
  );
  t.regex(await metrics.text(), /holdfast_page_counts_total\{outcome="counted"\} 3/);
});

test.serial('what was not counted before a stop is counted after the next start', async (t) => {
  const before = await open(t);
  await accept(before.jobs, before.store, 1, 'image/urf', appleRaster([{}, {}, {}]));
  before.counter.start();
  await before.counter.stop();
  t.is(before.jobs.get(JobId(1))?.document?.count, undefined);
  const after = await open(t, before.store);
  after.counter.start();
  t.deepEqual(await counted(after.jobs, 1), { kind: 'counted', pages: 3 });
});

test.serial(
  'a PDF that is too large for the memory stays unknown; a job that ends is forgotten',
  async (t) => {
    const { jobs, store, counter } = await open(t, undefined, MiB(1));
    const large = Buffer.concat([await pdfOf(1), Buffer.alloc(MiB(1))]);
    await accept(jobs, store, 1, 'application/pdf', large);
    await accept(jobs, store, 2, 'image/png', Buffer.from('png'));
    jobs.apply(JobId(2), { kind: 'canceled', at: 1 });
    counter.start();
    t.deepEqual(await counted(jobs, 1), { kind: 'unknown' });
    t.is(jobs.get(JobId(2))?.document?.count, undefined);
  },
);

const ticket = (attributes: Readonly<Record<string, readonly Value[]>>) =>
  new Attributes(Object.entries(attributes).map(([name, values]) => ({ name, values: [...values] })));
const range = (lower: number, upper: number): Value => ({
  syntax: 'rangeOfInteger',
  value: { lower, upper },
});

for (const [what, ranges, expected] of [
  ['all', [], 10],
  ['some', [range(2, 4), range(8, 8)], 4],
  ['past the end', [range(9, 2 ** 31 - 1)], 2],
  ['beyond it', [range(11, 20)], 0],
  ['twice the same', [range(1, 5), range(3, 6)], 6],
] as const) {
  test(`impressions of ten pages: ${what}`, (t) => {
    const document = {
      format: 'application/pdf',
      octets: 1,
      impressions: 99,
      count: { kind: 'counted', pages: 10 },
    } as const;
    const job = sampleJob({ document, ticket: ticket(ranges.length === 0 ? {} : { 'page-ranges': ranges }) });
    t.is(impressionsOf(job), expected);
  });
}

test('the client is believed only until the pages are counted', (t) => {
  const claimed = { format: 'application/pdf', octets: 1, impressions: 99 };
  t.is(impressionsOf(sampleJob({ document: claimed })), 99);
  t.is(impressionsOf(sampleJob({ document: { ...claimed, count: { kind: 'unknown' } } })), 99);
  t.is(impressionsOf(sampleJob({ document: { format: 'application/pdf', octets: 1 } })), undefined);
});

test('sheets are counted with copies and both sides', (t) => {
  const copies: Value[] = [{ syntax: 'integer', value: 3 }];
  const sides = (value: string): Value[] => [{ syntax: 'keyword', value }];
  t.is(sheetsOf(5, ticket({})), 5);
  t.is(sheetsOf(5, ticket({ copies })), 15);
  t.is(sheetsOf(5, ticket({ copies, sides: sides('two-sided-long-edge') })), 9);
  t.is(sheetsOf(2 ** 31 - 1, ticket({ copies, sides: sides('one-sided') })), 2 ** 31 - 1);
});
