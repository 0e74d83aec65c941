// Signing in at a panel, finding people, hearing of changes, and what a start needs.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Database } from '../../base/database/database.ts';
import type { Log, LogFields } from '../../base/log.ts';
import { newKey } from '../../base/secrets/sealing.ts';
import { Minutes, Seconds } from '../../base/units.ts';
import { DatabaseIdentityStore } from '../../identity/database-store.ts';
import type { PeopleChanged } from '../../identity/people/changed.ts';
import type { Person } from '../../identity/person.ts';
import { applyChange } from '../../identity/store.ts';
import { tables } from '../../identity/tables.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { csv, importRight, openIdentity } from './fixture.ts';
import { MemoryIdentityStore } from './memory-store.ts';

const PEOPLE = csv(
  'ann@example.org,CREATE,ann,Ann Ames,1111',
  'bob@example.org,CREATE,bob,Bob Burns,2222',
  'cy@example.org,CREATE,cy,,',
);
const THROTTLE = { budget: 2, forgiveEvery: Minutes(5), firstDelay: Seconds(10), longestDelay: Minutes(15) };
const PANEL = { panel: 'floor-1' };

async function openWithPeople(t: ExecutionContext, log?: Log) {
  const fixture = await openIdentity({ throttle: THROTTLE, ...(log === undefined ? {} : { log }) });
  await importRight(t, fixture.identity, PEOPLE);
  return fixture;
}

test('a right code gives its person, blanks around it or not', async (t) => {
  const { identity } = await openWithPeople(t);
  t.like(identity.signInWithCode('1111', PANEL), { ok: true, person: { userName: 'ann' } });
  t.like(identity.signInWithCode(' 2222 ', PANEL), { ok: true, person: { userName: 'bob' } });
});

test('wrong codes are unknown, then the panel waits, whatever is typed; other panels do not', async (t) => {
  const { identity, clock } = await openWithPeople(t);
  const wrong = { ok: false as const, reason: 'unknown' as const };
  t.deepEqual(identity.signInWithCode('9999', PANEL), { ...wrong, retryAfter: Seconds(0) });
  t.deepEqual(identity.signInWithCode('not a code', PANEL), { ...wrong, retryAfter: Seconds(0) });
  t.deepEqual(identity.signInWithCode('9998', PANEL), { ...wrong, retryAfter: Seconds(10) });
  clock.advance(Seconds(4));
  const throttled = { ok: false as const, reason: 'throttled' as const, retryAfter: Seconds(6) };
  t.deepEqual(identity.signInWithCode('1111', PANEL), throttled, 'a right code too');
  t.deepEqual(identity.signInWithCode('9999', PANEL), throttled, 'and tries meanwhile change nothing');
  t.like(identity.signInWithCode('1111', { panel: 'floor-2' }), { ok: true });
  clock.advance(Seconds(6));
  t.like(identity.signInWithCode('1111', PANEL), { ok: true });
});

test('a right code buys no new guesses', async (t) => {
  const { identity } = await openWithPeople(t);
  const waits = [1, 2, 3].map((guess) => {
    identity.signInWithCode('1111', PANEL);
    const answer = identity.signInWithCode(`999${guess}`, PANEL);
    return answer.ok || answer.reason === 'pin-needed' ? answer : Number(answer.retryAfter);
  });
  t.deepEqual(waits, [0, 0, 10_000]);
});

test('every try is logged and counted, without the code', async (t) => {
  const lines: [string, LogFields][] = [];
  const note = (event: string, fields: LogFields = {}) => lines.push([event, fields]);
  const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log };
  const { identity, metrics } = await openWithPeople(t, log);
  lines.length = 0;
  for (const code of ['1111', '9999', '9998', '9997', '1111']) identity.signInWithCode(code, PANEL);
  const ann = identity.byUserName('ann');
  t.deepEqual(lines, [
    ['signed in by code', { panel: 'floor-1', person: ann?.id }],
    ['wrong code', { panel: 'floor-1', retryAfterMs: 0 }],
    ['wrong code', { panel: 'floor-1', retryAfterMs: 0 }],
    ['wrong code', { panel: 'floor-1', retryAfterMs: 10_000 }],
    ['code refused unread after wrong ones', { panel: 'floor-1', retryAfterMs: 10_000 }],
  ]);
  const text = await metrics.text();
  t.regex(text, /sign_ins_total\{kind="code",outcome="ok"\} 1/);
  t.regex(text, /sign_ins_total\{kind="code",outcome="unknown"\} 3/);
  t.regex(text, /sign_ins_total\{kind="code",outcome="throttled"\} 1/);
  t.regex(text, /holdfast_people 3/);
  t.regex(text, /holdfast_credentials 2/);
});

test('finds people by id, and by user name without regard to case', async (t) => {
  const { identity } = await openWithPeople(t);
  const ann = identity.byUserName('ANN');
  t.is(ann?.displayName, 'Ann Ames');
  t.deepEqual(ann && identity.person(ann.id), ann);
  t.is(identity.byUserName('nobody'), undefined);
  t.is(identity.byUserName(''), undefined);
});

