import test from 'ava';
import { Hours } from '../../../base/units.ts';
import { dateTimeOf } from '../../../ipp/date-time.ts';
import { groupOf } from '../../../ipp/model.ts';
import type { AttributesInput } from '../../../ipp/vocabulary/build.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import type { JobId } from '../../../spool/job.ts';
import { acceptSample } from '../accept-job.ts';
import { IntakeUnderTest } from './intake-under-test.ts';

const open = (t: Parameters<IntakeUnderTest['start']>[0]) => new IntakeUnderTest().start(t);

const set = (intake: IntakeUnderTest, id: JobId, job: AttributesInput, user = 'ada', queue = 'print') =>
  intake.ask({ operation: Operation.setJobAttributes, attributes: { 'job-id': id }, job, user, queue });

const messageOf = ({ message }: Awaited<ReturnType<IntakeUnderTest['ask']>>) =>
  read(groupOf(message, 'operation'), 'status-message') ?? '';

test('Release-Job where nothing of the client holds says what the job waits for', async (t) => {
  const intake = await open(t);
  const id = await intake.print();
  const released = await intake.ask({ operation: Operation.releaseJob, attributes: { 'job-id': id } });
  t.is(released.status, 'client-error-not-possible');
  t.regex(messageOf(released), /its owner signs in at a printer/);
});

test('a lifted hold of a find-me queue leaves the job held, and says why', async (t) => {
  const intake = await open(t);
  const id = await intake.print({ 'job-hold-until': 'indefinite' });
  const released = await intake.ask({ operation: Operation.releaseJob, attributes: { 'job-id': id } });
  t.is(released.status, 'successful-ok');
  t.regex(messageOf(released), /its owner signs in at a printer/);
  t.deepEqual(read(released.job, 'job-state-reasons'), [
    'job-held-for-release',
    'job-held-for-authorization',
  ]);
  t.is(intake.jobs.get(id)?.state, 'pending-held');
});

test('on a queue that prints at once the hold is all that holds', async (t) => {
  const intake = await open(t);
  const id = await intake.print({ 'job-hold-until': 'indefinite' }, 'ada', 'direct');
  const other = await intake.ask({
    operation: Operation.releaseJob,
    attributes: { 'job-id': id },
    user: 'eve',
    queue: 'direct',
  });
  t.is(other.status, 'client-error-not-authorized');
  t.is(
    (await set(intake, id, { 'job-hold-until': 'no-hold' }, 'eve', 'direct')).status,
    'client-error-not-authorized',
  );
  t.is(intake.jobs.get(id)?.holdUntil, 'indefinite');
  const mine = await set(intake, id, { 'job-hold-until': 'no-hold' }, 'ada', 'direct');
  t.is(mine.status, 'successful-ok');
  t.deepEqual(read(mine.job, 'job-state-reasons'), ['none']);
});

test('its sender alone can have it printed again after a cut', async (t) => {
  const intake = await open(t);
  const id = await intake.print({}, 'ada', 'direct');
  const at = intake.clock.now();
  const release = { printer: 'mfp-1', key: 'k', by: 'queue', at } as const;
  intake.jobs.apply(id, { kind: 'release-asked', release });
  intake.jobs.apply(id, { kind: 'send-started', at });
  intake.jobs.apply(id, {
    kind: 'send-ended',
    result: { outcome: 'unknown', trouble: { reason: 'cut', detail: '' } },
    at,
  });
  const ask = (operation: number, user = 'ada') =>
    intake.ask({ operation, attributes: { 'job-id': id }, queue: 'direct', user });
  t.deepEqual(read((await ask(Operation.getJobAttributes)).job, 'job-state-reasons'), [
    'job-held-for-release',
  ]);
  t.is((await ask(Operation.releaseJob, 'eve')).status, 'client-error-not-authorized');
  t.is((await ask(Operation.releaseJob)).status, 'successful-ok');
  t.is(intake.jobs.get(id)?.trouble, undefined);
});

test('Hold-Job and Set-Job-Attributes take names and times', async (t) => {
  const intake = await open(t);
  const id = await intake.print();
  const soon = intake.clock.now() + Hours(5);
  await intake.ask({
    operation: Operation.holdJob,
    attributes: { 'job-id': id, 'job-hold-until-time': dateTimeOf(soon) },
  });
  t.like(intake.jobs.get(id), { holdUntil: 'indefinite', holdUntilTime: soon, expiresAt: soon + Hours(72) });
  await intake.ask({
    operation: Operation.holdJob,
    attributes: { 'job-id': id, 'job-hold-until': 'weekend' },
  });
  t.like(intake.jobs.get(id), { holdUntil: 'weekend', holdUntilTime: new Date(2026, 0, 3).getTime() });
  // What `lp -H 23:00` sends; in UTC, as CUPS has it.
  await set(intake, id, { 'job-hold-until': '23:00' });
  t.like(intake.jobs.get(id), { holdUntil: '23:00', holdUntilTime: Date.UTC(2026, 0, 1, 23) });
  t.is(
    (await set(intake, id, { 'job-hold-until': '24:00' })).status,
    'client-error-attributes-or-values-not-supported',
  );
  const both = { 'job-hold-until': 'no-hold', 'job-delay-output-until': 'indefinite' };
  t.is((await set(intake, id, both)).status, 'successful-ok');
  t.like(intake.jobs.get(id), { holdUntil: 'no-hold', delayOutput: { until: 'indefinite' } });
  await set(intake, id, { 'job-delay-output-until': 'no-delay-output' });
  t.is(intake.jobs.get(id)?.delayOutput, undefined);
  const far = { 'job-hold-until-time': dateTimeOf(intake.clock.now() + Hours(200)) };
  t.is((await set(intake, id, far)).status, 'client-error-attributes-or-values-not-supported');
});

test('a job of a queue that has become one of a panel waits for its owner', async (t) => {
  const intake = await open(t);
  const { id } = await acceptSample(intake.jobs, intake.store, {
    releaseAction: 'none',
    submitter: { address: '127.0.0.1', claimedName: 'ada' },
  });
  const ask = (operation: number) => intake.ask({ operation, attributes: { 'job-id': id } });
  const { job } = await ask(Operation.getJobAttributes);
  t.is(read(job, 'job-release-action'), 'owner-authorized');
  t.deepEqual(read(job, 'job-state-reasons'), ['job-held-for-release', 'job-held-for-authorization']);
  const released = await ask(Operation.releaseJob);
  t.is(released.status, 'client-error-not-possible');
  t.regex(messageOf(released), /its owner signs in/);
});
