import test from 'ava';
import { silentLog } from '../../base/log.ts';
import { Days, Hours, Minutes, Seconds } from '../../base/units.ts';
import type { Job } from '../../spool/job.ts';
import { Jobs } from '../../spool/jobs.ts';
import { Retention, type Verdict, verdictOf } from '../../spool/retention.ts';
import { ManualClock } from '../manual-clock.ts';
import { MemoryJobStore } from '../simulators/memory-job-store.ts';
import { acceptSample } from './accept-job.ts';
import { sampleJob } from './sample-job.ts';

const START = Date.UTC(2026, 0, 1);

const TABLE: readonly [string, Partial<Job>, number, Verdict][] = [
  ['held, before its time', {}, Days(3) - 1, 'stays'],
  ['held, at its time', {}, Days(3), 'expires'],
  ['being printed, past its time', { state: 'processing' }, Days(9), 'stays'],
  ['waiting for a printer, past its time', { state: 'pending' }, Days(9), 'stays'],
  ['without a document, in time', { document: undefined as never }, Minutes(5) - 1, 'stays'],
  ['without a document, too late', { document: undefined as never }, Minutes(5), 'late'],
  ['receiving its document', { document: undefined as never, receiving: true }, Days(1), 'stays'],
  ['ended just now', { state: 'completed', completedAt: START + Days(1) }, Days(1), 'stays'],
  ['ended long ago', { state: 'canceled', completedAt: START + Days(1) }, Days(1) + Hours(24), 'forgotten'],
];

for (const [name, changes, elapsed, expected] of TABLE) {
  test(`${name}: ${expected}`, (t) => {
    t.is(verdictOf(sampleJob(changes), START + elapsed, Hours(24), Minutes(5)), expected);
  });
}

test('a held job goes a day after its owner left, and no job that is on its way', (t) => {
  const left = (changes: Partial<Job>, elapsed: number) =>
    verdictOf(sampleJob(changes), START + elapsed, Hours(24), Minutes(5), START);
  t.is(left({}, Hours(24) - 1), 'stays');
  t.is(left({}, Hours(24)), 'expires');
  t.is(left({ state: 'processing' }, Hours(24)), 'stays');
});

test('what nobody prints expires, is listed for a while, and is forgotten', async (t) => {
  const store = new MemoryJobStore();
  const jobs = new Jobs(store);
  const clock = new ManualClock(START);
  const job = await acceptSample(jobs, store);
  const retention = new Retention({
    jobs,
    history: () => Hours(24),
    mostEnded: () => 100,
    documentTime: () => Minutes(5),
    ownerLeftAt: () => undefined,
    clock,
    log: silentLog,
  });
  retention.start();
  clock.advance(Days(3));
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(Minutes(1));
  await retention.stop();
  t.like(jobs.get(job.id), { state: 'canceled', endedBy: 'time' });
  clock.advance(Hours(25));
  await retention.look();
  t.is(jobs.get(job.id), undefined);
  t.deepEqual(await store.recover(), []);
});

test('of many ended jobs the oldest is forgotten at once', async (t) => {
  const store = new MemoryJobStore();
  const jobs = new Jobs(store);
  const clock = new ManualClock(START);
  const options = {
    history: () => Hours(24),
    mostEnded: () => 3,
    documentTime: () => Minutes(5),
    ownerLeftAt: () => undefined,
    clock,
    log: silentLog,
  };
  const retention = new Retention({ ...options, jobs });
  retention.start();
  const ids = [];
  for (let count = 0; count < 5; count++) {
    const job = await acceptSample(jobs, store);
    await jobs.apply(job.id, { kind: 'canceled', at: clock.now() })?.kept;
    ids.push(job.id);
  }
  await retention.stop();
  t.deepEqual(
    [...jobs.all()].map((job) => job.id),
    ids.slice(2),
  );
});

for (const seconds of [10, 90]) {
  test(`a job whose document has not come after ${seconds} s is aborted then, and not at the next full minute`, async (t) => {
    const jobs = new Jobs(new MemoryJobStore());
    const clock = new ManualClock(START);
    const retention = new Retention({
      jobs,
      history: () => Hours(24),
      mostEnded: () => 100,
      documentTime: () => Seconds(seconds),
      ownerLeftAt: () => undefined,
      clock,
      log: silentLog,
    });
    const advance = async (time: number) => {
      for (let passed = 0; passed < time; passed += Seconds(1)) {
        clock.advance(Seconds(1));
        while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    retention.start();
    await advance(Seconds(25));
    const { document: _document, ...job } = sampleJob({ createdAt: clock.now() });
    jobs.announce(job);
    await advance(Seconds(seconds - 1));
    t.is(jobs.living, 1);
    await advance(Seconds(1));
    t.is(jobs.living, 0);
    t.like(jobs.get(job.id), { state: 'aborted', endedBy: 'system' });
    await retention.stop();
    jobs.announce(sampleJob({ id: job.id, createdAt: clock.now() }));
    t.is(clock.pending, 0, 'nothing waits any more once it is stopped');
  });
}

test('a job that gathers documents waits for the next one from the last one on', (t) => {
  const gathering = sampleJob({ document: undefined as never, createdAt: 0, gatheredAt: Minutes(5) });
  t.is(verdictOf(gathering, Minutes(6), Hours(1), Minutes(2)), 'stays');
  t.is(verdictOf(gathering, Minutes(7), Hours(1), Minutes(2)), 'late');
});
