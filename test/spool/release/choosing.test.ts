// What is chosen with a release: changes of the ticket, keeping, printing for somebody else, and keys that come again.
import test from 'ava';
import { read } from '../../../ipp/vocabulary/read.ts';
import { isKnownRelease, type Job } from '../../../spool/job.ts';
import { type JobEvent, step } from '../../../spool/job-machine.ts';
import { fails, prints } from '../../simulators/scripted-printer.ts';
import { ADA, BOB, sampleJob } from '../sample-job.ts';
import { OFFICE, RAW } from './choices/sample-printers.ts';
import { reaches, setUp } from './releasing.ts';

const HERE = { printer: 'mfp-1', key: 'key-0001', by: ADA };

test('what was chosen goes to the printer, and is required of it; the ticket of the job stays', async (t) => {
  const { accept, releaser, jobs, printer, description } = setUp(
    t,
    fails('not-printed', 'unreachable'),
    prints,
  );
  description.value = OFFICE;
  const { id } = await accept();
  t.deepEqual(releaser.release({ ...HERE, jobs: [id], changes: { copies: 5, sides: 'one-sided' } }), [
    { job: id },
  ]);
  const held = await reaches(jobs, id, 'pending-held');
  const [sent] = printer.tried;
  t.deepEqual(sent?.required, ['copies', 'sides']);
  t.is(sent && read(sent.ticket, 'copies'), 5);
  t.is(sent && read(sent.ticket, 'sides'), 'one-sided');
  t.is(read(held.ticket, 'copies'), 2);
  t.deepEqual(held.release?.changes, { copies: 5, sides: 'one-sided' });
  // The next release begins with what its sender wanted.
  releaser.release({ ...HERE, jobs: [id], key: 'key-0002' });
  await reaches(jobs, id, 'completed');
  t.deepEqual(printer.tried[1]?.required, []);
  t.is(printer.tried[1] && read(printer.tried[1].ticket, 'copies'), 2);
});

test('what the printer cannot do is refused before anything happens', async (t) => {
  const { accept, releaser, jobs, printer, description } = setUp(t, prints);
  const { id } = await accept();
  const order = { ...HERE, jobs: [id], changes: { copies: 5 } };
  for (const value of [undefined, RAW, { ...OFFICE, copies: { lower: 1, upper: 4 } }]) {
    description.value = value;
    t.deepEqual(releaser.release(order), [{ job: id, refused: 'conflict' }]);
  }
  t.is(jobs.get(id)?.release, undefined);
  description.value = OFFICE;
  t.deepEqual(releaser.release(order), [{ job: id }]);
  await reaches(jobs, id, 'completed');
  t.is(printer.tried.length, 1);
});

test('printed and kept, a job is held as long as it would have been, and as it was printed', async (t) => {
  const { accept, releaser, jobs, printer, description, store } = setUp(t, prints);
  description.value = OFFICE;
  const { id, expiresAt } = await accept({
    document: { format: 'application/pdf', octets: 5, count: { kind: 'counted', pages: 9 } },
  });
  releaser.release({ ...HERE, jobs: [id], keep: true, changes: { copies: 5, 'first-page': 3 } });
  await reaches(jobs, id, 'processing');
  const kept = await reaches(jobs, id, 'pending-held');
  t.like(kept, { stored: true, expiresAt, printed: { key: HERE.key }, confirmation: 'completed' });
  t.is(read(kept.ticket, 'copies'), 5);
  // To begin in the middle was for this time.
  t.false(kept.ticket.has('page-ranges'));
  for await (const chunk of store.read(id)) t.true(chunk.length > 0);
  // Printed without being kept, it ends as any other does.
  releaser.release({ ...HERE, jobs: [id], key: 'key-0002' });
  await reaches(jobs, id, 'completed');
  t.is(printer.tried.length, 2);
});

