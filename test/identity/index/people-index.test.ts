// Everything by which a person is found, while people come, change and go.
import { randomUUID } from 'node:crypto';
import test from 'ava';
import { keyedHash } from '../../../base/secrets/keyed-hash.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { CredentialKey } from '../../../identity/credential.ts';
import { PeopleIndex } from '../../../identity/index/people-index.ts';
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
