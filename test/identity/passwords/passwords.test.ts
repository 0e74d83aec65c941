// Local passwords: how they are kept, what a check costs, when a right one stops being right.
import test, { type ExecutionContext } from 'ava';
import { Metrics } from '../../../base/metrics.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { Secret } from '../../../base/secrets/secret.ts';
import { Days, Minutes } from '../../../base/units.ts';
import { hashPassword, isPasswordOf, NO_PASSWORD } from '../../../identity/passwords/argon2.ts';
import { LocalPasswords, type PasswordVerifier } from '../../../identity/passwords/local-passwords.ts';
import { PasswordCheck } from '../../../identity/passwords/password-check.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';
import { ADA, BOB } from '../../spool/sample-job.ts';
import { FewPeople } from '../few-people.ts';
import { memoryPasswordStore } from '../memory-credentials.ts';

const PASSWORD = 'correct horse';
const HERE = '192.0.2.7';

async function open(more: readonly PasswordVerifier[] = []) {
  const parts = {
    store: memoryPasswordStore(),
    gatewayKey: newKey(),
    people: new FewPeople(),
    clock: new ManualClock(),
    log: new RecordingLog(),
    metrics: new Metrics(),
  };
  const local = await LocalPasswords.open(parts);
  const check = new PasswordCheck({ ...parts, verifiers: [local, ...more] });
  const outcomes = async () => {
    const lines = (await parts.metrics.text()).matchAll(/password_checks_total\{outcome="(\w+)"\} (\d+)/g);
    return Object.fromEntries([...lines].map(([, outcome, count]) => [outcome, Number(count)]));
  };
  const verify = (name: string, password: string, from = HERE) => check.verifyPassword(name, password, from);
  return { ...parts, local, outcomes, verify };
}

const isRight = async (result: Promise<{ right: boolean }>) => (await result).right;

