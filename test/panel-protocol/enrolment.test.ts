// How a device becomes a panel, and that nobody else becomes it in its place.
import test, { type ExecutionContext } from 'ava';
import { ManualClock } from '../manual-clock.ts';
import { ask, askAsTerminal } from './client.ts';
import { panel } from './fakes.ts';
import { type Gateway, identityOfTests, openGateway, TestPanel } from './gateway.ts';

async function open(t: ExecutionContext, from = () => '10.0.0.9') {
  const { certificate: ca } = await identityOfTests();
  const clock = new ManualClock();
  const panels = [panel({ addresses: [], plainHttp: false })];
  const gateway = await openGateway(t, { tls: true, from, clock, panels });
  return { gateway, clock, host: gateway.host, ca };
}

/** As the administrator's command does it. */
async function approve(gateway: Gateway, number: unknown, name = 'ward-3') {
  const { device, secret: key } = await gateway.registry.add('key', { panel: name });
  return {
    device,
    ok: gateway.service.enrolment.approve(String(number), { panel: name, device: device.id, key }),
  };
}

test('a browser asks, shows a number, and is the panel once that is approved', async (t) => {
  const { gateway, host, ca } = await open(t);
  const agent = 'MFP/1.0 \u0007(bell)';
  const first = await ask(host, '/panel', { ca, headers: { 'accept-language': 'de' } });
  t.is(first.status, 200);
  t.regex(first.text, /<html lang="de">[\s\S]*<form method="post" action="\/panel">/);
  t.notRegex(first.text, /http-equiv/);
  t.is(gateway.service.enrolment.waiting.length, 0, 'looking at the page asks for nothing');
  const asked = await ask(host, '/panel', {
    ca,
    method: 'POST',
    headers: { 'user-agent': agent.replace('\u0007', '') },
  });
  t.is(asked.status, 303);
  t.regex(
    String(asked.headers['set-cookie']),
    /^__Host-holdfast-waiting=.{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Strict; Secure$/,
  );
  const [cookie = ''] = asked.cookies;
  const waiting = await ask(host, '/panel', { ca, headers: { cookie } });
  const [asking] = gateway.service.enrolment.waiting;
  t.like(asking, { address: '10.0.0.9', client: 'MFP/1.0 (bell)' });
  t.regex(asking?.number ?? '', /^\d{6}$/);
  t.true(waiting.text.includes(`${asking?.number.slice(0, 3)} ${asking?.number.slice(3)}`));
  t.regex(waiting.text, /http-equiv="refresh" content="3;url=\/panel"/);
  t.is(
    (await ask(host, '/panel', { ca, method: 'POST', headers: { cookie } })).cookies.length,
    0,
    'it asks once',
  );
  t.is(gateway.service.enrolment.waiting.length, 1);
  t.true((await approve(gateway, asking?.number)).ok);
  t.deepEqual(gateway.service.enrolment.waiting, []);
  const done = await ask(host, '/panel', { ca, headers: { cookie } });
  t.is(done.headers.location, '/panel/ward-3');
  const [key = '', forgotten] = done.cookies;
  t.is(forgotten, '__Host-holdfast-waiting=');
  t.is((await ask(host, '/panel/ward-3', { ca, headers: { cookie: key } })).status, 200);
  t.is((await ask(host, '/panel', { ca, headers: { cookie: key } })).headers.location, '/panel/ward-3');
  const again = await ask(host, '/panel', { ca, headers: { cookie } });
  t.deepEqual([again.status, again.cookies], [200, []], 'the key is told once');
});

test('a terminal asks by JSON, and its key opens its panel', async (t) => {
  const { gateway, clock, host, ca } = await open(t);
  const asked = await askAsTerminal(host, { client: 'pi/1' }, { ca });
  t.like(asked, { status: 200, state: 'waiting', 'time-left': 600, 'look-again': 3 });
  clock.advance(60_000);
  const secret = asked['secret'];
  t.like(await askAsTerminal(host, { secret }, { ca }), {
    state: 'waiting',
    number: asked['number'],
    'time-left': 540,
  });
  t.like(gateway.service.enrolment.find(String(asked['number'])), { client: 'pi/1' });
  await approve(gateway, asked['number']);
  const { key, ...rest } = await askAsTerminal(host, { secret }, { ca });
  t.deepEqual(rest, { status: 200, state: 'approved', panel: 'ward-3' });
  t.deepEqual(await askAsTerminal(host, { secret }, { ca }), { status: 404, state: 'gone' }, 'once');
  const client = new TestPanel(host, '/panel/ward-3/socket', {
    ca,
    headers: { authorization: `Bearer ${key}` },
  });
  t.teardown(() => client.socket.terminate());
  await client.opened();
  t.like(await client.ask({ type: 'hello', versions: [1] }), { type: 'ok' });
});

test('who knows the number, or makes up a secret, gets nothing', async (t) => {
  const { gateway, host, ca } = await open(t);
  const { number, secret } = await askAsTerminal(host, {}, { ca });
  await approve(gateway, number);
  const gone = { status: 404, state: 'gone' };
  for (const guess of ['A'.repeat(43), `${String(secret).slice(1)}A`]) {
    t.deepEqual(await askAsTerminal(host, { secret: guess }, { ca }), gone);
  }
  for (const body of [
    { number },
    { secret: number },
    { secret, number },
    { key: secret },
    [],
    7,
    'x'.repeat(2000),
  ]) {
    const headers = { 'content-type': 'application/json' };
    const answer = await ask(host, '/panel-enrolment', {
      ca,
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    t.true([400, 413].includes(answer.status), JSON.stringify(body).slice(0, 40));
  }
  const form = { 'content-type': 'text/plain' };
  t.is((await ask(host, '/panel-enrolment', { ca, method: 'POST', headers: form, body: '{}' })).status, 415);
  const cookie = `__Host-holdfast-waiting=${number}`;
  t.deepEqual((await ask(host, '/panel', { ca, headers: { cookie } })).cookies, []);
  t.is((await askAsTerminal(host, { secret }, { ca }))['state'], 'approved', 'the one that asked gets it');
});

test('a number ends after ten minutes; a device that never came for its key is no panel', async (t) => {
  const { gateway, clock, host, ca } = await open(t);
  const one = await askAsTerminal(host, {}, { ca });
  const two = await askAsTerminal(host, {}, { ca });
  const { device } = await approve(gateway, two['number']);
  clock.advance(599_999);
  t.is((await askAsTerminal(host, { secret: one['secret'] }, { ca }))['state'], 'waiting');
  clock.advance(1);
  for (const { secret } of [one, two] as { secret?: unknown }[]) {
    t.is((await askAsTerminal(host, { secret }, { ca }))['state'], 'gone');
  }
  t.false((await approve(gateway, one['number'])).ok);
  t.is(gateway.registry.byId(device.id), undefined);
});

test('a device that was revoked before it came for its key gets none', async (t) => {
  const { gateway, host, ca } = await open(t);
  const { number, secret } = await askAsTerminal(host, {}, { ca });
  const { device } = await approve(gateway, number);
  await gateway.registry.revoke([device.id]);
  t.is((await askAsTerminal(host, { secret }, { ca }))['state'], 'gone');
});

test('who asks again and again waits longer and longer, and all together are not many', async (t) => {
  let from = '10.0.0.9';
  const { gateway, clock, host, ca } = await open(t, () => from);
  for (let count = 0; count < 5; count++) t.is((await askAsTerminal(host, {}, { ca }))['status'], 200);
  t.like(await askAsTerminal(host, {}, { ca }), { status: 429, state: 'throttled', 'retry-after': 600 });
  const page = await ask(host, '/panel', { ca, method: 'POST' });
  t.deepEqual([page.status, page.headers['retry-after'], page.cookies], [429, '600', []]);
  clock.advance(600_000);
  // Two of the five are forgiven by now.
  const waits: unknown[] = [];
  for (let count = 0; count < 5; count++) {
    const { status, 'retry-after': wait } = await askAsTerminal(host, {}, { ca });
    waits.push(status === 200 ? 0 : wait);
    clock.advance(status === 200 ? 0 : Number(wait) * 1000);
  }
  t.deepEqual(waits, [0, 0, 0, 10, 0]);
  for (let host4 = 1; gateway.service.enrolment.waiting.length < 100; host4++) {
    from = `10.0.1.${host4}`;
    t.is((await askAsTerminal(host, {}, { ca }))['status'], 200);
  }
  from = '10.0.2.1';
  t.like(await askAsTerminal(host, {}, { ca }), { status: 429, state: 'throttled' });
});
