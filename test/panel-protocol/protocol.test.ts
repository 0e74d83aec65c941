// Version 1 over a real WebSocket: signing in, listing, releasing, deleting, signing out, and what happens meanwhile.
import test from 'ava';
import { Milliseconds, Seconds } from '../../base/units.ts';
import { Attributes } from '../../ipp/model.ts';
import { LISTED_JOBS } from '../../panel-protocol/bounds.ts';
import { ManualClock } from '../manual-clock.ts';
import { CODE, job, MARIA, NOW, PAUL, panel, UNOWNED } from './fakes.ts';
import { openGateway, TestPanel } from './gateway.ts';

const KEY = 'key-0001';

test('hello is welcomed with the printer and the ways to sign in', async (t) => {
  const gateway = await openGateway(t);
  const client = new TestPanel(gateway.host);
  await client.opened();
  t.deepEqual(await client.ask({ type: 'hello', versions: [1, 2], client: 'test/1' }), {
    type: 'ok',
    re: 1,
  });
  const { page, ...welcome } = await client.next('welcome');
  t.regex(page, /^[0-9a-f]{12}$/);
  t.deepEqual(welcome, {
    type: 'welcome',
    version: 1,
    panel: 'ward-3',
    credentials: ['code'],
    language: 'en',
    printer: {
      'printer-name': 'mfp-2',
      'printer-info': 'MFP 2',
      'printer-location': 'Ward 3',
      'printer-state': 'idle',
      'printer-state-reasons': [],
      'printer-is-accepting-jobs': true,
    },
  });
  t.deepEqual(await client.next('session'), { type: 'session', session: 'idle' });
});

test('a code opens the session, warms the printer and brings the list, the newest first', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1));
  gateway.jobs.put(job(2, { createdAt: NOW + 1000 }));
  gateway.jobs.put(job(3, { owner: { kind: 'person', person: PAUL.id, proof: 'claimed' } }));
  const client = await TestPanel.greeted(gateway, t);
  t.deepEqual(await client.ask({ type: 'credential', kind: 'code', value: CODE }), {
    type: 'ok',
    re: 2,
    'time-left': 60,
  });
  t.deepEqual(await client.next('session'), {
    type: 'session',
    session: 'jobs',
    person: { 'display-name': 'Maria Nowak' },
    'time-left': 60,
  });
  const list = await client.next('jobs');
  t.deepEqual(
    list.jobs.map((each) => each['job-id']),
    [2, 1],
  );
  t.like(list, { offset: 0, total: 2, omitted: 0 });
  t.deepEqual(gateway.printers.warmed, ['mfp-2']);
  t.deepEqual(gateway.identity.attempts, [{ code: CODE, panel: 'ward-3' }]);
});

test('a job is described in the words of IPP, made safe to show', async (t) => {
  const gateway = await openGateway(t);
  const ticket = new Attributes([
    { name: 'copies', values: [{ syntax: 'integer', value: 2 }] },
    { name: 'sides', values: [{ syntax: 'keyword', value: 'two-sided-long-edge' }] },
    { name: 'print-color-mode', values: [{ syntax: 'keyword', value: 'not-a-mode' }] },
  ]);
  gateway.jobs.put(job(1, { ticket, name: `\u202Egnp.\u0000${'x'.repeat(400)}` }));
  const client = await TestPanel.greeted(gateway, t);
  await client.ask({ type: 'credential', kind: 'code', value: CODE });
  const [first] = (await client.next('jobs')).jobs;
  const { 'job-name': name, 'date-time-at-creation': when, ...rest } = first ?? {};
  t.regex(name ?? '', /^gnp\. x{100,121}…$/);
  t.is(Date.parse(when ?? ''), NOW);
  t.deepEqual(rest as unknown, {
    'job-id': 1,
    'job-state': 'pending-held',
    'job-state-reasons': ['job-held-for-release'],
    'job-k-octets': 118,
    'job-impressions': 3,
    copies: 2,
    sides: 'two-sided-long-edge',
    'job-originating-user-name': 'user1',
    'job-originating-host-name': '10.0.0.7',
    claimable: false,
  });
});

