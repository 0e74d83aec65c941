// How sessions and connections end over a real WebSocket: by time, by hand, by another window, by the gateway.
import test from 'ava';
import { Seconds } from '../../base/units.ts';
import { ManualClock } from '../manual-clock.ts';
import { CODE, job, MARIA, PAUL, panel } from './fakes.ts';
import { openGateway, TestPanel } from './gateway.ts';

const KEY = 'key-0001';

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