test('argon2id with its parameters and salt, and only the right password fits', async (t) => {
  const hash = await hashPassword(PASSWORD);
  t.regex(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  t.not(hash, await hashPassword(PASSWORD), 'salted');
  t.true(await isPasswordOf(hash, PASSWORD));
  t.false(await isPasswordOf(hash, `${PASSWORD}!`));
  t.false(await isPasswordOf(NO_PASSWORD, ''));
});

for (const hash of [
  '',
  'plain',
  NO_PASSWORD.replace('argon2id', 'argon2i'),
  NO_PASSWORD.replace('m=19456', 'm=9999999'),
  NO_PASSWORD.replace('t=2', 't=999'),
  NO_PASSWORD.replace('p=1', 'p=0'),
  NO_PASSWORD.slice(0, -1),
]) {
  test(`a hash that is none, or would cost too much, is refused: ${hash.slice(0, 40)}`, async (t) => {
    await t.throwsAsync(isPasswordOf(hash, PASSWORD), { instanceOf: RangeError });
  });
}

test('a password is right for its person, under the user name in any capitals, and for nobody else', async (t) => {
  const { local, verify } = await open();
  await local.set(ADA, new Secret(PASSWORD));
  t.like(await verify('Ada', PASSWORD), { right: true, person: { id: ADA } });
  t.like(await verify('bob', PASSWORD), { right: false, reason: 'wrong' });
  t.like(await verify('nobody', PASSWORD), { right: false, reason: 'wrong' });
  t.like(await verify('', PASSWORD), { right: false, reason: 'wrong' });
});

test('the same letters written another way are the same password', async (t) => {
  const { local, verify } = await open();
  await local.set(ADA, new Secret('Pa\u0308sswort1'));
  t.true(await isRight(verify('ada', 'P\u00e4sswort1')));
  t.true(await isRight(verify('ada', 'Pa\u0308sswort1')));
});

for (const [what, password] of [
  ['too short', 'seven77'],
  ['too long', 'x'.repeat(257)],
  ['with a line end', 'correct\nhorse'],
] as const) {
  test(`a password that is ${what} is refused, and never quoted`, async (t) => {
    const { local } = await open();
    const error = await t.throwsAsync(local.set(ADA, new Secret(password)), { code: 'bad-password' });
    t.false(error?.message.includes(password));
  });
}

test('a right password is worked on once in five minutes; a wrong one beside it every time', async (t) => {
  const { clock, local, outcomes, verify } = await open();
  await local.set(ADA, new Secret(PASSWORD));
  for (let requests = 0; requests < 10; requests++) t.true(await isRight(verify('ada', PASSWORD)));
  t.deepEqual(await outcomes(), { right: 1, remembered: 9 });
  t.false(await isRight(verify('ada', 'something else')));
  clock.advance(Minutes(5));
  t.true(await isRight(verify('ada', PASSWORD)));
  t.deepEqual(await outcomes(), { right: 2, remembered: 9, wrong: 1 });
});

test('a password that was changed or removed, or whose person is gone, is right no more', async (t) => {
  const { local, people, store, verify } = await open();
  for (const end of [
    () => local.set(ADA, new Secret('another one')),
    () => local.remove(ADA),
    async () => people.remove(ADA),
  ]) {
    await local.set(ADA, new Secret(PASSWORD));
    t.true(await isRight(verify('ada', PASSWORD)));
    await end();
    t.false(await isRight(verify('ada', PASSWORD)));
  }
  t.deepEqual(await store.people(undefined), []);
  await t.throwsAsync(local.set(ADA, new Secret(PASSWORD)), { code: 'no-such-person' });
});

test('a password that is changed while it is being checked is not remembered', async (t) => {
  const { local, verify } = await open();
  await local.set(ADA, new Secret(PASSWORD));
  const [, , after] = await Promise.all([
    verify('ada', PASSWORD),
    local.set(ADA, new Secret('another one')),
    verify('ada', PASSWORD).then(() => verify('ada', PASSWORD)),
  ]);
  t.false(after?.right);
});

test('removing tells whether there was one', async (t) => {
  const { local } = await open();
  t.false(await local.remove(BOB));
  await local.set(BOB, new Secret(PASSWORD));
  t.true(await local.remove(BOB));
});

test('what is stored opens under its gateway key and for its person only', async (t) => {
  const parts = { people: new FewPeople(), clock: new ManualClock(), log: new RecordingLog() };
  const store = memoryPasswordStore();
  const gatewayKey = newKey();
  const local = await LocalPasswords.open({ ...parts, store, gatewayKey });
  await local.set(ADA, new Secret(PASSWORD));
  const sealed = (await store.read(ADA)) ?? new Uint8Array();
  t.false(Buffer.from(sealed).includes('argon2id'));
  await store.write({ person: BOB, sealed, at: 0 });
  const bob = parts.people.person(BOB);
  await t.throwsAsync(local.verify(bob, PASSWORD), { code: 'seal-broken' });
  const stranger = await LocalPasswords.open({ ...parts, store, gatewayKey: newKey() });
  await t.throwsAsync(stranger.verify(parts.people.person(ADA), PASSWORD), { code: 'seal-broken' });
});

test('passwords of people who went while the gateway was down are erased at its start', async (t) => {
  const { local, people, store, ...parts } = await open();
  await local.set(ADA, new Secret(PASSWORD));
  local.close();
  people.remove(ADA);
  t.deepEqual(await store.people(undefined), [ADA]);
  await LocalPasswords.open({ ...parts, people, store });
  t.deepEqual(await store.people(undefined), []);
});

test('a hundred wrong tries at once are no hundred guesses', async (t) => {
  const { local, outcomes, verify } = await open();
  await local.set(ADA, new Secret(PASSWORD));
  const tries = Array.from({ length: 100 }, (_, index) => verify('ada', `guess number ${index}`));
  const reasons = (await Promise.all(tries)).map((result) => (result.right ? 'right' : result.reason));
  t.is(
    reasons.filter((reason) => reason === 'wrong').length,
    6,
    'the budget, and the one that begins the delay',
  );
  t.true(reasons.includes('busy'));
  t.like(await outcomes(), { wrong: 6, busy: 68, throttled: 26 });
});

test('the same wrong password again and again is one guess, until it becomes right', async (t) => {
  const { local, outcomes, verify } = await open();
  await local.set(ADA, new Secret(PASSWORD));
  for (let tries = 0; tries < 100; tries++)
    t.like(await verify('ada', 'an old one'), { reason: 'wrong', wait: 0 });
  t.true(await isRight(verify('ada', PASSWORD)));
  t.deepEqual(await outcomes(), { wrong: 100, right: 1 });
  await local.set(ADA, new Secret('an old one'));
  t.true(await isRight(verify('ada', 'an old one')));
});

test('many people mistyping at one address slow that address down', async (t) => {
  const { log, verify } = await open();
  for (let person = 0; person < 51; person++) {
    t.like(await verify(`person${person}`, 'mistyped it'), { reason: 'wrong' });
  }
  t.like(await verify('one more', 'mistyped it'), { reason: 'throttled', wait: 10_000 });
  t.like(await verify('one more', 'mistyped it', '192.0.2.8'), { reason: 'wrong' });
  t.false(log.text.includes('mistyped it'));
  t.false(log.text.includes('person7'), 'a password typed as a name must not be in the log');
});

test('one person is guessed at no faster from many networks', async (t) => {
  const { local, verify } = await open();
  await local.set(ADA, new Secret(PASSWORD));
  for (let tries = 0; tries < 51; tries++) {
    t.like(await verify('ada', `guess ${tries}`, `2001:db8:0:${tries}::1`), { reason: 'wrong' }, `${tries}`);
  }
  t.like(await verify('ada', PASSWORD, '2001:db8:1::1'), { reason: 'throttled', wait: 10_000 });
  t.like(await verify('bob', 'guess', '2001:db8:1::1'), { reason: 'wrong' }, 'others are not slowed down');
});

test('addresses of one IPv6 network are one address', async (t) => {
  const { verify } = await open();
  for (let tries = 0; tries < 6; tries++) await verify('ada', `guess ${tries}`, `2001:db8::${tries}`);
  t.like(await verify('ada', 'guess', '2001:db8::a:b:c:d'), { reason: 'throttled' });
});

test('who has proved it lately is not slowed down by what others guess, elsewhere or next door', async (t) => {
  const { clock, local, verify } = await open();
  await local.set(ADA, new Secret(PASSWORD));
  const laptop = '2001:db8::ada';
  t.true(await isRight(verify('ada', PASSWORD, laptop)));
  for (let tries = 0; tries < 60; tries++)
    await verify('ada', `guess ${tries}`, `2001:db8:0:${tries % 30}::1`);
  for (let person = 0; person < 60; person++) await verify(`person${person}`, 'guess', '2001:db8::1');
  t.like(await verify('ada', PASSWORD, '2001:db8::1'), { reason: 'throttled' });
  t.true(await isRight(verify('ada', PASSWORD, laptop)));
  for (let tries = 0; tries < 6; tries++) await verify('ada', `mistyped ${tries}`, laptop);
  t.like(await verify('ada', PASSWORD, laptop), { reason: 'throttled' }, 'it has a budget of its own');
  clock.advance(Days(8));
  for (let tries = 0; tries < 60; tries++) await verify('ada', `again ${tries}`, `2001:db8:1:${tries}::1`);
  t.like(await verify('ada', PASSWORD, laptop), { reason: 'throttled' }, 'and is forgotten one day');
});

test('guesses do not fill the log', async (t) => {
  const { clock, log, verify } = await open();
  for (let tries = 0; tries < 40; tries++) await verify('ada', `guess ${tries}`, `192.0.2.${tries}`);
  t.is(log.events('warn').length, 1);
  clock.advance(Minutes(1));
  await verify('ada', 'one more', '192.0.2.99');
  t.like(log.lines.at(-1), { event: 'wrong password', fields: { unlogged: 39 } });
});

test('the next verifier is asked about whoever the first knows nothing of', async (t) => {
  const asked: (string | undefined)[] = [];
  const directory: PasswordVerifier = {
    async verify(person, password) {
      asked.push(person?.userName);
      return person === undefined ? undefined : password === 'directory';
    },
    onChange() {},
  };
  const { local, verify } = await open([directory]);
  await local.set(ADA, new Secret(PASSWORD));
  t.true(await isRight(verify('ada', PASSWORD)));
  t.true(await isRight(verify('bob', 'directory')));
  t.false(await isRight(verify('ada', 'directory')), 'a local password counts alone');
  t.false(await isRight(verify('nobody', 'directory')));
  t.deepEqual(asked, ['bob', undefined]);
});

test('nobody costs the same work as somebody: one argon2 each', async (t: ExecutionContext) => {
  const { local, people } = await open();
  await local.set(ADA, new Secret(PASSWORD));
  // With the line full of others, everybody has to wait for a turn of their own.
  const waiting = Array.from({ length: 64 }, () => local.verify(undefined, 'x'));
  for (const person of [people.person(ADA), people.person(BOB), undefined]) {
    await t.throwsAsync(local.verify(person, PASSWORD), { code: 'busy' });
  }
  await Promise.all(waiting);
});
