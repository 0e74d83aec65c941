// Releasing and deleting over a real WebSocket: each job to its own end.
import test from 'ava';
import { ManualClock } from '../manual-clock.ts';
import { job, MARIA, NOW, PAUL, UNOWNED } from './fakes.ts';
import { openGateway, TestPanel } from './gateway.ts';

const KEY = 'key-0001';

test('released jobs are followed to their ends, each to its own', async (t) => {
  const gateway = await openGateway(t);
  for (const id of [1, 2, 3, 4]) gateway.jobs.put(job(id));
  gateway.jobs.refusals.set(4, 'printer-not-for-queue');
  const client = await TestPanel.signedIn(gateway, t);
  t.like(await client.ask({ type: 'release', key: KEY, 'job-ids': [1, 2, 3, 4, 99] }), { type: 'ok' });
  t.like(await client.next('outcome'), { 'job-id': 99, outcome: 'refused', reason: 'job-not-found' });
  t.like(await client.next('session'), { session: 'releasing' });
  t.deepEqual(gateway.jobs.orders, [
    { jobs: [1, 2, 3, 4].map((id) => gateway.jobs.get(id).id), printer: 'mfp-2', by: MARIA.id, key: KEY },
  ]);
  t.like(await client.next('outcome'), {
    'job-id': 4,
    outcome: 'refused',
    reason: 'printer-not-for-queue',
  });

  gateway.jobs.change(1, { state: 'processing' });
  gateway.jobs.progress(1, { kind: 'sent', octets: 60_000 });
  t.deepEqual(await client.next('progress'), {
    type: 'progress',
    'job-id': 1,
    'job-k-octets-processed': 59,
  });
  gateway.jobs.complete(1);
  t.deepEqual(await client.next('outcome'), {
    type: 'outcome',
    'job-id': 1,
    operation: 'release',
    outcome: 'completed',
    'job-impressions-completed': 3,
  });
  gateway.jobs.fail(2, { outcome: 'unknown', reason: 'cut' });
  t.like(await client.next('outcome'), { 'job-id': 2, outcome: 'unknown', reason: 'cut' });
  gateway.jobs.change(3, { state: 'completed', confirmation: 'delivered' });
  t.like(await client.next('outcome'), { 'job-id': 3, outcome: 'delivered' });
  t.like(await client.next('session'), { session: 'done' });

  // Back to the list: what came out is gone, what did not is here with what went wrong.
  await client.ask({ type: 'jobs' });
  t.like(await client.next('session'), { session: 'jobs' });
  const { jobs } = await client.next('jobs');
  t.deepEqual(
    jobs.map((each) => [each['job-id'], each.trouble]),
    [
      [4, undefined],
      [2, { outcome: 'unknown', reason: 'cut' }],
    ],
  );
});

test('the same release asked again releases nothing again', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1));
  gateway.jobs.put(job(2));
  const client = await TestPanel.signedIn(gateway, t);
  t.like(await client.ask({ type: 'release', key: KEY, 'job-ids': [1] }), { type: 'ok' });
  t.like(await client.ask({ type: 'release', key: KEY, 'job-ids': [1] }), { type: 'ok' });
  t.is(gateway.jobs.orders.length, 1);
  t.like(await client.ask({ type: 'release', key: KEY, 'job-ids': [2] }), { code: 'key-reused' });
  t.is(gateway.jobs.orders.length, 1);
});

test('an unowned job is claimed by printing it, and has its name then', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1, UNOWNED));
  const client = await TestPanel.signedIn(gateway, t);
  await client.ask({ type: 'release', key: KEY, 'job-ids': [1] });
  const { job: claimed } = await client.next('job');
  t.like(claimed, { claimable: false, 'job-name': 'Document 1', 'job-state': 'pending' });
});

test('a job that somebody else claims leaves the list', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1, UNOWNED));
  const client = await TestPanel.signedIn(gateway, t);
  gateway.jobs.change(1, { owner: { kind: 'person', person: PAUL.id, proof: 'at-panel' } });
  t.like(await client.next('job-gone'), { 'job-id': 1 });
});

test('deleting takes own jobs, one by one, and never an unowned one', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1));
  gateway.jobs.put(job(2, UNOWNED));
  const client = await TestPanel.signedIn(gateway, t);
  t.like(await client.ask({ type: 'cancel', 'job-ids': [1, 2, 3] }), { type: 'ok' });
  const outcomes = [await client.next('outcome'), await client.next('outcome'), await client.next('outcome')];
  t.deepEqual(
    outcomes
      .sort((a, b) => a['job-id'] - b['job-id'])
      .map((each) => [each.operation, each.outcome, 'reason' in each ? each.reason : '']),
    [
      ['cancel', 'canceled', ''],
      ['cancel', 'refused', 'not-yours'],
      ['cancel', 'refused', 'job-not-found'],
    ],
  );
  t.like(await client.next('job-gone'), { 'job-id': 1 });
  t.is(gateway.jobs.get(2).state, 'pending-held');
});