test('a user name that two people have is nobody: neither may get the other one’s jobs', async (t) => {
  const store = new MemoryIdentityStore();
  const person = (digit: string, userName: string) =>
    ({
      id: `${digit.repeat(8)}-0000-4000-8000-000000000000`,
      userName,
      displayName: 'x',
      email: '',
    }) as Person;
  await applyChange(store, {
    at: 0,
    removed: [],
    revoked: [],
    issued: [],
    people: [
      { number: 1, person: person('1', 'ann') },
      { number: 2, person: person('2', 'Ann') },
    ],
  });
  const { identity } = await openIdentity({ store });
  t.is(identity.size, 2);
  t.is(identity.byUserName('ann'), undefined);
});

test('lists everybody in parts, which have a bound', async (t) => {
  const { identity } = await openWithPeople(t);
  const [first, second] = await identity.list({ limit: 2 });
  t.deepEqual([first?.userName, second?.userName], ['ann', 'bob']);
  const rest = await identity.list({ limit: 2, ...(second === undefined ? {} : { after: second }) });
  t.deepEqual(
    rest.map(({ userName }) => userName),
    ['cy'],
  );
  for (const limit of [0, 1001, 1.5, Number.NaN]) {
    await t.throwsAsync(identity.list({ limit }), { instanceOf: RangeError });
  }
});

test('tells of people who changed or went, until nobody listens', async (t) => {
  const { identity } = await openWithPeople(t);
  const heard: PeopleChanged[] = [];
  const stop = identity.onChange((change) => heard.push(change));
  const [ann, bob] = [identity.byUserName('ann'), identity.byUserName('bob')];
  await importRight(t, identity, csv('dan@example.org,CREATE,dan,,', 'cy@example.org,UPDATE,cy,,'));
  t.deepEqual(heard, [], 'new people, and people who stay as they are, concern nobody');
  await importRight(t, identity, csv('ann@example.org,DELETE,,,', 'bob@example.org,UPDATE,,,3333'));
  t.deepEqual(heard, [{ updated: [bob?.id], removed: [ann?.id], disabled: [] }] as unknown[]);
  stop();
  await importRight(t, identity, csv('bob@example.org,DELETE,,,'));
  t.is(heard.length, 1);
});

test('a listener that throws keeps nobody else from hearing, and the change stays', async (t) => {
  const { identity } = await openWithPeople(t);
  let heard = 0;
  identity.onChange(() => {
    throw new Error('defect');
  });
  identity.onChange(() => {
    heard += 1;
  });
  await importRight(t, identity, csv('ann@example.org,DELETE,,,'));
  t.is(heard, 1);
  t.is(identity.byUserName('ann'), undefined);
});

test('an import is on disk when its promise resolves, and everything is there after a start', async (t) => {
  const [folder, copy] = [await temporaryFolder(t), await temporaryFolder(t)];
  const gatewayKey = newKey();
  const database = await Database.open({ folder, tables: [tables] });
  const { identity } = await openIdentity({ store: new DatabaseIdentityStore(database), gatewayKey });
  await importRight(t, identity, PEOPLE);
  await importRight(t, identity, csv('bob@example.org,UPDATE,robert,,2223', 'cy@example.org,DELETE,,,'));
  // What a power cut would leave: the files as they are, with nobody to close them.
  for (const name of ['holdfast.db', 'holdfast.db-wal']) cpSync(join(folder, name), join(copy, name));
  await database.close();

  const reopened = await Database.open({ folder: copy, tables: [tables] });
  t.teardown(() => reopened.close());
  const later = await openIdentity({ store: new DatabaseIdentityStore(reopened), gatewayKey });
  t.is(later.identity.size, 2);
  t.deepEqual(later.identity.byUserName('ann'), identity.byUserName('ann'));
  t.like(later.identity.signInWithCode('2223', PANEL), { ok: true, person: { userName: 'robert' } });
  t.like(later.identity.signInWithCode('2222', PANEL), { ok: false });
  const report = await importRight(t, later.identity, csv('dan@example.org,CREATE,dan,,4444'));
  t.is(report?.created, 1, 'numbers go on behind those that were taken');
});

test('another gateway key does not open the codes, and says so', async (t) => {
  const { store } = await openWithPeople(t);
  await t.throwsAsync(openIdentity({ store, gatewayKey: newKey() }), { code: 'index-key-unreadable' });
});

test('a changed index key does not open', async (t) => {
  const { store, gatewayKey } = await openWithPeople(t);
  const sealed = Buffer.from((await store.readIndexKey()) ?? []);
  sealed.writeUInt8(sealed.readUInt8(20) ^ 1, 20);
  await store.writeIndexKey(sealed);
  await t.throwsAsync(openIdentity({ store, gatewayKey }), { code: 'index-key-unreadable' });
});

test('no index key is made anew when there are codes already', async (t) => {
  const { store, gatewayKey } = await openWithPeople(t);
  store.readIndexKey = () => Promise.resolve(undefined);
  await t.throwsAsync(openIdentity({ store, gatewayKey }), { code: 'index-key-missing' });
});

test('the store never holds the index key as it is', async (t) => {
  const { store, gatewayKey } = await openWithPeople(t);
  const again = await openIdentity({ store, gatewayKey });
  t.like(again.identity.signInWithCode('1111', PANEL), { ok: true });
  t.is((await store.readIndexKey())?.length, 12 + 32 + 16, 'nonce, ciphertext, tag');
});
