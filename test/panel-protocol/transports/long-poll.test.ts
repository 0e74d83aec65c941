// Long-polling: nothing is lost when answers or questions are, nothing is done twice, and who is gone is found out.
import test, { type ExecutionContext } from 'ava';
import { POLL_CONNECTIONS, POLL_GAP, POLL_WAIT } from '../../../panel-protocol/bounds.ts';
import type { ServerMessage } from '../../../panel-protocol/server-messages.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';
import { CODE, job } from '../fakes.ts';
import { type Gateway, openGateway } from '../gateway.ts';

interface Answer {
  readonly connection: string;
  readonly last: number;
  readonly over?: boolean;
  readonly messages: readonly ServerMessage[];
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

function post(gateway: Gateway, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://${gateway.host}/panel/ward-3/poll`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });
}

async function poll(gateway: Gateway, body: unknown): Promise<Answer> {
  const response = await post(gateway, body);
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

const HELLO = { type: 'hello', id: 1, versions: [1] };
const SIGN_IN = { type: 'credential', id: 2, kind: 'code', value: CODE };
const types = ({ messages }: Answer) => messages.map(({ type }) => type);

async function opened(t: ExecutionContext, clock?: ManualClock): Promise<[Gateway, Answer]> {
  const gateway = await openGateway(t, clock === undefined ? {} : { clock });
  gateway.jobs.put(job(1));
  return [gateway, await poll(gateway, { messages: [HELLO] })];
}

test('a session: hello, code, list, out', async (t) => {
  const [gateway, first] = await opened(t);
  t.deepEqual(types(first), ['ok', 'welcome', 'session']);
  t.is(first.last, 3);
  const { connection } = first;
  const second = await poll(gateway, { connection, acknowledged: 3, messages: [SIGN_IN] });
  t.deepEqual(types(second), ['ok', 'session', 'jobs']);
  t.is(second.last, 6);
  const logout = { type: 'logout', id: 3 };
  const third = await poll(gateway, { connection, acknowledged: 6, messages: [logout] });
  t.deepEqual(types(third), ['ok', 'session']);
});

test('an answer waits for news', async (t) => {
  const [gateway, { connection }] = await opened(t);
  await poll(gateway, { connection, acknowledged: 3, messages: [SIGN_IN] });
  const waiting = poll(gateway, { connection, acknowledged: 6 });
  gateway.jobs.put(job(2));
  t.deepEqual(types(await waiting), ['job']);
});

test('without news it is empty after a while, and the connection lives on', async (t) => {
  const clock = new ManualClock();
  const [gateway, { connection }] = await opened(t, clock);
  const waiting = poll(gateway, { connection, acknowledged: 3 });
  await clock.waitedFor(POLL_WAIT);
  clock.advance(POLL_WAIT);
  t.deepEqual(await waiting, { connection, last: 3, messages: [] });
  t.deepEqual(types(await poll(gateway, { connection, acknowledged: 3, messages: [SIGN_IN] })), [
    'ok',
    'session',
    'jobs',
  ]);
});

test('what was not acknowledged is told again, and a message that came twice is taken once', async (t) => {
  const [gateway, { connection }] = await opened(t);
  const asked = { connection, acknowledged: 3, messages: [SIGN_IN] };
  const answer = await poll(gateway, asked);
  t.deepEqual(await poll(gateway, asked), answer);
  t.is(gateway.identity.attempts.length, 1);
});

test('a credential that is replayed after its session is not looked at, and logged', async (t) => {
  const log = new RecordingLog();
  const gateway = await openGateway(t, { log });
  const { connection } = await poll(gateway, { messages: [HELLO] });
  await poll(gateway, { connection, acknowledged: 3, messages: [SIGN_IN] });
  const { last } = await poll(gateway, {
    connection,
    acknowledged: 6,
    messages: [{ type: 'logout', id: 3 }],
  });
  const repeated = () => log.lines.filter(({ event }) => event === 'panel repeated what it had sent');
  t.deepEqual(repeated(), []);
  // Answered at once, as something new is asked beside it.
  const ping = { type: 'ping', id: 4 };
  const replayed = await poll(gateway, { connection, acknowledged: last, messages: [SIGN_IN, ping] });
  t.deepEqual(replayed.messages, [{ type: 'ok', re: 4 }]);
  t.is(gateway.identity.attempts.length, 1);
  t.deepEqual(
    repeated().map(({ level, fields }) => ({ level, fields })),
    [{ level: 'debug', fields: { address: '127.0.0.1', panel: 'ward-3' } }],
  );
});

test('a second question ends the waiting of the first, which tells nothing', async (t) => {
  const clock = new ManualClock();
  const [gateway, { connection }] = await opened(t, clock);
  const waiting = poll(gateway, { connection, acknowledged: 3 });
  await clock.waitedFor(POLL_WAIT);
  const asked = poll(gateway, { connection, acknowledged: 3, messages: [SIGN_IN] });
  t.deepEqual(await waiting, { connection, last: 3, messages: [] });
  t.deepEqual(types(await asked), ['ok', 'session', 'jobs']);
});

test('who asks no more is signed out', async (t) => {
  const clock = new ManualClock();
  const [gateway, { connection }] = await opened(t, clock);
  await poll(gateway, { connection, acknowledged: 3, messages: [SIGN_IN] });
  await clock.waitedFor(POLL_GAP);
  clock.advance(POLL_GAP);
  t.is((await post(gateway, { connection, acknowledged: 6 })).status, 410);
  t.regex(await gateway.metrics.text(), /^holdfast_panel_sessions 0$/m);
});

test('the goodbye is told, and then it is over', async (t) => {
  const [gateway, { connection }] = await opened(t);
  const waiting = poll(gateway, { connection, acknowledged: 3 });
  await poll(gateway, { messages: [HELLO] });
  const answer = await waiting;
  t.deepEqual(answer.messages, [{ type: 'bye', reason: 'taken-over' }]);
  t.true(answer.over);
});

test('what is no question is refused', async (t) => {
  const [gateway, { connection }] = await opened(t);
  const refused: readonly (readonly [string, number, unknown, RequestInit?])[] = [
    ['another type', 415, {}, { headers: { 'Content-Type': 'text/plain' } }],
    ['a form of another site', 415, {}, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }],
    ['another site', 403, {}, { headers: { ...JSON_TYPE, Origin: 'http://evil.example' } }],
    ['no JSON', 400, '{'],
    ['a list', 400, []],
    ['an unknown field', 400, { printer: 'mfp-9' }],
    ['messages that are none', 400, { messages: ['hello'] }],
    ['too many messages', 400, { messages: Array.from({ length: 41 }, () => ({})) }],
    ['a negative acknowledgement', 400, { connection, acknowledged: -1 }],
    ['too long', 413, { connection: 'x'.repeat(20_000) }],
    ['a connection of nobody', 410, { connection: 'AAAAAAAAAAAAAAAAAAAAAA' }],
  ];
  for (const [title, status, body, init] of refused) {
    t.is((await post(gateway, body, init)).status, status, title);
  }
});

test('an acknowledgement of what was never told loses nothing', async (t) => {
  const [gateway, { connection }] = await opened(t);
  const asked = poll(gateway, { connection, acknowledged: 1000, messages: [SIGN_IN] });
  t.deepEqual(types(await asked), ['ok', 'session', 'jobs']);
});

test('a connection of one panel is none of another', async (t) => {
  const gateway = await openGateway(t);
  const [ward3] = gateway.panels.all.values();
  if (ward3 === undefined) throw new Error('no panel');
  gateway.panels.all.set('ward-4', { ...ward3, name: 'ward-4' });
  const { connection } = await poll(gateway, { messages: [HELLO] });
  const other = await fetch(`http://${gateway.host}/panel/ward-4/poll`, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({ connection }),
  });
  t.is(other.status, 410);
});

