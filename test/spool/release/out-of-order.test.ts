// A printer that fails sends on who waits there: nobody finds out for himself, one time-out after the other.
import test from 'ava';
import type { TroubleReason } from '../../../drivers/printers/port.ts';
import { fails, prints, type Script } from '../../simulators/scripted-printer.ts';
import { ADA, BOB } from '../sample-job.ts';
import { reaches, setUp } from './releasing.ts';

const OF_BOB = { owner: { kind: 'person', person: BOB, proof: 'claimed' } } as const;

/** Fails, when it is told to, in the middle of a document or before it. */
function onDemand(reason: TroubleReason, outcome: 'not-printed' | 'unknown' | 'aborted') {
  const { promise, resolve } = Promise.withResolvers<void>();
  const script: Script = async () => {
    await promise;
    return { outcome, trouble: { reason, detail: 'scripted' } };
  };
  return { script, fail: resolve };
}

for (const [outcome, reason] of [
  ['not-printed', 'unreachable'],
  ['not-printed', 'wrong-key'],
  ['not-printed', 'not-accepting'],
  ['unknown', 'timeout'],
] as const) {
  test(`${reason} (${outcome}): who waits is held again at once, for another printer`, async (t) => {
    const { script, fail } = onDemand(reason, outcome);
    const { accept, release, jobs, printer, releaser, failed, clock } = setUp(t, script);
    const [first, second, third] = [await accept(), await accept(OF_BOB), await accept(OF_BOB)];
    release([first.id]);
    release([second.id, third.id], 'k2', BOB);
    t.is(jobs.get(third.id)?.state, 'pending');
    fail();
    for (const { id } of [second, third]) {
      await reaches(jobs, id, 'pending-held');
      t.like(jobs.get(id)?.trouble, { outcome: 'not-printed', reason, printer: 'mfp-1' });
    }
    t.like(jobs.get(first.id)?.trouble, { outcome, reason });
    t.is(printer.tried.length, 1);
    t.deepEqual([...failed], [['mfp-1', reason]]);
    t.is(clock.pending, 0);
    // Another printer prints it, though this one is still what it is.
    const other = setUp(t, prints);
    releaser.addPrinter('mfp-2', other.printer);
    releaser.release({ jobs: [second.id], printer: 'mfp-2', by: BOB, key: 'k3' });
    await reaches(jobs, second.id, 'completed');
    t.true(releaser.isOutOfOrder('mfp-1'));
  });
}

for (const [outcome, reason] of [
  ['aborted', 'not-accepting'],
  ['not-printed', 'format-refused'],
  ['unknown', 'cut'],
] as const) {
  test(`${reason} (${outcome}) says nothing of the next job`, async (t) => {
    const { script, fail } = onDemand(reason, outcome);
    const { accept, release, jobs, failed } = setUp(t, script, prints);
    const [first, second] = [await accept(), await accept(OF_BOB)];
    release([first.id]);
    release([second.id], 'k2', BOB);
    fail();
    await reaches(jobs, second.id, 'completed');
    t.is(failed.size, 0);
  });
}

test('it is over when something comes out again, or the printer answers', async (t) => {
  const { accept, release, jobs, failed, releaser } = setUp(
    t,
    fails('not-printed', 'unreachable'),
    fails('not-printed', 'unreachable'),
    prints,
  );
  const { id } = await accept();
  release([id], 'k1', ADA);
  await reaches(jobs, id, 'pending-held');
  t.true(releaser.isOutOfOrder('mfp-1'));
  releaser.answered('mfp-1');
  t.false(releaser.isOutOfOrder('mfp-1'));
  release([id], 'k2', ADA);
  await reaches(jobs, id, 'pending-held');
  t.true(releaser.isOutOfOrder('mfp-1'));
  release([id], 'k3', ADA);
  await reaches(jobs, id, 'completed');
  t.false(releaser.isOutOfOrder('mfp-1'));
  t.is(failed.size, 0);
});

test('a printer that is gone in the middle of a job sends on who waits behind it', async (t) => {
  const { script, fail } = onDemand('timeout', 'unknown');
  const { accept, release, jobs, releaser, failed } = setUp(t, script);
  const [first, second] = [await accept(), await accept(OF_BOB)];
  releaser.gone('mfp-1', 'nobody waits');
  t.is(failed.size, 0);
  release([first.id]);
  release([second.id], 'k2', BOB);
  releaser.gone('mfp-1', 'connection refused');
  t.like(jobs.get(second.id), { state: 'pending-held', trouble: { reason: 'unreachable' } });
  t.is(jobs.get(first.id)?.state, 'processing');
  t.true(releaser.isOutOfOrder('mfp-1'));
  fail();
  await reaches(jobs, first.id, 'pending-held');
});