test('an unowned job shows time, size and client, and no name', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1, { ...UNOWNED, name: 'Payslip of P. Weber' }));
  const client = await TestPanel.greeted(gateway, t);
  await client.ask({ type: 'credential', kind: 'code', value: CODE });
  const list = await client.next('jobs');
  t.deepEqual(Object.keys(list.jobs[0] ?? {}).sort(), [
    'claimable',
    'date-time-at-creation',
    'job-id',
    'job-impressions',
    'job-k-octets',
    'job-originating-host-name',
    'job-state',
    'job-state-reasons',
  ]);
  t.notRegex(JSON.stringify(list), /Payslip|user1/);
});

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

test('a job that arrives while its owner is signed in appears', async (t) => {
  const gateway = await openGateway(t);
  const client = await TestPanel.signedIn(gateway, t);
  const { document: _, ...arriving } = job(7);
  gateway.jobs.put(arriving);
  const { job: first } = await client.next('job');
  t.like(first, { 'job-id': 7, 'job-state-reasons': ['job-incoming'] });
  gateway.jobs.put(job(7));
  const { job: then } = await client.next('job');
  t.like(then, { 'job-state-reasons': ['job-held-for-release'], 'job-k-octets': 118 });
});

test('a long list comes in parts and stops at the bound', async (t) => {
  const gateway = await openGateway(t);
  for (let id = 1; id <= LISTED_JOBS + 20; id++) gateway.jobs.put(job(id, { createdAt: NOW + id }));
  const client = await TestPanel.greeted(gateway, t);
  await client.ask({ type: 'credential', kind: 'code', value: CODE });
  await client.next('session');
  const ids: number[] = [];
  while (ids.length < LISTED_JOBS) {
    const part = await client.next('jobs');
    t.like(part, { offset: ids.length, total: LISTED_JOBS, omitted: 20 });
    t.true(part.jobs.length <= 50);
    ids.push(...part.jobs.map((each) => each['job-id']));
  }
  t.deepEqual([ids[0], ids.at(-1), new Set(ids).size], [520, 21, LISTED_JOBS]);
  gateway.jobs.put(job(1000));
  await client.ask({ type: 'activity' });
  t.deepEqual(client.unread, [], 'one past the bound is not told');
});

test('wrong codes are told apart from too many of them', async (t) => {
  const gateway = await openGateway(t);
  const client = await TestPanel.greeted(gateway, t);
  t.deepEqual(await client.ask({ type: 'credential', kind: 'code', value: '1111' }), {
    type: 'error',
    re: 2,
    code: 'credential-unknown',
  });
  gateway.identity.throttle = Milliseconds(7200);
  t.deepEqual(await client.ask({ type: 'credential', kind: 'code', value: CODE }), {
    type: 'error',
    re: 3,
    code: 'throttled',
    'retry-after': 8,
  });
  gateway.identity.throttle = Milliseconds(0);
  gateway.identity.fails = true;
  t.like(await client.ask({ type: 'credential', kind: 'code', value: CODE }), { code: 'internal' });
  gateway.identity.fails = false;
  t.like(await client.ask({ type: 'credential', kind: 'code', value: CODE }), { type: 'ok' });
  t.regex(await gateway.metrics.text(), /panel_sign_ins_total\{result="unknown"\} 1/);
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

test('the session ends by time, which every touch starts anew', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock });
  const client = await TestPanel.signedIn(gateway, t);
  const wait = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 10) {
      clock.advance(10_000);
      // Not a touch; and the connection itself is looked after meanwhile.
      t.like(await client.ask({ type: 'ping' }), { type: 'ok' });
    }
  };
  await wait(50);
  t.like(await client.ask({ type: 'activity' }), { type: 'ok', 'time-left': 60 });
  await wait(50);
  clock.advance(9999);
  t.like(await client.ask({ type: 'ping' }), { type: 'ok' });
  t.deepEqual(client.unread, []);
  clock.advance(1);
  t.deepEqual(await client.next('session'), { type: 'session', session: 'idle', reason: 'time-out' });
  t.like(await client.ask({ type: 'jobs' }), { code: 'not-signed-in' });
});