test('what the spool fails at is told as refused', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1));
  const client = await TestPanel.signedIn(gateway, t);
  gateway.jobs.fails = true;
  await client.ask({ type: 'release', key: KEY, 'job-ids': [1] });
  t.like(await client.next('outcome'), { outcome: 'refused', reason: 'internal' });
  t.like(await client.next('session'), { session: 'releasing' });
  t.like(await client.next('session'), { session: 'done' });
  await client.ask({ type: 'cancel', 'job-ids': [1] });
  t.like(await client.next('outcome'), { operation: 'cancel', outcome: 'refused', reason: 'internal' });
});

test('progress is thinned out, and the last of it arrives', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock });
  gateway.jobs.put(job(1));
  const client = await TestPanel.signedIn(gateway, t);
  for (let octets = 1024; octets <= 102_400; octets += 1024)
    gateway.jobs.progress(1, { kind: 'sent', octets });
  gateway.jobs.progress(1, { kind: 'impressions', completed: 1 });
  t.like(await client.next('progress'), { 'job-k-octets-processed': 1 });
  clock.advance(250);
  t.deepEqual(await client.next('progress'), {
    type: 'progress',
    'job-id': 1,
    'job-k-octets-processed': 100,
    'job-impressions-completed': 1,
  });
  clock.advance(1000);
  await client.ask({ type: 'ping' });
  t.deepEqual(client.unread, []);
});

test('no progress comes after the outcome', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock });
  gateway.jobs.put(job(1));
  const client = await TestPanel.signedIn(gateway, t);
  await client.ask({ type: 'release', key: 'progress-1', 'job-ids': [1], keep: true });
  gateway.jobs.change(1, { state: 'processing' });
  gateway.jobs.progress(1, { kind: 'sent', octets: 1024 });
  gateway.jobs.progress(1, { kind: 'impressions', completed: 1 });
  gateway.jobs.fail(1, { outcome: 'unknown', reason: 'cut' });
  t.like(await client.next('progress'), { 'job-k-octets-processed': 1 });
  t.like(await client.next('outcome'), { outcome: 'unknown' });
  clock.advance(1000);
  await client.ask({ type: 'ping' });
  t.false(client.unread.includes('progress'));
});

test('the PIN of a release goes to the jobs that want one, and is nowhere else', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1, { releaseAction: 'job-password' }));
  gateway.jobs.put(job(2));
  gateway.jobs.pins.set(1, '2468');
  const client = await TestPanel.signedIn(gateway, t);
  const release = (key: string, pin?: string) =>
    client.ask({
      type: 'release',
      key,
      'job-ids': [1],
      ...(pin === undefined ? {} : { 'job-password': pin }),
    });
  await release('key-0001');
  t.like(await client.next('outcome'), { outcome: 'refused', reason: 'job-password-needed' });
  await release('key-0002', '1357');
  t.like(await client.next('outcome'), { outcome: 'refused', reason: 'job-password-wrong' });
  t.notRegex(JSON.stringify(gateway.jobs.orders), /1357/);
  await release('key-0003', '2468');
  gateway.jobs.complete(1);
  t.like(await client.next('outcome'), { outcome: 'completed' });
  t.like(await release('key-0004', 'a'.repeat(65)), { code: 'bad-message', field: 'job-password' });
});

test('a job that is kept after it was printed has ended well, and stays on the list', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1, { keepUntil: NOW + 1000 }));
  const client = await TestPanel.signedIn(gateway, t);
  for (const key of ['key-0001', 'key-0002']) {
    await client.ask({ type: 'release', key, 'job-ids': [1] });
    gateway.jobs.change(1, { state: 'processing' });
    gateway.jobs.change(1, {
      state: 'pending-held',
      stored: true,
      printed: { at: NOW, key },
      confirmation: 'completed',
      impressionsCompleted: 3,
    });
    t.like(await client.next('outcome'), { outcome: 'completed', 'job-impressions-completed': 3 });
    t.like(await client.next('session'), { session: 'releasing' });
    t.like(await client.next('session'), { session: 'done' });
  }
  await client.ask({ type: 'jobs' });
  t.like(await client.next('session'), { session: 'jobs' });
  const { jobs } = await client.next('jobs');
  t.true(jobs[0]?.['job-state-reasons'].includes('job-stored'));
});
