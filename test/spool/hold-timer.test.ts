import test from 'ava';
import { silentLog } from '../../base/log.ts';
import { Hours, Minutes } from '../../base/units.ts';
import { HoldTimer } from '../../spool/hold-timer.ts';
import type { Job } from '../../spool/job.ts';
import { Jobs } from '../../spool/jobs.ts';
import { ManualClock } from '../manual-clock.ts';
import { MemoryJobStore } from '../simulators/memory-job-store.ts';
import { acceptSample } from './accept-job.ts';

async function setUp() {
  const store = new MemoryJobStore();
  const jobs = new Jobs(store);
  const clock = new ManualClock();
  const accept = async (changes: Partial<Job>) => (await acceptSample(jobs, store, changes)).id;
  return { store, jobs, clock, accept, timer: new HoldTimer({ jobs, clock, log: silentLog }) };
}

test('a hold ends when its time comes; one without a time does not', async (t) => {
  const { jobs, clock, accept, timer } = await setUp();
  const at = clock.now() + Hours(2);
  const before = await accept({ holdUntil: 'evening', holdUntilTime: at });
  timer.start();
  const after = await accept({ delayOutput: { until: 'night', at: at + 1000 } });
  const forever = await accept({ holdUntil: 'indefinite' });
  clock.advance(Hours(2) - 1);
  t.is(jobs.get(before)?.holdUntil, 'evening');
  clock.advance(1);
  t.is(jobs.get(before)?.holdUntil, 'no-hold');
  t.deepEqual(jobs.get(after)?.delayOutput, { until: 'night', at: at + 1000 });
  clock.advance(1000);
  t.is(jobs.get(after)?.delayOutput, undefined);
  t.is(jobs.get(forever)?.holdUntil, 'indefinite');
  t.is(clock.pending, 0);
});

test('a time that came while the gateway was down is found at its start', async (t) => {
  const { store, clock, accept } = await setUp();
  const id = await accept({ holdUntil: 'evening', holdUntilTime: clock.now() + 1000 });
  clock.advance(5000);
  const jobs = new Jobs(store);
  await jobs.recover(clock.now());
  const timer = new HoldTimer({ jobs, clock, log: silentLog });
  timer.start();
  t.is(jobs.get(id)?.holdUntil, 'no-hold');
});

test('a clock that is set is noticed within a minute', async (t) => {
  const { jobs, clock, accept, timer } = await setUp();
  const id = await accept({ holdUntil: 'evening', holdUntilTime: clock.now() + Hours(5) });
  timer.start();
  let set = 0;
  clock.now = () => set;
  set = Date.UTC(2027, 0, 1);
  clock.advance(Minutes(1));
  t.is(jobs.get(id)?.holdUntil, 'no-hold');
});

test('what is lifted, ended or forgotten is waited for no more', async (t) => {
  const { jobs, clock, accept, timer } = await setUp();
  timer.start();
  const holdUntilTime = clock.now() + Hours(1);
  const [lifted, ended] = [
    await accept({ holdUntil: 'night', holdUntilTime }),
    await accept({ holdUntil: 'night', holdUntilTime }),
  ];
  jobs.apply(lifted, { kind: 'resumed' });
  jobs.apply(ended, { kind: 'canceled', at: clock.now() });
  clock.advance(Minutes(1));
  t.is(clock.pending, 0);
  await accept({ holdUntil: 'night', holdUntilTime });
  timer.stop();
  t.is(clock.pending, 0);
});

test('very many jobs with times are waited for by one timer', (t) => {
  const clock = new ManualClock();
  const end = (id: number) => clock.now() + Hours(1) - (id % 3);
  const ids = Array.from({ length: 140_000 }, (_, id) => id);
  const all = ids.map((id) => ({ id, state: 'pending-held', holdUntilTime: end(id) }));
  const asked: unknown[] = [];
  const jobs: unknown = { all: () => all, on: () => {}, apply: (id: unknown) => void asked.push(id) };
  const timer = new HoldTimer({ jobs: jobs as Jobs, clock, log: silentLog });
  timer.start();
  t.is(clock.pending, 1);
  clock.advance(Hours(1));
  t.is(asked.length, 140_000);
  t.is(clock.pending, 0);
});
