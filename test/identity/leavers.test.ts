// Whoever may sign in no more: told at once, known for a day, let in nowhere.
import test from 'ava';
import { Hours, Minutes } from '../../base/units.ts';
import { activePeople, fateOfJobs, LEAVER_TIME } from '../../identity/leavers.ts';
import type { PeopleChanged } from '../../identity/people/changed.ts';
import type { PersonId } from '../../identity/person.ts';
import { openIdentity } from './fixture.ts';
import { applied, draft, news, picture } from './people/drafts.ts';

for (const [leftAt, now, fate] of [
  [undefined, 5000, 'free'],
  [1000, 1000, 'frozen'],
  [1000, 999 + LEAVER_TIME, 'frozen'],
  [1000, 1000 + LEAVER_TIME, 'ends'],
  [0, 1_700_000_000_000, 'ends'],
] as const) {
  test(`jobs of somebody who left at ${leftAt} are ${fate} at ${now}`, (t) => {
    t.is(fateOfJobs(leftAt, now), fate);
  });
}

test('is told when each left, also after a restart, and let back in', async (t) => {
  const { identity, store, gatewayKey, clock } = await openIdentity();
  const expiresAt = clock.now() + Hours(1);
  await applied(identity, picture(draft('ann'), draft('bob'), draft('guest', { expiresAt })));
  const [ann, bob, guest] = ['ann', 'bob', 'guest'].map((name) => identity.byUserName(name)?.id) as [
    PersonId,
    PersonId,
    PersonId,
  ];
  t.is(identity.leftAt(ann), undefined);
  const leaving = clock.now();
  await applied(identity, news([draft('ann', { enabled: false })], [draft('bob').key.id]));
  clock.advance(Hours(2));
  await applied(identity, news([draft('ann', { enabled: false, department: 'IT' })]));
  t.deepEqual(
    [ann, bob, guest].map((each) => identity.leftAt(each)),
    [leaving, leaving, expiresAt],
  );
  const people = activePeople(identity);
  t.is(people.byUserName('ann'), undefined);
  t.is(people.person(guest), undefined);
  t.is(identity.byUserName('ann')?.id, ann, 'who is disabled is still known');

  const restarted = await openIdentity({ store, gatewayKey });
  t.is(restarted.identity.leftAt(ann), leaving);
  t.is(restarted.identity.leftAt(bob), leaving);
  await applied(identity, news([draft('ann'), draft('bob')]));
  t.is(identity.leftAt(ann), undefined);
  t.is(identity.leftAt(bob), undefined);
  t.is(people.byUserName('ann')?.id, ann);
});

test('jobs of somebody whose end was set behind the present stay for a day all the same', async (t) => {
  const { identity, store, gatewayKey, clock } = await openIdentity();
  await applied(identity, picture(draft('ann'), draft('bob')));
  const id = identity.byUserName('ann')?.id as PersonId;
  const heard = clock.now();
  await applied(identity, news([draft('ann', { expiresAt: heard - Hours(100) })]));
  t.is(identity.leftAt(id), heard);
  const restarted = await openIdentity({ store, gatewayKey });
  t.is(restarted.identity.leftAt(id), heard);
});

test('who signed in is told of in the minute in which their time is over', async (t) => {
  const { identity, clock, store } = await openIdentity();
  const expiresAt = clock.now() + Minutes(10);
  await applied(identity, picture(draft('guest', { expiresAt, codes: ['480297'] }), draft('ann')));
  const told: PeopleChanged[] = [];
  identity.onChange((change) => told.push(change));
  const signedInAt = clock.now();
  t.like(identity.signInWithCode('480297', { panel: 'p' }), { ok: true });
  for (let minute = 0; minute < 9; minute++) clock.advance(Minutes(1));
  t.deepEqual(told, []);
  clock.advance(Minutes(1));
  const guest = identity.byUserName('guest')?.id as PersonId;
  t.deepEqual(told, [{ updated: [guest], removed: [], disabled: [guest] }]);
  clock.advance(Minutes(5));
  t.is(told.length, 1);
  await applied(identity, news([draft('guest', { codes: ['480297'] })]));
  t.like(identity.signInWithCode('480297', { panel: 'p' }), { ok: true });
  await identity.close();
  t.true(((await store.profilesOf([1]))[0]?.lastActivity ?? 0) > signedInAt);
});
