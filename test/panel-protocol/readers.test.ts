// Readers beside a panel's screen and without one, over real WebSockets: they open sessions and see none.
import test, { type ExecutionContext } from 'ava';
import { READERS } from '../../panel-protocol/bounds.ts';
import { job, MARIA, PAUL, panel, UNOWNED } from './fakes.ts';
import { type Gateway, openGateway, TestPanel } from './gateway.ts';

const MARIAS = { type: 'credential', kind: 'badge', value: 'card-of-maria', reader: 'test/1' };
const PAULS = { ...MARIAS, value: 'card-of-paul' };

async function gatewayWithCards(t: ExecutionContext, releaseAll = false): Promise<Gateway> {
  const gateway = await openGateway(t, { panels: [panel({ releaseAll })] });
  gateway.identity.give('card-of-maria', MARIA);
  gateway.identity.give('card-of-paul', PAUL);
  return gateway;
}

async function readerAt(gateway: Gateway, t: ExecutionContext): Promise<TestPanel> {
  const reader = new TestPanel(gateway.host);
  t.teardown(() => reader.socket.terminate());
  await reader.opened();
  await reader.ask({ type: 'hello', versions: [1], role: 'reader' });
  t.like(await reader.next('welcome'), { role: 'reader' });
  t.deepEqual(await reader.next('session'), { type: 'session', session: 'idle' });
  return reader;
}

test('a badge at a reader opens the session on the screen; the reader hears no person and no job', async (t) => {
  const gateway = await gatewayWithCards(t);
  gateway.jobs.put(job(1));
  const screen = await TestPanel.greeted(gateway, t);
  const reader = await readerAt(gateway, t);
  t.like(await reader.ask(MARIAS), { type: 'ok' });
  t.like(await screen.next('session'), { session: 'jobs', person: { 'display-name': 'Maria Nowak' } });
  t.is((await screen.next('jobs')).total, 1);
  t.deepEqual(await reader.next('session'), { type: 'session', session: 'jobs' });
  gateway.jobs.put(job(2));
  await screen.next('job');
  await reader.ask({ type: 'ping' });
  t.deepEqual(reader.unread, []);
});

test('the same badge once more signs out, another one signs its owner in', async (t) => {
  const gateway = await gatewayWithCards(t);
  const screen = await TestPanel.greeted(gateway, t);
  const reader = await readerAt(gateway, t);
  await reader.ask(MARIAS);
  t.like(await screen.next('session'), { session: 'jobs', person: { 'display-name': 'Maria Nowak' } });
  t.like(await reader.ask(PAULS), { type: 'ok' });
  t.deepEqual(
    await screen.next('session'),
    { type: 'session', session: 'idle' },
    'of one nothing stays for the other',
  );
  t.like(await screen.next('session'), { session: 'jobs', person: { 'display-name': 'Paul Weber' } });
  t.like(await reader.ask({ ...MARIAS, value: 'nobodys' }), { code: 'credential-unknown' });
  t.like(await screen.ask({ type: 'activity' }), { type: 'ok' }, 'an unknown badge signs nobody out');
  t.like(await reader.ask(PAULS), { type: 'ok' });
  t.like(await screen.next('session'), { session: 'idle', reason: 'logout' });
});

test('a badge that is refused at a reader is told on the screen too, where its owner looks', async (t) => {
  const gateway = await gatewayWithCards(t);
  const screen = await TestPanel.greeted(gateway, t);
  const reader = await readerAt(gateway, t);
  const refused = await reader.ask({ ...MARIAS, value: 'nobodys' });
  t.like(refused, { type: 'error', code: 'credential-unknown' });
  t.deepEqual(await screen.next('error'), { type: 'error', re: null, code: 'credential-unknown' });
  t.like(await reader.ask({ type: 'jobs' }), { code: 'not-allowed' });
  await screen.ask({ type: 'ping' });
  t.deepEqual(screen.unread, [], 'what a reader may not do is its own affair');
});

