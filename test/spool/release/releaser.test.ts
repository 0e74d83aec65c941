import test from 'ava';
import { Failure } from '../../../base/errors.ts';
import { Seconds } from '../../../base/units.ts';
import type { JobId, JobProgress } from '../../../spool/job.ts';
import { fails, hangs, prints } from '../../simulators/scripted-printer.ts';
import { ADA, BOB } from '../sample-job.ts';
import { QUEUE, reaches, setUp } from './releasing.ts';

test('a released job is printed, ended and destroyed', async (t) => {
  const { accept, release, jobs, store, printer, metrics } = setUp(t, prints);
  const { id } = await accept();
  t.deepEqual(release([id]), [{ job: id }]);
  const job = await reaches(jobs, id, 'completed');
  t.like(job, { confirmation: 'completed', impressionsCompleted: 2, release: { printer: 'mfp-1', by: ADA } });
  t.is(printer.tried[0]?.userName, 'ada');
  await t.throwsAsync(async () => store.read(id)[Symbol.asyncIterator]().next(), {
    code: 'document-unreadable',
  });
  t.regex(await metrics.text(), /holdfast_releases_total\{outcome="completed"\} 1/);
  t.regex(await metrics.text(), /holdfast_release_first_byte_seconds_count 1/);
});

test('the same key releases once, whatever became of it', async (t) => {
  const { accept, release, jobs, printer } = setUp(t, fails('unknown', 'cut'), prints);
  const { id } = await accept();
  release([id]);
  t.deepEqual(release([id]), [{ job: id }]);
  await reaches(jobs, id, 'pending-held');
  t.deepEqual(release([id]), [{ job: id }]);
  t.is(printer.tried.length, 1);
  release([id], 'k2');
  await reaches(jobs, id, 'completed');
  t.is(printer.tried.length, 2);
});

test('a key of another person is not mine', async (t) => {
  const { accept, release } = setUp(t, prints);
  const { id } = await accept();
  release([id], 'k1');
  t.deepEqual(release([id], 'k1', BOB), [{ job: id, refused: 'job-not-found' }]);
});

for (const outcome of ['unknown', 'aborted', 'not-printed'] as const) {
  test(`${outcome}: held again, told, and not sent again by itself`, async (t) => {
    const { accept, release, jobs, printer, clock } = setUp(t, fails(outcome, 'format-refused'));
    const { id } = await accept();
    release([id]);
    const job = await reaches(jobs, id, 'pending-held');
    t.like(job.trouble, { outcome, reason: 'format-refused', printer: 'mfp-1' });
    clock.advance(Seconds(3600));
    await new Promise((resolve) => setImmediate(resolve));
    t.is(printer.tried.length, 1);
  });
}

test('a busy printer is asked at growing distances until its time is over', async (t) => {
  const { accept, release, jobs, printer, clock } = setUp(t, fails('not-printed', 'busy'));
  const waiting: JobProgress[] = [];
  jobs.on('progress', (_job, progress) => waiting.push(progress));
  const { id } = await accept();
  release([id]);
  for (let second = 0; second < 60 && jobs.get(id)?.state !== 'pending-held'; second++) {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(Seconds(0.5));
  }
  t.like(jobs.get(id), { state: 'pending-held', trouble: { reason: 'busy' } });
  // 0, 0.5, 1.5, 3.5, 6.5, 11.5, 16.5, 21.5, 26.5 s
  t.is(printer.tried.length, 9);
  t.deepEqual(waiting[0], { kind: 'waiting', reason: 'busy' });
});

test('a busy printer that comes free prints', async (t) => {
  const { accept, release, jobs, clock, printer } = setUp(t, fails('not-printed', 'busy'), prints);
  const { id } = await accept();
  release([id]);
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(Seconds(1));
  await reaches(jobs, id, 'completed');
  t.is(printer.tried.length, 2);
});

test('a connection that broke before the document is tried once more, not for ever', async (t) => {
  const { accept, release, jobs, clock, printer } = setUp(t, fails('not-printed', 'cut'));
  const { id } = await accept();
  release([id]);
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(1);
  await reaches(jobs, id, 'pending-held');
  t.is(printer.tried.length, 2);
});

test('jobs of one printer come out one after another, in the order asked', async (t) => {
  const { accept, release, jobs, printer } = setUp(t, prints);
  const ids = [
    (await accept({ name: '1' })).id,
    (await accept({ name: '2' })).id,
    (await accept({ name: '3' })).id,
  ];
  release(ids);
  for (const id of ids) await reaches(jobs, id, 'completed');
  t.deepEqual(
    printer.tried.map((job) => job.name),
    ['1', '2', '3'],
  );
});

