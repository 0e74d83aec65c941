// Unknown cards at a panel: counted by themselves, and then no card is enough without a PIN.
import test, { type ExecutionContext } from 'ava';
import { Days, Minutes, Seconds } from '../../../base/units.ts';
import { csv, importRight, openIdentity } from '../fixture.ts';

test('past the budget of unknown cards none is looked at without a PIN; codes still are', async (t) => {
  const { identity, clock, alerts, metrics } = await openIdentity({
    guessing: { card: { budget: 2, forgiveEvery: Minutes(5) } },
  });
  const swipe = (text: string, panel = 'a') =>
    identity.signInWithCard({ kind: 'text', text }, [], { panel, reader: `usb-${panel}` });
  t.like(swipe('11111111'), { ok: false, reason: 'unknown' });
  t.like(swipe('!'), { ok: false, reason: 'unknown' }, 'what is no card at all counts too');
  t.deepEqual(swipe('33333333'), { ok: false, reason: 'pin-needed' });
  t.like(swipe('33333333', 'b'), { reason: 'unknown' });
  t.like(identity.signInWithCode('7421', { panel: 'a' }), { reason: 'unknown' });
  t.deepEqual([...alerts.standing.keys()], ['guessing card a']);
  t.regex(await metrics.text(), /sign_ins_total\{kind="card",outcome="throttled"\} 1/);
  clock.advance(Minutes(5));
  t.like(swipe('33333333'), { reason: 'unknown' });
});

test('a card and its PIN sign in where a card alone does not; which of them was wrong is not told', async (t) => {
  const { identity } = await openIdentity({
    guessing: { card: { budget: 1, forgiveEvery: Minutes(5) } },
  });
  await importRight(t, identity, csv('ann@example.org,CREATE,ann,,', 'bob@example.org,CREATE,bob,,'));
  const [ann, bob] = [identity.byUserName('ann'), identity.byUserName('bob')];
  if (ann === undefined || bob === undefined) return t.fail();
  const issue = { edit: 'issue', kind: 'card', rank: 'primary', replace: false } as const;
  await identity.edit([
    { ...issue, person: ann.id, text: '4711' },
    { ...issue, person: bob.id, text: '4712' },
  ]);
  await identity.setPin(ann.id, '8063');
  const place = { panel: 'a', reader: 'usb-1' };
  const swipe = (text: string) => ({ kind: 'text', text }) as const;
  t.like(identity.signInWithCard(swipe('4711'), [], place), { ok: true });
  identity.signInWithCard(swipe('999'), [], place);
  t.like(identity.signInWithCard(swipe('4711'), [], place), { reason: 'pin-needed' });
  t.like(identity.signInWithCardAndPin(swipe('4711'), [], '8063', place), {
    ok: true,
    person: { userName: 'ann' },
  });
  const wrong = { ok: false, reason: 'unknown', retryAfter: Seconds(0) } as const;
  t.deepEqual(identity.signInWithCardAndPin(swipe('4711'), [], '8064', place), wrong);
  t.deepEqual(identity.signInWithCardAndPin(swipe('4712'), [], '8063', place), wrong, 'another one’s PIN');
  t.deepEqual(identity.signInWithCardAndPin(swipe('999'), [], '8063', place), wrong);
  for (let tries = 0; tries < 3; tries++) identity.signInWithCardAndPin(swipe('998'), [], '1234', place);
  await identity.setPin(bob.id, '9174');
  t.like(identity.signInWithCardAndPin(swipe('4712'), [], '9174', place), { reason: 'throttled' });
  t.like(identity.signInWithCardAndPin(swipe('4711'), [], '8063', place), { ok: true }, 'was here before');
  t.deepEqual(identity.verifyPin(ann.id, '8063', place), { ok: true }, 'after a card that was taken');
});

