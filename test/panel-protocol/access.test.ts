// Who is a panel: by key, by secret path, by address. Whatever else a client says or tries is refused.
import test, { type ExecutionContext } from 'ava';
import { ManualClock } from '../manual-clock.ts';
import { RecordingLog } from '../recording-log.ts';
import { ask } from './client.ts';
import { panel } from './fakes.ts';
import { type Gateway, identityOfTests, openGateway, TestPanel } from './gateway.ts';

const FAR = '10.0.0.9';

/** Panels `ward-3` (by key or path), `hall` (by its address, in the clear), `desk` (by its address). */
async function open(t: ExecutionContext, from = () => FAR) {
  const { certificate: ca } = await identityOfTests();
  const log = new RecordingLog();
  const gateway = await openGateway(t, {
    tls: true,
    from,
    log,
    clock: new ManualClock(),
    panels: [
      panel({ addresses: [], plainHttp: false }),
      panel({ name: 'hall', addresses: [FAR], plainHttp: true, printers: ['mfp-2', 'mfp-3'] }),
      panel({ name: 'desk', addresses: [FAR], plainHttp: false }),
    ],
  });
  return { gateway, host: gateway.host, ca, log };
}

async function keyFor(gateway: Gateway, name: string) {
  const { device, secret } = await gateway.registry.add('key', { panel: name });
  return { id: device.id, key: secret.reveal(), cookie: `__Host-holdfast-panel=${secret.reveal()}` };
}

test('a key opens its own panel, as a cookie or as a bearer, and no other', async (t) => {
  const { gateway, host, ca, log } = await open(t);
  const { key, cookie } = await keyFor(gateway, 'ward-3');
  t.is((await ask(host, '/panel/ward-3', { ca })).status, 403);
  const page = await ask(host, '/panel/ward-3', { ca, headers: { cookie } });
  t.is(page.status, 200);
  t.deepEqual(page.cookies, [cookie], 'it is kept on');
  t.regex(
    String(page.headers['set-cookie']),
    /Path=\/; Max-Age=34560000; HttpOnly; SameSite=Strict; Secure$/,
  );
  t.is((await ask(host, '/panel/ward-3', { ca, headers: { authorization: `Bearer ${key}` } })).status, 200);
  for (const name of ['desk', 'hall']) {
    // Its address would do there, but it says itself that it is another.
    const other = await ask(host, `/panel/${name}`, { ca, headers: { cookie } });
    t.is(other.status, 303);
    t.is(other.headers.location, '/panel');
    t.is((await ask(host, `/panel/${name}/poll`, { ca, method: 'POST', headers: { cookie } })).status, 403);
    const socket = new TestPanel(host, `/panel/${name}/socket`, { ca, headers: { cookie } });
    await t.throwsAsync(socket.opened(), { message: /403/ });
  }
  t.is((await ask(host, '/panel/nowhere', { ca, headers: { cookie } })).status, 303);
  const told = log.lines.find(
    ({ event, fields }) => event === 'no panel' && fields['reason'] === 'other-panel',
  );
  t.deepEqual(told?.fields, { reason: 'other-panel', client: FAR });
});

test('keys that were made up, cut, or belong to something else open nothing', async (t) => {
  const { gateway, host, ca } = await open(t);
  const { key } = await keyFor(gateway, 'ward-3');
  const path = (await gateway.registry.add('path', { panel: 'ward-3' })).secret.reveal();
  for (const value of [
    '',
    'x',
    key.slice(1),
    `${key}A`,
    key.toLowerCase(),
    'A'.repeat(43),
    path,
    `${key}=`,
  ]) {
    const headers = { cookie: `__Host-holdfast-panel=${value}` };
    t.is((await ask(host, '/panel/ward-3', { ca, headers })).status, 403, value);
  }
  // Over TLS only the cookie counts that nobody on the way can have planted.
  t.is((await ask(host, '/panel/ward-3', { ca, headers: { cookie: `holdfast-panel=${key}` } })).status, 403);
  for (const secret of [key, path.slice(1), 'a'.repeat(32), `${path}/`, '..%2fpanel']) {
    t.not((await ask(host, `/p/${secret}`, { ca })).status, 200, secret);
  }
});

