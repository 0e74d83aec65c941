// Everything by which a person is found, while people come, change and go.
import { randomUUID } from 'node:crypto';
import test from 'ava';
import { keyedHash } from '../../../base/secrets/keyed-hash.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { CredentialKey } from '../../../identity/credential.ts';
import { PeopleIndex } from '../../../identity/index/people-index.ts';
import { withQualifiedName } from '../../../identity/index/qualified-name.ts';
import { type Person, PersonId } from '../../../identity/person.ts';

const hash = keyedHash(newKey());
const code = (digits: string) => CredentialKey(hash, 'code', digits);

function person(userName: string, email = `${userName.toLowerCase()}@example.org`): Person {
  return { id: PersonId(randomUUID()), userName, displayName: `${userName} 雪`, email };
}

test('finds a person by everything that belongs to them', (t) => {
  const index = new PeopleIndex();
  const ann = person('Ann');
  index.put(1, ann);
  index.addCredential(code('1111'), 1);
  t.deepEqual(index.byNumber(1), ann);
  t.deepEqual(index.byId(ann.id), ann);
  t.deepEqual(index.byCredential(code('1111')), ann);
  t.is(index.ownerOf(code('1111')), 1);
  t.deepEqual(index.withUserName('aNN'), [1]);
  t.deepEqual(index.withEmail('ann@example.org'), [1]);
  t.is(index.size, 1);
  t.is(index.credentials, 1);
  t.is(index.byId(PersonId(randomUUID())), undefined);
  t.is(index.byCredential(code('2222')), undefined);
  t.deepEqual(index.withUserName('Anna'), []);
});

test('a person who changes is found by what is new, and no longer by what was', (t) => {
  const index = new PeopleIndex();
  const ann = person('ann');
  index.put(1, ann);
  index.addCredential(code('1111'), 1);
  index.put(1, { ...ann, userName: 'Zoë', email: '' });
  t.deepEqual(index.withUserName('ann'), []);
  t.deepEqual(index.withUserName('ZOË'), [1]);
  t.deepEqual(index.withEmail('ann@example.org'), []);
  t.is(index.byCredential(code('1111'))?.userName, 'Zoë');
  t.is(index.size, 1);
});

test('a person who goes is found by nothing', (t) => {
  const index = new PeopleIndex();
  const ann = person('ann');
  index.put(1, ann);
  index.addCredential(code('1111'), 1);
  index.removeCredential(code('1111'), 1);
  index.remove(1);
  t.is(index.byNumber(1), undefined);
  t.is(index.byId(ann.id), undefined);
  t.is(index.byCredential(code('1111')), undefined);
  t.deepEqual(index.withUserName('ann'), []);
  t.is(index.size, 0);
  t.is(index.credentials, 0);
});

test('tells everybody who shares a name, however it is written', (t) => {
  const index = new PeopleIndex();
  index.put(1, person('Jose\u0301', 'a@example.org'));
  index.put(2, person('JOSÉ', 'b@example.org'));
  index.put(3, person('jose', 'c@example.org'));
  t.deepEqual(index.withUserName('josé').toSorted(), [1, 2]);
});

test('a credential never means two people', (t) => {
  const index = new PeopleIndex();
  index.put(1, person('ann'));
  index.put(2, person('bob'));
  index.addCredential(code('1111'), 1);
  t.throws(() => index.addCredential(code('1111'), 2), { message: /twice/ });
});

test('a fork changes without its origin noticing', (t) => {
  const index = new PeopleIndex();
  const people = Array.from({ length: 3000 }, (_, at) => person(`p${at}`));
  for (const [at, each] of people.entries()) index.put(at + 1, each);
  index.addCredential(code('1111'), 1);
  const fork = index.fork();
  fork.put(1, { ...(people[0] ?? person('x')), displayName: 'new' });
  fork.removeCredential(code('1111'), 1);
  fork.remove(2000);
  t.deepEqual(index.byNumber(1), people[0]);
  t.deepEqual(index.byCredential(code('1111')), people[0]);
  t.deepEqual(index.byNumber(2000), people[1999]);
  t.is(index.size, 3000);
  t.is(fork.byNumber(1)?.displayName, 'new');
  t.is(fork.byNumber(2000), undefined);
  t.is(fork.size, 2999);
  t.throws(() => index.put(1, person('late')), { message: /forked/ });
});