test('cancelled while it waits, a job is never sent', async (t) => {
  const { accept, release, jobs, printer, releaser } = setUp(t, hangs, prints);
  const [first, second] = [await accept(), await accept()];
  release([first.id, second.id]);
  await reaches(jobs, first.id, 'processing');
  t.is((await releaser.cancel(second.id))?.state, 'canceled');
  t.is((await releaser.cancel(first.id))?.state, 'canceled');
  t.is(printer.tried.length, 1);
});

test('cancelled while it is sent, a job ends as cancelled', async (t) => {
  const { accept, release, jobs, releaser } = setUp(t, hangs);
  const { id } = await accept();
  release([id]);
  await reaches(jobs, id, 'processing');
  t.is((await releaser.cancel(id))?.state, 'canceled');
  t.is(await releaser.cancel(id), undefined);
});

test('an unowned job belongs to who releases it', async (t) => {
  const { accept, release, jobs } = setUp(t, prints);
  const { id } = await accept({ owner: { kind: 'unowned' } });
  t.deepEqual(release([id], 'k', BOB), [{ job: id }]);
  t.deepEqual((await reaches(jobs, id, 'completed')).owner, {
    kind: 'person',
    person: BOB,
    proof: 'at-panel',
  });
});

test("an unowned job of a queue that lets nobody claim is nobody's", async (t) => {
  const { accept, release, queues } = setUp(t, prints);
  queues.set('print', { ...QUEUE, unownedJobs: 'refuse' });
  const { id } = await accept({ owner: { kind: 'unowned' } });
  t.deepEqual(release([id]), [{ job: id, refused: 'job-not-found' }]);
});

test('refusals say why, each job for itself', async (t) => {
  const { accept, releaser, queues, release, jobs } = setUp(t, prints);
  const mine = await accept();
  const theirs = await accept({ owner: { kind: 'person', person: BOB, proof: 'claimed' } });
  const ended = await accept();
  await jobs.apply(ended.id, { kind: 'canceled', at: 1 })?.kept;
  t.deepEqual(release([theirs.id, ended.id, 999 as JobId, mine.id]), [
    { job: theirs.id, refused: 'job-not-found' },
    { job: ended.id, refused: 'job-not-held' },
    { job: 999 as JobId, refused: 'job-not-found' },
    { job: mine.id },
  ]);
  await reaches(jobs, mine.id, 'completed');
  const other = await accept();
  queues.set('print', { ...QUEUE, printers: ['mfp-2'] });
  t.deepEqual(release([other.id], 'k9'), [{ job: other.id, refused: 'printer-not-for-queue' }]);
  t.deepEqual(releaser.release({ jobs: [other.id], printer: 'gone', by: ADA, key: 'x' }), [
    { job: other.id, refused: 'printer-gone' },
  ]);
});

test('an intent that cannot be kept prints nothing', async (t) => {
  const { accept, release, jobs, store, printer } = setUp(t, async (job, signal) => {
    try {
      return await prints(job, signal);
    } catch (error) {
      return { outcome: 'not-printed', trouble: { reason: 'document-unreadable', detail: String(error) } };
    }
  });
  const { id } = await accept();
  store.failure = new Failure('disk-full', 'full');
  release([id]);
  t.like(await reaches(jobs, id, 'pending-held'), { trouble: { outcome: 'not-printed' } });
  t.is(printer.tried.length, 1);
});

test('a job that is held while it waits in line leaves it, and can be released again', async (t) => {
  const gate = Promise.withResolvers<void>();
  const { accept, release, jobs, printer } = setUp(t, async (job, signal) => {
    const result = prints(job, signal);
    await gate.promise;
    return result;
  });
  const [first, second] = [await accept(), await accept()];
  release([first.id, second.id]);
  await reaches(jobs, first.id, 'processing');
  t.truthy(jobs.apply(second.id, { kind: 'hold-changed', hold: { until: 'indefinite' } }));
  t.like(jobs.get(second.id), { state: 'pending-held', holdUntil: 'indefinite', trouble: undefined });
  t.is(jobs.apply(first.id, { kind: 'hold-changed', hold: { until: 'indefinite' } }), undefined);
  t.deepEqual(release([second.id], 'k2'), [{ job: second.id }]);
  gate.resolve();
  await reaches(jobs, first.id, 'completed');
  await reaches(jobs, second.id, 'completed');
  t.is(printer.tried.length, 2);
});