test('a connection is its own address’s; who names another’s is refused and logged', async (t) => {
  const log = new RecordingLog();
  let from = '127.0.0.1';
  const gateway = await openGateway(t, { log, from: () => from });
  const { connection } = await poll(gateway, { messages: [HELLO] });
  from = '127.0.0.2';
  t.is((await post(gateway, { connection, messages: [SIGN_IN] })).status, 410);
  t.is((await post(gateway, { connection: 'A'.repeat(22) })).status, 410);
  t.is(gateway.identity.attempts.length, 0);
  const told = log.lines.filter(({ event }) => event === 'panel named a session that is not its own');
  t.is(told.length, 1);
  t.like(told[0]?.fields, { address: '127.0.0.2', panel: 'ward-3' });
});

test('messages out of order in one question are refused, and logged', async (t) => {
  const log = new RecordingLog();
  const gateway = await openGateway(t, { log });
  const { connection } = await poll(gateway, { messages: [HELLO] });
  const messages = [{ type: 'ping', id: 9 }, SIGN_IN, { type: 'ping', id: 10 }];
  const asked = { connection, acknowledged: 3, messages };
  const answer = await poll(gateway, asked);
  t.like(answer.messages, { 0: { re: 9 }, 1: { re: 2, code: 'id-repeated' }, 2: { re: 10 } });
  t.deepEqual(await poll(gateway, asked), answer, 'asked again, nothing of it is heard twice');
  t.is(gateway.identity.attempts.length, 0);
  t.true(log.events('warn').includes('panel broke the protocol'));
});

test('what is told and never read ends the connection before it fills the memory', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock });
  for (let id = 1; id <= 500; id++) gateway.jobs.put(job(id, { name: 'x'.repeat(120) }));
  const { connection } = await poll(gateway, { messages: [HELLO, SIGN_IN] });
  for (let id = 3; id <= 10; id++) {
    const response = await post(gateway, { connection, messages: [{ type: 'jobs', id }] });
    if (response.status === 200 && ((await response.json()) as Answer).over !== true) continue;
    t.true(id > 3 && id < 10, `after ${id}`);
    t.regex(await gateway.metrics.text(), /panel_sessions 0/);
    return;
  }
  t.fail('it is never cut');
});

test('a panel has a bounded number of connections', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock });
  const idle = clock.pending;
  const waiting = Array.from({ length: POLL_CONNECTIONS }, () => post(gateway, {}).catch(() => {}));
  // Each waits for its hello and for news.
  while (clock.pending < idle + 2 * POLL_CONNECTIONS) await new Promise((resolve) => setImmediate(resolve));
  t.is((await post(gateway, { messages: [HELLO] })).status, 503);
  clock.advance(POLL_WAIT);
  await Promise.all(waiting);
});

test('one that nobody asks any more makes room', async (t) => {
  const gateway = await openGateway(t);
  const first = await poll(gateway, { messages: [HELLO] });
  for (let i = 0; i < POLL_CONNECTIONS; i++) await poll(gateway, { messages: [HELLO] });
  t.is((await post(gateway, { connection: first.connection })).status, 410);
});
