// What a panel, or what says that it is one, may try: each is refused, bounded, and hurts nobody else.
import { request } from 'node:http';
import type { Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { MESSAGE_BURST, MESSAGE_SIZE } from '../../panel-protocol/bounds.ts';
import { ManualClock } from '../manual-clock.ts';
import { CODE, job, NOW, panel } from './fakes.ts';
import { type Gateway, openGateway, TestPanel } from './gateway.ts';

const LONG = 'x'.repeat(65);
const ROUND: readonly [string, Record<string, unknown>, string][] = [
  ['an unknown type', { type: 'print' }, 'type'],
  ['no type', {}, 'type'],
  ['a type that is inherited', { type: 'constructor' }, 'type'],
  ['an unknown field', { type: 'jobs', all: true }, 'all'],
  [
    'a printer',
    { type: 'release', key: 'key-0001', 'job-ids': [1], 'printer-name': 'other' },
    'printer-name',
  ],
  ['a panel', { type: 'credential', kind: 'code', value: CODE, panel: 'ward-4' }, 'panel'],
  ['an unknown kind of credential', { type: 'credential', kind: 'face', value: '1' }, 'kind'],
  ['an empty code', { type: 'credential', kind: 'code', value: '' }, 'value'],
  ['a code that is a number', { type: 'credential', kind: 'code', value: 2468 }, 'value'],
  ['a code with a control character', { type: 'credential', kind: 'code', value: '24\u000068' }, 'value'],
  ['a code past the bound', { type: 'credential', kind: 'code', value: LONG }, 'value'],
  ['a job id of 0', { type: 'cancel', 'job-ids': [0] }, 'job-ids.0'],
  ['a job id past the bound', { type: 'cancel', 'job-ids': [2 ** 31] }, 'job-ids.0'],
  ['a job id with a fraction', { type: 'cancel', 'job-ids': [1.5] }, 'job-ids.0'],
  ['a job id as text', { type: 'cancel', 'job-ids': ['1'] }, 'job-ids.0'],
  ['no job ids', { type: 'cancel', 'job-ids': [] }, 'job-ids'],
  ['a job named twice', { type: 'cancel', 'job-ids': [1, 1] }, 'job-ids'],
  [
    'too many job ids',
    { type: 'cancel', 'job-ids': Array.from({ length: 501 }, (_, i) => i + 1) },
    'job-ids',
  ],
  ['a short key', { type: 'release', key: 'key', 'job-ids': [1] }, 'key'],
  ['a key with other characters', { type: 'release', key: 'key 0001\n', 'job-ids': [1] }, 'key'],
  ['no key', { type: 'release', 'job-ids': [1] }, 'key'],
];

test('whatever does not fit the schemas is refused, and says where', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock });
  gateway.jobs.put(job(1));
  const client = await TestPanel.signedIn(gateway, t);
  for (const [title, message, field] of ROUND) {
    clock.advance(100);
    const answer = await client.ask(message);
    t.like(answer, { type: 'error', code: 'bad-message', field }, title);
  }
  t.deepEqual(gateway.jobs.orders, []);
  t.is(gateway.jobs.get(1).state, 'pending-held');
});

test('what is no message at all is refused without an id', async (t) => {
  const gateway = await openGateway(t);
  const client = await TestPanel.greeted(gateway, t);
  const texts = ['', '{', 'null', '[]', '"ok"', '{"id":"1"}', '{"type":"ping","id":0}', '[['.repeat(4000)];
  for (const text of texts) {
    client.socket.send(text);
    t.like(await client.next('error'), { re: null, code: 'bad-message' }, text.slice(0, 20));
  }
  client.socket.send('{"type":"ping","id":50,"__proto__":{"admin":true}}');
  t.like(await client.next('error'), { re: 50, code: 'bad-message', field: '__proto__' });
});

test('an id that was used, or an older one, is refused: nothing can be replayed', async (t) => {
  const gateway = await openGateway(t);
  gateway.jobs.put(job(1));
  const client = await TestPanel.signedIn(gateway, t);
  const release = { id: 40, type: 'release', key: 'key-0001', 'job-ids': [1] };
  t.like(await client.ask(release), { type: 'ok' });
  t.like(await client.ask(release), { type: 'error', re: 40, code: 'id-repeated' });
  t.like(await client.ask({ id: 39, type: 'jobs' }), { type: 'error', re: 39, code: 'id-repeated' });
  t.is(gateway.jobs.orders.length, 1);
});

test('nothing is heard before hello', async (t) => {
  const gateway = await openGateway(t);
  const client = new TestPanel(gateway.host);
  await client.opened();
  t.like(await client.ask({ type: 'credential', kind: 'code', value: CODE }), { code: 'hello-first' });
  t.like(await client.ask({ type: 'hello', versions: [1] }), { type: 'ok' });
  t.like(await client.ask({ type: 'hello', versions: [1] }), { code: 'not-now' });
  t.deepEqual(gateway.identity.attempts, []);
});

test('a version that nobody speaks ends the connection', async (t) => {
  const gateway = await openGateway(t);
  const client = new TestPanel(gateway.host);
  await client.opened();
  t.like(await client.ask({ type: 'hello', versions: [2, 3] }), { code: 'version-unsupported' });
  t.like(await client.next('bye'), { reason: 'version-unsupported' });
  t.is((await client.closed()).code, 1008);
});

test('who says no hello is not waited for', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock });
  const client = new TestPanel(gateway.host);
  await client.opened();
  clock.advance(10_000);
  t.like(await client.next('bye'), { reason: 'hello-late' });
  t.is((await client.closed()).code, 1008);
});