test('wrong PINs after a card slow down that person at that panel, and nobody else', async (t) => {
  const { identity } = await openIdentity();
  await importRight(t, identity, csv('ann@example.org,CREATE,ann,,', 'bob@example.org,CREATE,bob,,'));
  const [ann, bob] = [identity.byUserName('ann'), identity.byUserName('bob')];
  if (ann === undefined || bob === undefined) return t.fail();
  for (const { id } of [ann, bob]) await identity.setPin(id, '8063');
  const place = { panel: 'a' };
  for (let tries = 0; tries < 6; tries++) identity.verifyPin(ann.id, '1234', place);
  t.like(identity.verifyPin(ann.id, '8063', place), { reason: 'throttled' });
  t.deepEqual(identity.verifyPin(bob.id, '8063', place), { ok: true });
  t.deepEqual(identity.verifyPin(ann.id, '8063', { panel: 'b' }), { ok: true });
});

async function withCardsAndPins(t: ExecutionContext) {
  const opened = await openIdentity({ guessing: { card: { budget: 1, forgiveEvery: Minutes(5) } } });
  const { identity } = opened;
  const rows = ['ann@example.org,CREATE,ann,,4711,8063', 'bob@example.org,CREATE,bob,,4712,9174'];
  const header = 'EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CARD,PIN';
  await importRight(t, identity, Buffer.from([header, ...rows].join('\n')));
  const swipe = (text: string, panel: string) =>
    identity.signInWithCard({ kind: 'text', text }, [], { panel });
  const both = (text: string, pin: string, panel: string) =>
    identity.signInWithCardAndPin({ kind: 'text', text }, [], pin, { panel });
  /** Wrong PINs that are looked at before the panel takes none. */
  const looked = (text: string, panel: string) => {
    let tries = 0;
    for (; tries < 50; tries++) {
      const answer = both(text, '1234', panel);
      if (!answer.ok && answer.reason === 'throttled') break;
    }
    return tries;
  };
  return { ...opened, swipe, both, looked };
}

test('a stolen card is tried with few PINs at many panels, and its owner signs in where nothing was tried', async (t) => {
  const { both, looked } = await withCardsAndPins(t);
  const tries = ['a', 'b', 'c', 'd', 'e'].map((panel) => looked('4711', panel));
  t.deepEqual(tries, [6, 5, 1, 1, 1]);
  t.like(both('4711', '8063', 'home'), { ok: true });
  t.like(both('4712', '9174', 'c'), { ok: true }, 'a stolen card that was tried much slows down nobody else');
});

test('whoever signed in at a panel lately is not slowed down there by others’ wrong cards and PINs', async (t) => {
  const { clock, both, swipe, looked } = await withCardsAndPins(t);
  t.like(swipe('4711', 'a'), { ok: true });
  swipe('999', 'a');
  t.like(swipe('4711', 'a'), { reason: 'pin-needed' }, 'the panel is past its budget of cards');
  t.is(looked('998', 'a'), 6);
  t.like(both('4711', '8063', 'a'), { ok: true });
  const unknown = both('998', '8063', 'a');
  t.like(unknown, { reason: 'throttled' });
  t.deepEqual(both('4711', '1234', 'a'), unknown, 'a known card with a wrong PIN is told like any other');
  t.deepEqual(both('4712', '9174', 'a'), unknown, 'who was never here waits');
  for (let tries = 0; tries < 10; tries++) both('4711', '1234', 'a');
  t.like(both('4711', '8063', 'a'), { reason: 'throttled' }, 'guesses at their own PIN count all the same');
  clock.advance(Days(8));
  swipe('999', 'a');
  t.is(looked('998', 'a'), 6);
  t.like(both('4711', '8063', 'a'), { reason: 'throttled' }, 'a week later they are nobody known');
});

test('a card that was only looked at makes nobody known there', async (t) => {
  const { identity, both, looked } = await withCardsAndPins(t);
  t.like(identity.holderOfCard({ kind: 'text', text: '4711' }, [], { panel: 'a' }), { ok: true });
  looked('998', 'a');
  t.like(both('4711', '8063', 'a'), { reason: 'throttled' });
});