test('signing out ends the session at once', async (t) => {
  const gateway = await openGateway(t);
  const client = await TestPanel.signedIn(gateway, t);
  t.deepEqual(await client.ask({ type: 'logout' }), { type: 'ok', re: 3 });
  t.deepEqual(await client.next('session'), { type: 'session', session: 'idle', reason: 'logout' });
});

test('a person who is removed is signed out, others stay', async (t) => {
  const gateway = await openGateway(t);
  const client = await TestPanel.signedIn(gateway, t);
  gateway.identity.remove(PAUL.id);
  t.like(await client.ask({ type: 'activity' }), { 'time-left': 60 });
  gateway.identity.remove(MARIA.id);
  t.like(await client.next('session'), { session: 'idle', reason: 'person-removed' });
});

test('of two connections to one panel the newer takes over, and begins signed out', async (t) => {
  const gateway = await openGateway(t);
  const first = await TestPanel.signedIn(gateway, t);
  const second = await TestPanel.greeted(gateway, t);
  t.deepEqual(await first.next('bye'), { type: 'bye', reason: 'taken-over' });
  t.is((await first.closed()).code, 1000);
  t.like(await second.ask({ type: 'jobs' }), { code: 'not-signed-in' });
});

test('a broken connection ends the session; what is being printed goes on', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1));
  const client = await TestPanel.signedIn(gateway, t);
  await client.ask({ type: 'release', key: KEY, 'job-ids': [1] });
  client.socket.terminate();
  const again = await TestPanel.signedIn(gateway, t);
  t.is(gateway.jobs.get(1).state, 'pending');
  gateway.jobs.complete(1);
  t.like(await again.next('job-gone'), { 'job-id': 1 });
});

test('news of the printer comes by itself', async (t) => {
  const gateway = await openGateway(t);
  const client = await TestPanel.greeted(gateway, t);
  gateway.printers.set('another', { state: 'stopped' });
  gateway.printers.set('mfp-2', { state: 'stopped', reasons: ['media-empty-error'] });
  const { printer } = await client.next('printer');
  t.like(printer, {
    'printer-name': 'mfp-2',
    'printer-state': 'stopped',
    'printer-state-reasons': ['media-empty-error'],
  });
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

test('at a reload only panels that changed begin anew', async (t) => {
  const panels = [panel(), panel({ name: 'ward-4' })];
  const gateway = await openGateway(t, { panels });
  const changed = await TestPanel.greeted(gateway, t);
  const same = new TestPanel(gateway.host, '/panel/ward-4/socket');
  t.teardown(() => same.socket.terminate());
  await same.opened();
  await same.ask({ type: 'hello', versions: [1] });
  gateway.panels.all.set('ward-3', panel({ sessionTimeout: Seconds(30) }));
  gateway.service.panelsChanged();
  t.deepEqual(await changed.next('bye'), { type: 'bye', reason: 'reload' });
  t.is((await changed.closed()).code, 1001);
  t.like(await same.ask({ type: 'ping' }), { type: 'ok' });
  const again = await TestPanel.greeted(gateway, t);
  t.like(await again.ask({ type: 'credential', kind: 'code', value: CODE }), { 'time-left': 30 });
});

test('at a shutdown every panel is told, those too that have not said hello', async (t) => {
  const gateway = await openGateway(t);
  const mute = new TestPanel(gateway.host);
  await mute.opened();
  const client = await TestPanel.signedIn(gateway, t);
  await gateway.service.close();
  t.deepEqual(await client.next('bye'), { type: 'bye', reason: 'shutdown' });
  t.deepEqual(await mute.next('bye'), { type: 'bye', reason: 'shutdown' });
});
