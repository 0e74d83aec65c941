// Temporary badges: they end by the clock at sign-in, and then go to whoever gets them next.
import test from 'ava';
import { Hours } from '../../base/units.ts';
import type { PersonId } from '../../identity/person.ts';
import { csv, importRight, openIdentity } from './fixture.ts';

const CARD = '04A1B2C3';
const SWIPE = { kind: 'text', text: CARD } as const;
const WALL = { panel: 'wall' };

test('a temporary badge signs in until its end, and is somebody else’s only after it', async (t) => {
  const { identity, clock } = await openIdentity();
  await importRight(t, identity, csv('ada@x.org,CREATE,ada,Ada,', 'bob@x.org,CREATE,bob,Bob,'));
  const id = (name: string) => identity.byUserName(name)?.id as PersonId;
  const issue = (person: PersonId, expiresAt: number) =>
    ({
      edit: 'issue',
      person,
      kind: 'card',
      text: CARD,
      rank: 'primary',
      replace: false,
      expiresAt,
    }) as const;
  await identity.edit([issue(id('ada'), clock.now() + Hours(8))]);
  t.like(identity.signInWithCard(SWIPE, [], WALL), { ok: true, person: { userName: 'ada' } });
  const early = await identity.previewEdits([issue(id('bob'), clock.now() + Hours(8))]);
  t.like(early.issues, [{ issue: 'conflict', holder: 'ada' }]);

  clock.advance(Hours(8));
  t.like(identity.signInWithCard(SWIPE, [], WALL), { ok: false, reason: 'unknown' });
  const given = await identity.edit([issue(id('bob'), clock.now() + Hours(8))]);
  t.like(given, { changed: 2, lost: { cards: 1 }, gained: { cards: 1 }, issues: 0 });
  t.like(identity.signInWithCard(SWIPE, [], WALL), { ok: true, person: { userName: 'bob' } });
  await identity.edit([issue(id('bob'), clock.now() + Hours(16))]);
  clock.advance(Hours(8));
  t.true(identity.signInWithCard(SWIPE, [], WALL).ok, 'it was prolonged');
});
