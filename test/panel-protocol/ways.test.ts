// The ways to sign in, over a real WebSocket: PINs, passwords, unknown badges; and what a panel does not offer.
import test from 'ava';
import { Milliseconds } from '../../base/units.ts';
import type { SignIn } from '../../panel-protocol/ports.ts';
import { CODE, job, MARIA, panel } from './fakes.ts';
import { openGateway, TestPanel } from './gateway.ts';

const ALL = panel({
  signIn: ['badge', 'code', 'password'],
  plainHttp: false,
  printers: ['mfp-2', 'mfp-3'],
  bindCards: ['by-sign-in', 'by-activation'],
});
const BADGE = { type: 'credential', kind: 'badge', value: '04A1B2' };
const PIN = { type: 'credential', kind: 'pin', value: '9041' };

test('a PIN that is wrong is asked for again, and time ends the asking', async (t) => {
  const gateway = await openGateway(t, { panels: [ALL] });
  gateway.identity.answers.set('04A1B2', { ok: false, reason: 'pin-needed', person: MARIA.id });
  gateway.identity.pins.set('9041', MARIA);
  const screen = await TestPanel.greeted(gateway, t);
  t.like(await screen.ask(PIN), { code: 'not-now' });
  t.like(await screen.ask(BADGE), { type: 'ok', 'time-left': 60 });
  t.deepEqual(await screen.next('session'), { type: 'session', session: 'pin', 'time-left': 60 });
  t.like(await screen.ask({ type: 'jobs' }), { code: 'not-signed-in' });
  t.like(await screen.ask({ ...PIN, value: '1111' }), { code: 'pin-wrong' });
  t.like(await screen.ask(PIN), { type: 'ok' });
  t.like(await screen.next('session'), { session: 'jobs', person: { 'display-name': 'Maria Nowak' } });
  t.like(await screen.ask(BADGE), { type: 'ok' }, 'the same badge signs out without its PIN');
  t.like(await screen.next('session'), { session: 'idle', reason: 'logout' });
});

test('a password is checked while other things go on, and one credential at a time', async (t) => {
  const gateway = await openGateway(t, { panels: [ALL] });
  const { promise, resolve } = Promise.withResolvers<SignIn>();
  gateway.identity.answers.set('a horse', promise);
  const screen = await TestPanel.greeted(gateway, t);
  const password = { type: 'credential', kind: 'password', 'user-name': 'user1', value: 'a horse' };
  const id = screen.send(password);
  t.like(await screen.ask({ type: 'credential', kind: 'code', value: CODE }), { code: 'not-now' });
  t.like(await screen.ask({ type: 'ping' }), { type: 'ok' });
  resolve({ ok: true, person: MARIA });
  t.like(await screen.next('ok'), { re: id });
  t.like(await screen.next('session'), { session: 'jobs' });
});

test('a check that fails, or is throttled, leads back to where the person was', async (t) => {
  const gateway = await openGateway(t, { panels: [ALL] });
  const screen = await TestPanel.greeted(gateway, t);
  const failing = Promise.reject(new Error('the directory is gone'));
  failing.catch(() => {});
  gateway.identity.answers.set('slow', failing);
  const password = { type: 'credential', kind: 'password', 'user-name': 'user1', value: 'slow' };
  t.like(await screen.ask(password), { code: 'internal' });
  gateway.identity.throttle = Milliseconds(4000);
  t.like(await screen.ask(BADGE), { code: 'throttled', 'retry-after': 4 });
  gateway.identity.throttle = Milliseconds(0);
  t.like(await screen.ask({ type: 'credential', kind: 'code', value: CODE }), { type: 'ok' });
});

test('an unknown badge becomes that of who signs in', async (t) => {
  const gateway = await openGateway(t, { panels: [ALL] });
  gateway.identity.answers.set('04A1B2', { ok: false, reason: 'bindable' });
  const screen = await TestPanel.greeted(gateway, t);
  t.like(await screen.ask(BADGE), { type: 'ok' });
  t.deepEqual((await screen.next('session')).may, ['bind-by-sign-in', 'bind-by-activation']);
  t.like(await screen.ask({ type: 'credential', kind: 'code', value: '1111' }), {
    code: 'credential-unknown',
  });
  for (let count = 0; count < 3; count++)
    t.like(await screen.ask({ type: 'request-activation', 'user-name': `user${count}` }), { type: 'ok' });
  t.like(await screen.ask({ type: 'request-activation', 'user-name': 'user4' }), { code: 'throttled' });
  t.deepEqual(gateway.identity.activations, ['user0', 'user1', 'user2']);
  t.deepEqual(gateway.identity.bound, []);
  t.like(await screen.ask({ type: 'credential', kind: 'code', value: CODE }), { type: 'ok' });
  t.like(await screen.next('session'), { session: 'jobs' });
  t.deepEqual(gateway.identity.bound, [{ person: MARIA.id, badge: '04A1B2' }]);
  await screen.ask({ type: 'logout' });
  await screen.next('session');
  await screen.ask(BADGE);
  await screen.next('session');
  t.like(await screen.ask({ type: 'credential', kind: 'code', value: CODE }), { code: 'not-bound' });
  t.like(await screen.next('session'), { session: 'idle' });
});

test('signing in without an unknown badge before it binds nothing', async (t) => {
  const gateway = await openGateway(t, { panels: [ALL] });
  gateway.identity.answers.set('04A1B2', { ok: false, reason: 'bindable' });
  const screen = await TestPanel.greeted(gateway, t);
  await screen.ask(BADGE);
  await screen.next('session');
  await screen.ask({ type: 'logout' });
  await screen.next('session');
  t.like(await screen.ask({ type: 'credential', kind: 'activation', value: 'ABCDEFGH' }), {
    code: 'not-now',
  });
  t.like(await screen.ask({ type: 'credential', kind: 'code', value: CODE }), { type: 'ok' });
  t.deepEqual(gateway.identity.bound, []);
});

test('what a panel does not offer is refused before anything is looked at', async (t) => {
  const gateway = await openGateway(t, { panels: [panel({ signIn: ['badge'] })] });
  const screen = await TestPanel.greeted(gateway, t);
  for (const credential of [
    { kind: 'code', value: CODE },
    { kind: 'password', 'user-name': 'user1', value: 'x' },
    { kind: 'activation', value: 'ABCDEFGH' },
  ])
    t.like(await screen.ask({ type: 'credential', ...credential }), { code: 'not-allowed' });
  t.deepEqual(gateway.identity.attempts, []);
});

test('another of the panel’s printers can be chosen, and none beside', async (t) => {
  const gateway = await openGateway(t, { panels: [ALL] });
  gateway.printers.set('mfp-3', { info: 'MFP 3' });
  gateway.jobs.put(job(1));
  const screen = await TestPanel.signedIn(gateway, t);
  t.like(await screen.ask({ type: 'choose-printer', 'printer-name': 'mfp-9' }), { code: 'not-allowed' });
  t.like(await screen.ask({ type: 'choose-printer', 'printer-name': 'mfp-3' }), { type: 'ok' });
  t.like(await screen.next('session'), { session: 'jobs', 'printer-name': 'mfp-3' });
  t.is((await screen.next('jobs')).total, 1);
  const changes = { copies: 2, 'first-page': 3, finishings: ['staple'] };
  await screen.ask({ type: 'release', key: 'key-00000001', 'job-ids': [1], keep: true, changes });
  t.like(gateway.jobs.orders[0], { printer: 'mfp-3', keep: true });
  t.deepEqual(gateway.jobs.orders[0]?.changes, changes);
});
