// Version 1 over a real WebSocket: signing in, the list, and what is told while somebody is signed in.
import test from 'ava';
import { Milliseconds } from '../../base/units.ts';
import { Attributes } from '../../ipp/model.ts';
import { LISTED_JOBS } from '../../panel-protocol/bounds.ts';
import { CODE, job, MARIA, NOW, PAUL, UNOWNED } from './fakes.ts';
import { openGateway, TestPanel } from './gateway.ts';

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
  const printer = {
    'printer-name': 'mfp-2',
    'printer-info': 'MFP 2',
    'printer-location': 'Ward 3',
    'printer-state': 'idle',
    'printer-state-reasons': [],
    'printer-is-accepting-jobs': true,
  } as const;
  t.deepEqual(welcome, {
    type: 'welcome',
    version: 1,
    name: 'Holdfast',
    panel: 'ward-3',
    role: 'screen',
    'sign-in': ['badge', 'code'],
    marked: 'all',
    language: 'en',
    printer,
    printers: [printer],
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
    'printer-name': 'mfp-2',
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

test('the language of whoever is signed in is told with their name', async (t) => {
  const gateway = await openGateway(t);
  gateway.identity.answers.set(CODE, { ok: true, person: MARIA, language: 'de' });
  const client = await TestPanel.greeted(gateway, t);
  await client.ask({ type: 'credential', kind: 'code', value: CODE });
  t.deepEqual((await client.next('session')).person, { 'display-name': 'Maria Nowak', language: 'de' });
  await client.ask({ type: 'logout' });
  t.is((await client.next('session')).person, undefined);
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
    'job-state-reasons': ['job-held-for-release', 'job-held-for-authorization'],
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

test('what is wrong with a document is told before it is printed', async (t) => {
  const gateway = await openGateway(t);
  const client = await TestPanel.signedIn(gateway, t);
  const held = ['job-held-for-release', 'job-held-for-authorization'];
  const document = { format: 'application/pdf', octets: 5, impressions: 3 };
  for (const [count, reasons, pages] of [
    [{ kind: 'counted', pages: 7 }, [...held], 7],
    [{ kind: 'unknown' }, [...held], 3],
    [{ kind: 'password' }, [...held, 'document-password-error'], 3],
    [{ kind: 'damaged' }, [...held, 'document-format-error'], 3],
  ] as const) {
    gateway.jobs.put(job(7, { document: { ...document, count } }));
    t.like((await client.next('job')).job, { 'job-state-reasons': [...reasons], 'job-impressions': pages });
  }
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
  t.like(then, {
    'job-state-reasons': ['job-held-for-release', 'job-held-for-authorization'],
    'job-k-octets': 118,
  });
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