test('who was delegated to prints for the other, with the password of the job, and does not make it theirs', async (t) => {
  const { accept, releaser, jobs, delegations } = setUp(t, prints);
  const { id } = await accept();
  const order = { ...HERE, by: BOB, jobs: [id] };
  t.deepEqual(releaser.release(order), [{ job: id, refused: 'job-not-found' }]);
  delegations.set(BOB, [ADA]);
  const { id: locked } = await accept({ releaseAction: 'job-password' });
  t.deepEqual(releaser.release({ ...order, jobs: [locked] }), [
    { job: locked, refused: 'job-password-needed' },
  ]);
  t.deepEqual(releaser.release(order), [{ job: id }]);
  const job = await reaches(jobs, id, 'completed');
  t.like(job, { owner: { kind: 'person', person: ADA }, release: { by: BOB } });
  // The other way round nothing was delegated.
  const { id: ofBob } = await accept({ owner: { kind: 'person', person: BOB, proof: 'claimed' } });
  t.deepEqual(releaser.release({ ...HERE, jobs: [ofBob] }), [{ job: ofBob, refused: 'job-not-found' }]);
});

test('every key that a job was released with prints nothing more when it comes again', async (t) => {
  const { accept, release, jobs, printer } = setUp(t, fails('aborted', 'cut'));
  const { id } = await accept();
  for (const key of ['k1', 'k2', 'k3']) {
    release([id], key);
    await reaches(jobs, id, 'processing');
    await reaches(jobs, id, 'pending-held');
  }
  t.is(printer.tried.length, 3);
  for (const key of ['k1', 'k2', 'k3']) t.deepEqual(release([id], key), [{ job: id }]);
  t.is(jobs.get(id)?.state, 'pending-held');
  t.is(printer.tried.length, 3);
});

test("the keys that are remembered are bounded, and each is its person's own", (t) => {
  let job: Job = sampleJob();
  const apply = (event: JobEvent) => {
    const result = step(job, event);
    if (result.kind === 'refused') throw new Error(`refused ${event.kind}`);
    job = result.job;
  };
  for (let at = 1; at <= 40; at++) {
    apply({ kind: 'release-asked', release: { printer: 'mfp-1', key: `k${at}`, by: ADA, at } });
    apply({ kind: 'turn-given-up', trouble: { reason: 'busy', detail: '' }, at });
  }
  t.is(job.earlierReleases?.length, 32);
  t.true(isKnownRelease(job, { key: 'k40', by: ADA }));
  t.true(isKnownRelease(job, { key: 'k8', by: ADA }));
  t.false(isKnownRelease(job, { key: 'k7', by: ADA }));
  t.false(isKnownRelease(job, { key: 'k40', by: BOB }));
});

test('what came out of an earlier print is not counted for the next', (t) => {
  const cut = { reason: 'cut', detail: '' } as const;
  const release = { printer: 'mfp-1', key: 'k', by: ADA, at: 1 };
  const after = (job: Job, ...events: JobEvent[]) =>
    events.reduce((each, event) => {
      const result = step(each, event);
      if (result.kind === 'refused') throw new Error(`refused ${event.kind}`);
      return result.job;
    }, job);
  const first = after(
    sampleJob(),
    { kind: 'release-asked', release },
    { kind: 'send-started', at: 2 },
    { kind: 'impressions-counted', completed: 3 },
    { kind: 'send-ended', result: { outcome: 'unknown', trouble: cut }, at: 3 },
  );
  t.is(first.impressionsCompleted, 3);
  const second = after(
    first,
    { kind: 'release-asked', release: { ...release, key: 'k2' } },
    { kind: 'send-started', at: 4 },
    { kind: 'send-ended', result: { outcome: 'unknown', trouble: cut }, at: 5 },
  );
  t.is(second.impressionsCompleted, undefined);
  const third = after(
    second,
    { kind: 'release-asked', release: { ...release, key: 'k3' } },
    { kind: 'send-started', at: 6 },
    { kind: 'send-ended', result: { outcome: 'aborted', trouble: cut, impressions: 4 }, at: 7 },
  );
  t.is(third.impressionsCompleted, 4);
});
