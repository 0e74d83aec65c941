// What comes out, and what is held again, when the gateway stops or a queue is paused.
import test from 'ava';
import { connects, fails, hangs, prints } from '../../simulators/scripted-printer.ts';
import { reaches, setUp } from './releasing.ts';

test('draining finishes what is at the printer and holds what waits', async (t) => {
  const gate = Promise.withResolvers<void>();
  const { accept, release, jobs, releaser, printer } = setUp(t, async (job, signal) => {
    const result = prints(job, signal);
    await gate.promise;
    return result;
  });
  const [first, second] = [await accept(), await accept()];
  release([first.id, second.id]);
  await reaches(jobs, first.id, 'processing');
  const drained = releaser.drain();
  t.deepEqual(release([first.id], 'k2'), [{ job: first.id, refused: 'printer-gone' }]);
  gate.resolve();
  await drained;
  t.is(jobs.get(first.id)?.state, 'completed');
  t.like(jobs.get(second.id), { state: 'pending-held', trouble: { outcome: 'not-printed' } });
  t.true(printer.closed);
});

for (const [state, script, reason] of [
  ['waits for a busy printer', fails('not-printed', 'busy'), 'busy'],
  ['waits for a connection', connects, 'canceled'],
] as const) {
  test(`draining holds a job that ${state} at once: nothing of it was sent`, async (t) => {
    const { accept, release, jobs, releaser, clock, printer } = setUp(t, script);
    const { id } = await accept();
    release([id]);
    while (printer.tried.length === 0 || (script !== connects && clock.pending === 0)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    // The clock stands still: draining waits for no time.
    await releaser.drain();
    t.like(jobs.get(id), { state: 'pending-held', trouble: { outcome: 'not-printed', reason } });
    t.is(printer.tried.length, 1);
  });
}

test('a try that ends without printing while the gateway stops is the last one', async (t) => {
  const gate = Promise.withResolvers<void>();
  const busy = fails('not-printed', 'busy');
  const { accept, release, jobs, releaser, printer } = setUp(t, async (job, signal) => {
    await job.open()[Symbol.asyncIterator]().next();
    await gate.promise;
    return busy(job, signal);
  });
  const { id } = await accept();
  release([id]);
  await reaches(jobs, id, 'processing');
  const drained = releaser.drain();
  gate.resolve();
  await drained;
  t.like(jobs.get(id), { state: 'pending-held', trouble: { reason: 'busy' } });
  t.is(printer.tried.length, 1);
});

test('a paused queue prints nothing: what waits is held again, what is at the printer is finished', async (t) => {
  const gate = Promise.withResolvers<void>();
  const { accept, release, jobs, releaser, printer, stopped } = setUp(t, async (job, signal) => {
    const result = prints(job, signal);
    await gate.promise;
    return result;
  });
  const [first, second, other] = [await accept(), await accept(), await accept({ queue: 'other' })];
  release([first.id, second.id]);
  await reaches(jobs, first.id, 'processing');
  stopped.add('print');
  releaser.holdStopped();
  t.like(jobs.get(second.id), { state: 'pending-held', trouble: { outcome: 'not-printed' } });
  gate.resolve();
  await reaches(jobs, first.id, 'completed');
  t.deepEqual(release([second.id], 'k2'), [{ job: second.id, refused: 'queue-paused' }]);
  t.is(jobs.get(other.id)?.state, 'pending-held');
  stopped.clear();
  t.deepEqual(release([second.id], 'k3'), [{ job: second.id }]);
  await reaches(jobs, second.id, 'completed');
  t.is(printer.tried.length, 2);
});

test('a job that waits for a busy printer is held again when its queue is paused', async (t) => {
  const { accept, release, jobs, releaser, clock, printer, stopped } = setUp(t, fails('not-printed', 'busy'));
  const { id } = await accept();
  release([id]);
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  stopped.add('print');
  releaser.holdStopped();
  t.like(await reaches(jobs, id, 'pending-held'), { trouble: { outcome: 'not-printed', reason: 'busy' } });
  t.is(printer.tried.length, 1);
});

test('aborting cuts what is at the printer and marks it unknown', async (t) => {
  const { accept, release, jobs, releaser } = setUp(t, hangs);
  const { id } = await accept();
  release([id]);
  await reaches(jobs, id, 'processing');
  releaser.abort();
  await releaser.drain();
  t.like(jobs.get(id), { state: 'pending-held', trouble: { outcome: 'unknown', reason: 'canceled' } });
});
