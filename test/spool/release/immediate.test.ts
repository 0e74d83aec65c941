import test from 'ava';
import { Minutes, Seconds } from '../../../base/units.ts';
import type { Job } from '../../../spool/job.ts';
import type { Queue } from '../../../spool/queue.ts';
import { releaseDelay } from '../../../spool/release/immediate.ts';
import { sampleJob } from '../sample-job.ts';

const QUEUE: Queue = {
  name: 'direct',
  info: 'Direct',
  location: '',
  printers: ['mfp-1'],
  release: 'immediately',
  authentication: 'optional',
  tokensWithoutTls: 'refuse',
  claimedNames: 'trust',
  unownedJobs: 'claimable',
};

const trouble = { reason: 'cut', printer: 'mfp-1', at: 1 } as const;

const CASES: Readonly<Record<string, readonly [Partial<Job>, number | undefined]>> = {
  'a job that waits for nobody': [{}, 0],
  'one for its owner': [{ releaseAction: 'owner-authorized' }, undefined],
  'one with a password': [{ releaseAction: 'job-password' }, undefined],
  'one for a button': [{ releaseAction: 'button-press' }, undefined],
  'one that its client holds': [{ holdUntil: 'indefinite' }, undefined],
  'one held for a time': [{ holdUntil: 'evening', holdUntilTime: 5 }, undefined],
  'one whose output is delayed': [{ delayOutput: { until: 'night', at: 5 } }, undefined],
  'one in store': [{ stored: true }, undefined],
  'one that did not print': [{ trouble: { ...trouble, outcome: 'not-printed' } }, 0],
  'one that may have been printed': [{ trouble: { ...trouble, outcome: 'unknown' } }, undefined],
  'one without its document': [{ document: undefined as never }, undefined],
  'one that is being printed': [{ state: 'processing' }, undefined],
};

for (const [name, [changes, delay]] of Object.entries(CASES)) {
  test(`a queue that prints at once: ${name}`, (t) => {
    t.is(releaseDelay(sampleJob({ releaseAction: 'none', ...changes }), QUEUE, 0), delay as never);
  });
}

test('no other queue, and none that is gone, releases by itself', (t) => {
  const job = sampleJob({ releaseAction: 'none' });
  t.is(releaseDelay(job, { ...QUEUE, release: 'at-panel' }, 0), undefined);
  t.is(releaseDelay(job, undefined, 0), undefined);
});

test('a printer that does not take it is asked again, ever later', (t) => {
  const job = sampleJob({ releaseAction: 'none' });
  t.is(releaseDelay(job, QUEUE, 1), Seconds(10));
  t.is(releaseDelay(job, QUEUE, 50), Minutes(5));
});