test('a field with a line feed is refused: it would shift the others', (t) => {
  t.throws(() => new PeopleIndex().put(1, person('an\nn')), { instanceOf: RangeError });
});

const NOW = 1_000_000;

test('a disabled or expired person holds the credential and does not sign in', (t) => {
  const index = new PeopleIndex();
  const ann = person('ann');
  index.addCredential(code('1111'), 1);
  const active = () => index.holderOf(code('1111'), NOW)?.active;
  for (const [standing, expected] of [
    [{}, true],
    [{ enabled: false }, false],
    [{ expiresAt: NOW + 1 }, true],
    [{ expiresAt: NOW }, false],
    [{ enabled: false, expiresAt: NOW + 1 }, false],
  ] as const) {
    index.put(1, { ...ann, ...standing });
    t.is(active(), expected, JSON.stringify(standing));
    t.is(index.isActive(ann.id, NOW), expected);
    t.deepEqual(index.holderOf(code('1111'), NOW)?.person, ann);
  }
  index.remove(1);
  t.false(index.isActive(ann.id, NOW));
});

test('a credential ends by the clock, in a minute of its own', (t) => {
  const index = new PeopleIndex();
  index.put(1, person('ann'));
  index.addCredential(code('1111'), 1, 10 * 60_000);
  index.addCredential(code('2222'), 1);
  t.true(index.holderOf(code('1111'), 10 * 60_000 - 1)?.active);
  t.false(index.holderOf(code('1111'), 10 * 60_000)?.active);
  t.true(index.holderOf(code('2222'), 99 * 60_000)?.active);
  index.removeCredential(code('1111'), 1);
  index.addCredential(code('1111'), 1);
  t.true(index.holderOf(code('1111'), 99 * 60_000)?.active, 'the end went with the credential');
});

test('finds people by the id of their source, and by a name with its domain', (t) => {
  const index = new PeopleIndex();
  const [ann, other, mail] = [person('ann', ''), person('Ann', ''), person('ann@lab.example.org', '')];
  index.put(1, { ...ann, source: 'office', sourceId: 'a', domain: 'office.example.org' });
  index.put(2, { ...other, source: 'lab', sourceId: 'a', domain: 'lab.example.org' });
  index.put(3, mail);
  t.is(index.withKey({ source: 'office', id: 'a' }), 1);
  t.is(index.withKey({ source: 'lab', id: 'a' }), 2);
  t.is(index.withKey({ source: 'local', id: mail.id }), 3);
  t.is(index.withKey({ source: 'local', id: 'a' }), undefined);
  t.deepEqual(
    [...index.peopleOf('lab')].map(({ number }) => number),
    [2],
  );
  const named = (name: string) => withQualifiedName(index, name);
  t.deepEqual(named('ANN').toSorted(), [1, 2]);
  t.deepEqual(named('OFFICE\\ann'), [1]);
  t.deepEqual(named('lab.example.org\\ann'), [2]);
  t.deepEqual(named('ann@office.example.org'), [1]);
  t.deepEqual(named('ann@lab.example.org'), [3], 'a whole user name goes first');
  index.put(4, person('ann', ''));
  t.deepEqual(named('\\ANN'), [4], 'without a domain');
  index.remove(4);
  for (const name of ['\\ann', 'ann@', 'example\\ann', 'office\\bob', '']) t.deepEqual(named(name), [], name);
});

test('what was revoked is barred from its owner, and taken', (t) => {
  const index = new PeopleIndex();
  index.bar(code('1111'), 1);
  t.true(index.isBarred(code('1111'), 1));
  t.false(index.isBarred(code('1111'), 2));
  t.true(index.isTaken(code('1111')));
  t.false(index.isTaken(code('2222')));
  index.unbar(code('1111'), 1);
  t.false(index.isTaken(code('1111')));
});