test('a job for whoever presses the button becomes theirs, where jobs may be claimed', async (t) => {
  const { accept, release, queues, jobs } = setUp(t, prints);
  const { id } = await accept({ releaseAction: 'button-press' });
  t.deepEqual(
    jobs.forAnybody().map((job) => job.id),
    [id],
  );
  t.deepEqual(
    jobs.ownedBy(ADA).map((job) => job.id),
    [id],
  );
  queues.set('print', { ...QUEUE, unownedJobs: 'refuse' });
  t.deepEqual(release([id], 'k', BOB), [{ job: id, refused: 'job-not-found' }]);
  queues.set('print', QUEUE);
  t.deepEqual(release([id], 'k', BOB), [{ job: id }]);
  t.like(await reaches(jobs, id, 'completed'), { owner: { person: BOB, proof: 'at-panel' } });
  t.deepEqual(jobs.forAnybody(), []);
});

test('a queue releases by itself only what waits for nobody', async (t) => {
  const { accept, releaser, jobs } = setUp(t, prints);
  const waits = await accept();
  const goes = await accept({ releaseAction: 'none' });
  const release = (id: JobId) =>
    releaser.release({ jobs: [id], printer: 'mfp-1', by: 'queue', key: `q${id}` });
  t.deepEqual(release(waits.id), [{ job: waits.id, refused: 'job-not-held' }]);
  t.deepEqual(release(goes.id), [{ job: goes.id }]);
  await reaches(jobs, goes.id, 'completed');
});

test('several documents go to the printer one by one, each as it is', async (t) => {
  const seen: string[] = [];
  const { accept, release, jobs, printer } = setUp(t, async (job, signal) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of job.open()) chunks.push(Buffer.from(chunk));
    seen.push(Buffer.concat(chunks).toString());
    return prints(job, signal);
  });
  const parts = [
    { format: 'application/pdf', octets: 2 },
    { format: 'image/jpeg', octets: 3 },
  ];
  const { id } = await accept({ document: { format: 'application/pdf', octets: 5, parts } });
  release([id]);
  t.like(await reaches(jobs, id, 'completed'), { impressionsCompleted: 4 });
  t.deepEqual(seen, ['%P', 'DF-']);
  t.deepEqual(
    printer.tried.map(({ format, octets }) => ({ format, octets })),
    parts,
  );
});

test('a kept job is held after each print, and its content destroyed when its time is over', async (t) => {
  const { accept, release, jobs, store, clock } = setUp(t, prints, prints);
  const { id } = await accept({ keepUntil: clock.now() + 1000 });
  const readable = () => store.read(id)[Symbol.asyncIterator]().next();
  for (const key of ['first', 'second']) {
    t.deepEqual(release([id], key), [{ job: id }]);
    await reaches(jobs, id, 'processing');
    const kept = await reaches(jobs, id, 'pending-held');
    t.like(kept, { stored: true, printed: { key }, confirmation: 'completed' });
    await t.notThrowsAsync(readable());
  }
  await jobs.apply(id, { kind: 'expired', at: clock.now() + 1000 })?.kept;
  t.is(jobs.get(id)?.state, 'completed');
  await t.throwsAsync(readable(), { code: 'document-unreadable' });
});

for (const [what, held] of [
  ['a hold', { holdUntil: 'indefinite' }],
  ['a hold until a time', { holdUntil: 'night', holdUntilTime: 9e12 }],
  ['a delay of the output', { delayOutput: { until: 'indefinite' } }],
] as const) {
  test(`nobody claims a job that its sender keeps back: ${what}`, async (t) => {
    const { accept, release, jobs, printer } = setUp(t, prints);
    for (const more of [{ owner: { kind: 'unowned' } }, { releaseAction: 'button-press' }] as const) {
      const { id } = await accept({ ...held, ...more });
      t.deepEqual(release([id], 'k1', BOB), [{ job: id, refused: 'job-not-found' }]);
      t.like(jobs.get(id), { state: 'pending-held', ...more });
    }
    t.is(printer.tried.length, 0);
  });
}

test('its owner prints a job that they hold themselves, but never before the output may come', async (t) => {
  const { accept, release, jobs, printer } = setUp(t, prints);
  const delayed = await accept({ delayOutput: { until: 'indefinite' } });
  t.deepEqual(release([delayed.id]), [{ job: delayed.id, refused: 'job-delayed' }]);
  t.is(printer.tried.length, 0);
  const held = await accept({ holdUntil: 'indefinite' });
  t.deepEqual(release([held.id]), [{ job: held.id }]);
  await reaches(jobs, held.id, 'completed');
});

test('a queue does not release by itself what is held meanwhile', async (t) => {
  const { accept, releaser } = setUp(t, prints);
  const { id } = await accept({ releaseAction: 'none', holdUntil: 'indefinite' });
  const order = { jobs: [id], printer: 'mfp-1', key: 'k1', by: 'queue' } as const;
  t.deepEqual(releaser.release(order), [{ job: id, refused: 'job-not-held' }]);
});