test('a revoked device is cut at once and comes in no more', async (t) => {
  const { gateway, host, ca } = await open(t);
  const lost = await keyFor(gateway, 'ward-3');
  const kept = await keyFor(gateway, 'desk');
  const connect = async (name: string, cookie: string) => {
    const client = new TestPanel(host, `/panel/${name}/socket`, { ca, headers: { cookie } });
    t.teardown(() => client.socket.terminate());
    await client.opened();
    t.like(await client.ask({ type: 'hello', versions: [1] }), { type: 'ok' });
    return client;
  };
  const one = await connect('ward-3', lost.cookie);
  const two = await connect('desk', kept.cookie);
  t.like(await one.ask({ type: 'credential', kind: 'code', value: '2468' }), { type: 'ok' });
  await gateway.registry.revoke([lost.id]);
  t.like(await one.next('bye'), { reason: 'not-enrolled' });
  await one.closed();
  t.is((await ask(host, '/panel/ward-3', { ca, headers: { cookie: lost.cookie } })).status, 403);
  t.like(await two.ask({ type: 'ping' }), { type: 'ok' });
});

test('in the clear nothing is told but where TLS is, except at a panel that allows it', async (t) => {
  const { gateway, host } = await open(t);
  const { key } = await keyFor(gateway, 'hall');
  for (const name of ['ward-3', 'desk', 'no-such-panel']) {
    const page = await ask(host, `/panel/${name}?language=pl`);
    t.is(page.status, 307);
    t.is(page.headers.location, `https://${host}/panel/${name}?language=pl`);
    t.is((await ask(host, `/panel/${name}/poll`, { method: 'POST', body: '{}' })).status, 426);
    await t.throwsAsync(new TestPanel(host, `/panel/${name}/socket`).opened(), { message: /426/ });
  }
  t.is((await ask(host, '/panel')).status, 307);
  t.is((await ask(host, '/panel', { method: 'POST' })).status, 426);
  const json = { 'content-type': 'application/json' };
  t.is((await ask(host, '/panel-enrolment', { method: 'POST', body: '{}', headers: json })).status, 426);
  t.is((await ask(host, '/panel/hall')).status, 200);
  // A key that was told in the clear proves nothing any more.
  t.is((await ask(host, '/panel/hall', { headers: { authorization: `Bearer ${key}` } })).status, 403);
});

test('a panel in the clear is offered no password, and none is taken', async (t) => {
  const { gateway, host } = await open(t);
  gateway.panels.all.set(
    'hall',
    panel({ name: 'hall', addresses: [FAR], plainHttp: true, signIn: ['code', 'password'] }),
  );
  const client = new TestPanel(host, '/panel/hall/socket');
  t.teardown(() => client.socket.terminate());
  await client.opened();
  await client.ask({ type: 'hello', versions: [1] });
  const { 'sign-in': ways } = await client.next('welcome');
  t.deepEqual(ways, ['code']);
  const answer = await client.ask({
    type: 'credential',
    kind: 'password',
    'user-name': 'user1',
    value: 'secret',
  });
  t.is(answer.type, 'error');
});

test('what another site makes the browser ask is refused and logged; a link opens the page', async (t) => {
  const { host, ca, log } = await open(t);
  const fetched = (site: string, mode: string, dest: string) => ({
    'sec-fetch-site': site,
    'sec-fetch-mode': mode,
    'sec-fetch-dest': dest,
  });
  const status = async (path: string, method: string, headers: Record<string, string>) =>
    (await ask(host, path, { ca, method, headers, body: method === 'POST' ? '{}' : '' })).status;
  t.is(await status('/panel/desk', 'GET', fetched('cross-site', 'navigate', 'document')), 200);
  t.is(await status('/panel/desk', 'GET', fetched('same-origin', 'cors', 'empty')), 200);
  for (const site of ['cross-site', 'same-site']) {
    t.is(await status('/panel/desk', 'GET', fetched(site, 'navigate', 'iframe')), 403);
    t.is(await status('/panel/desk', 'GET', fetched(site, 'no-cors', 'script')), 403);
    t.is(await status('/panel/desk/poll', 'POST', fetched(site, 'navigate', 'document')), 403);
    t.is(await status('/panel', 'POST', fetched(site, 'navigate', 'document')), 403);
  }
  for (const origin of ['https://elsewhere.example', 'null', `http://${host}`]) {
    t.is(await status('/panel/desk/poll', 'POST', { origin }), 403, origin);
    const socket = new TestPanel(host, '/panel/desk/socket', { ca, origin });
    await t.throwsAsync(socket.opened(), { message: /403/ }, origin);
  }
  const refused = log.lines.filter(({ event }) => event === 'connection or request refused before its route');
  t.deepEqual(
    refused.map(({ level, fields }) => [level, fields['reason']]),
    [['warn', 'status-403']],
  );
});