test('a reader may do nothing but read', async (t) => {
  const gateway = await gatewayWithCards(t);
  gateway.jobs.put(job(1));
  const screen = await TestPanel.greeted(gateway, t);
  const reader = await readerAt(gateway, t);
  await reader.ask(MARIAS);
  await screen.next('jobs');
  for (const message of [
    { type: 'jobs' },
    { type: 'release', key: 'key-00000001', 'job-ids': [1] },
    { type: 'cancel', 'job-ids': [1] },
    { type: 'options', 'job-id': 1 },
    { type: 'set-pin', value: '5823' },
    { type: 'choose-printer', 'printer-name': 'mfp-2' },
    { type: 'request-activation', 'user-name': 'user1' },
    { type: 'activity' },
    { type: 'logout' },
  ])
    t.like(await reader.ask(message), { code: 'not-allowed' }, message.type);
  t.deepEqual(gateway.jobs.orders, []);
  t.is(gateway.jobs.get(1).state, 'pending-held');
});

test('one screen has a bounded number of readers; one that goes makes room', async (t) => {
  const gateway = await gatewayWithCards(t);
  const screen = await TestPanel.greeted(gateway, t);
  const readers = [];
  for (let count = 0; count < READERS; count++) readers.push(await readerAt(gateway, t));
  const late = new TestPanel(gateway.host);
  await late.opened();
  await late.ask({ type: 'hello', versions: [1], role: 'reader' });
  t.like(await late.next('bye'), { reason: 'too-many-readers' });
  await late.closed();
  readers[0]?.socket.close();
  await readers[0]?.closed();
  await screen.ask({ type: 'ping' });
  t.like(await (await readerAt(gateway, t)).ask(MARIAS), { type: 'ok' });
});

test('without a screen a badge is refused unread, unless all is released by it', async (t) => {
  const gateway = await gatewayWithCards(t);
  const reader = await readerAt(gateway, t);
  t.like(await reader.ask(MARIAS), { code: 'no-screen' });
  t.deepEqual(gateway.identity.attempts, []);
});

test('where a badge releases all, what is theirs comes out, and the session ends with it', async (t) => {
  const gateway = await gatewayWithCards(t, true);
  for (const number of [1, 2]) gateway.jobs.put(job(number));
  gateway.jobs.put(job(3, UNOWNED));
  gateway.jobs.put(job(4, { owner: { kind: 'person', person: PAUL.id, proof: 'claimed' } }));
  gateway.jobs.put(job(5, { releaseAction: 'job-password' }));
  const reader = await readerAt(gateway, t);
  t.like(await reader.ask(MARIAS), { type: 'ok' });
  t.deepEqual(await reader.next('session'), { type: 'session', session: 'releasing' });
  const [order, ...others] = gateway.jobs.orders;
  t.deepEqual(others, []);
  t.deepEqual([...(order?.jobs ?? [])].map(Number).sort(), [1, 2]);
  t.like(order, { by: MARIA.id, printer: 'mfp-2' });
  t.regex(order?.key ?? '', /^[A-Za-z0-9_-]{24}$/);
  gateway.jobs.complete(1);
  gateway.jobs.complete(2);
  t.deepEqual(await reader.next('session'), { type: 'session', session: 'idle' });
  t.like(await reader.ask(PAULS), { type: 'ok' });
  t.deepEqual(gateway.jobs.orders[1]?.jobs.map(Number), [4]);
  t.not(gateway.jobs.orders[1]?.key, order?.key);
});

test('a screen that takes over is welcomed first, and readers hear that nobody is there any more', async (t) => {
  const gateway = await gatewayWithCards(t);
  await TestPanel.greeted(gateway, t);
  const reader = await readerAt(gateway, t);
  await reader.ask(MARIAS);
  t.like(await reader.next('session'), { session: 'jobs' });
  const second = new TestPanel(gateway.host);
  t.teardown(() => second.socket.terminate());
  await second.opened();
  await second.ask({ type: 'hello', versions: [1] });
  await second.ask({ type: 'ping' });
  t.deepEqual(second.unread, ['welcome', 'session']);
  t.deepEqual(await reader.next('session'), { type: 'session', session: 'idle' });
});

test('a screen that goes takes the session with it; its readers hear that', async (t) => {
  const gateway = await gatewayWithCards(t);
  const screen = await TestPanel.greeted(gateway, t);
  const reader = await readerAt(gateway, t);
  await reader.ask(MARIAS);
  t.like(await reader.next('session'), { session: 'jobs' });
  screen.socket.close();
  t.deepEqual(await reader.next('session'), { type: 'session', session: 'idle' });
  t.like(await reader.ask(MARIAS), { code: 'no-screen' });
});