test('a flood ends the connection', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock });
  const client = await TestPanel.greeted(gateway, t);
  for (let count = 0; count < MESSAGE_BURST * 3; count++) client.send({ type: 'ping' });
  t.like(await client.next('bye'), { reason: 'too-fast' });
  t.is((await client.closed()).code, 1008);
  t.is(client.unread.filter((type) => type === 'ok').length, MESSAGE_BURST - 1);
});

test('a message past the bound ends the connection', async (t) => {
  const gateway = await openGateway(t);
  const client = await TestPanel.greeted(gateway, t);
  client.send({ type: 'ping', padding: 'x'.repeat(MESSAGE_SIZE) });
  t.is((await client.closed()).code, 1009);
});

for (const [what, end] of [
  ['a close', (client: TestPanel) => client.socket.close()],
  ['a binary message', (client: TestPanel) => client.socket.send(Buffer.from('1'))],
] as const) {
  test(`what was asked in one piece with ${what} is answered before the end`, async (t) => {
    const gateway = await openGateway(t);
    const client = await TestPanel.greeted(gateway, t);
    const { _socket: tcp } = client.socket as unknown as { readonly _socket: Socket };
    tcp.cork();
    client.send({ type: 'ping' });
    end(client);
    tcp.uncork();
    t.like(await client.next('ok'), { type: 'ok' });
    await client.closed();
  });
}

test('a binary message ends the connection and the session', async (t) => {
  const gateway = await openGateway(t);
  const client = await TestPanel.signedIn(gateway, t);
  client.socket.send(Buffer.from('{"type":"ping","id":9}'));
  t.is((await client.closed()).code, 1003);
  t.regex(await gateway.metrics.text(), /panel_sessions 0/);
});

test('who does not read is cut, and others are served', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock, panels: [panel(), panel({ name: 'ward-4' })] });
  for (let id = 1; id <= 500; id++) gateway.jobs.put(job(id, { name: 'x'.repeat(120), createdAt: NOW + id }));
  const client = await TestPanel.signedIn(gateway, t);
  client.socket.pause();
  const sockets = async () => /panel_connections (\d+)/.exec(await gateway.metrics.text())?.[1];
  // What the kernel takes is not counted; a list is about 200 kB.
  for (let count = 0; (await sockets()) === '1'; count++) {
    t.true(count < 390, 'it is cut before a ping would find it');
    clock.advance(50);
    if (client.socket.readyState === client.socket.OPEN) client.send({ type: 'jobs' });
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.is(await sockets(), '0');
  client.socket.resume();
  t.is((await client.closed()).code, 1006);
});

test('who is gone without a word is found out', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock });
  const client = new TestPanel(gateway.host, '/panel/ward-3/socket', { autoPong: false });
  await client.opened();
  await client.ask({ type: 'hello', versions: [1] });
  clock.advance(20_000);
  t.like(await client.ask({ type: 'ping' }), { type: 'ok' });
  clock.advance(20_000);
  t.is((await client.closed()).code, 1006);
});

/** The status of an upgrade that was refused. */
function refusal(gateway: Gateway, path: string, headers: Record<string, string> = {}): Promise<number> {
  const client = new TestPanel(gateway.host, path, { headers });
  return new Promise((resolve, reject) => {
    client.socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    client.socket.once('open', () => reject(new Error('it was let in')));
  });
}

test('an upgrade is let in only from the same site, to a panel there is, from where it stands', async (t) => {
  const panels = [
    panel(),
    panel({ name: 'far', addresses: ['10.0.0.0/8', 'not an address', '127.0.0.1/33'] }),
  ];
  const gateway = await openGateway(t, { panels });
  const path = '/panel/ward-3/socket';
  t.is(await refusal(gateway, path, { Origin: 'http://evil.example' }), 403);
  t.is(await refusal(gateway, path, { Origin: 'null' }), 403);
  t.is(await refusal(gateway, path, { Host: 'evil.example' }), 421);
  t.is(await refusal(gateway, '/panel/ward-9/socket'), 403);
  t.is(await refusal(gateway, '/panel/far/socket'), 403);
  t.is(await refusal(gateway, '/panel/%00/socket'), 403);
  t.is(await refusal(gateway, '/panel/ward-3'), 405);
  const client = new TestPanel(gateway.host, path, { headers: { Origin: `http://${gateway.host}` } });
  t.teardown(() => client.socket.terminate());
  await t.notThrowsAsync(client.opened());
});

test('a configuration that shuts a panel out shuts it out between upgrade and hello too', async (t) => {
  const gateway = await openGateway(t);
  const client = new TestPanel(gateway.host);
  await client.opened();
  gateway.panels.all.set('ward-3', panel({ addresses: [] }));
  client.send({ type: 'hello', versions: [1] });
  t.like(await client.next('bye'), { reason: 'not-enrolled' });
});

function get(t: ExecutionContext, gateway: Gateway, path: string, method = 'GET'): Promise<number> {
  const [host, port] = gateway.host.split(':');
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, method, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.end();
    t.teardown(() => sent.destroy());
  });
}

test('the page is given only to a panel there is, from where it stands', async (t) => {
  const gateway = await openGateway(t, { panels: [panel(), panel({ name: 'far', addresses: ['::/0'] })] });
  const statuses = await Promise.all(
    ['/panel/ward-3', '/panel/ward-9', '/panel/far', '/panel/', '/panel-files/panel.js'].map((path) =>
      get(t, gateway, path),
    ),
  );
  t.deepEqual(statuses, [200, 403, 403, 404, 404]);
  t.is(await get(t, gateway, '/panel/ward-3', 'POST'), 405);
  t.is(await get(t, gateway, '/panel/ward-3', 'HEAD'), 200);
  t.is(await get(t, gateway, '/panel-files/..%2f..%2fpackage.json'), 404);
});