test('a secret path works at the first address that opens it; another one alerts and waits for the administrator', async (t) => {
  let from = FAR;
  const { gateway, host, ca } = await open(t, () => from);
  const { device, secret } = await gateway.registry.add('path', { panel: 'ward-3' });
  const path = `/p/${secret.reveal()}`;
  t.is((await ask(host, path, { ca })).status, 200);
  const client = new TestPanel(host, `${path}/socket`, { ca });
  await client.opened();
  await client.ask({ type: 'hello', versions: [1] });
  t.like(await client.next('welcome'), { panel: 'ward-3' });
  from = '10.0.0.10';
  t.is((await ask(host, path, { ca })).status, 403);
  await t.throwsAsync(new TestPanel(host, `${path}/socket`, { ca }).opened(), { message: /403/ });
  const [alert] = gateway.alerts.standing.values();
  t.regex(
    alert?.message ?? '',
    /"ward-3" was opened at 10\.0\.0\.10, .*"holdfast panels accept [a-z2-7]{8}"/,
  );
  t.false(alert?.message.includes(secret.reveal()));
  t.is((await ask(host, path)).status, 307);
  t.is(gateway.service.access.acceptAddress(device.id), '10.0.0.10');
  const left = [...gateway.alerts.standing.values()].map(({ message }) => message);
  t.is(left.length, 1, 'that others may have read it is not over with that');
  t.regex(left[0] ?? '', /without TLS/);
  t.is((await client.closed()).code, 1008, 'what came from the address before is cut');
  t.is((await ask(host, path, { ca })).status, 200);
  from = FAR;
  t.is((await ask(host, path, { ca })).status, 403);
});

test('a secret path that comes in the clear is led to TLS, and told: others may have read it', async (t) => {
  const { gateway, host } = await open(t);
  const { device, secret } = await gateway.registry.add('path', { panel: 'ward-3' });
  t.is((await ask(host, `/p/${'x'.repeat(43)}`)).status, 307, 'nobody learns in the clear which there are');
  t.is(gateway.alerts.standing.size, 0);
  t.is((await ask(host, `/p/${secret.reveal()}`)).status, 307);
  const [alert] = gateway.alerts.standing.values();
  t.regex(alert?.message ?? '', /"ward-3" was opened without TLS at .* "holdfast panels revoke [a-z2-7]{8}"/);
  t.false(alert?.message.includes(secret.reveal()));
  await gateway.registry.revoke([device.id]);
  gateway.service.access.forget(device.id);
  t.is(gateway.alerts.standing.size, 0);
});

test('a secret path with networks of its own works there, whatever the address', async (t) => {
  let from = FAR;
  const { gateway, host, ca } = await open(t, () => from);
  const { device, secret } = await gateway.registry.add('path', {
    panel: 'ward-3',
    networks: ['10.0.0.0/24'],
  });
  for (const [address, status] of [
    [FAR, 200],
    ['10.0.0.77', 200],
    ['10.0.1.1', 403],
  ] as const) {
    from = address;
    t.is((await ask(host, `/p/${secret.reveal()}`, { ca })).status, status, address);
  }
  t.is(gateway.service.access.triedFrom(device.id), '10.0.1.1');
});

test('no message leads to a printer that is not the panel’s, nor to another panel’s connection', async (t) => {
  const { gateway, host, ca } = await open(t);
  const { cookie } = await keyFor(gateway, 'ward-3');
  const client = new TestPanel(host, '/panel/ward-3/socket', { ca, headers: { cookie } });
  t.teardown(() => client.socket.terminate());
  await client.opened();
  t.is((await client.ask({ type: 'hello', versions: [1], key: 'x'.repeat(43) })).type, 'ok');
  await client.ask({ type: 'credential', kind: 'code', value: '2468' });
  for (const printer of ['mfp-3', '', 'constructor']) {
    t.is((await client.ask({ type: 'choose-printer', 'printer-name': printer })).type, 'error', printer);
  }
  // The long-polling connection of `desk`, which is another panel at the same address.
  const post = (path: string, body: object, headers = {}) =>
    ask(host, path, {
      ca,
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const hello = { messages: [{ type: 'hello', id: 1, versions: [1] }] };
  const opened = await post('/panel/desk/poll', hello);
  t.is(opened.status, 200);
  const { connection } = JSON.parse(opened.text) as { connection: string };
  t.is(typeof connection, 'string');
  const own = { connection, acknowledged: 0, messages: [{ type: 'logout', id: 2 }] };
  t.is((await post('/panel/ward-3/poll', own, { cookie })).status, 410);
  const forged = { ...own, connection: 'A'.repeat(connection.length) };
  t.is((await post('/panel/desk/poll', forged)).status, 410);
});
