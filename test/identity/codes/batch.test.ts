// Batches: who is meant, what is shown before, that exactly that is done; codes before, new people, and the second factor.
import test from 'ava';
import { Days, Hours } from '../../../base/units.ts';
import type { CodeCriteria, CodeRequest } from '../../../identity/codes/batch.ts';
import { CodeBatches } from '../../../identity/codes/batch.ts';
import { OLD_CODES_GO_ON } from '../../../identity/codes/giving.ts';
import { CodesForNewPeople } from '../../../identity/codes/new-people.ts';
import { judge, PIN_GUESSES } from '../../../identity/codes/policy.ts';
import type { PersonId } from '../../../identity/person.ts';
import { openIdentity } from '../fixture.ts';
import { applied, draft, news, picture } from '../people/drafts.ts';
import { openCodes, POLICY, passUntil } from './mails.ts';

const request = (criteria: CodeCriteria, changes: Partial<CodeRequest> = {}): CodeRequest => ({
  criteria,
  digits: 8,
  rank: 'primary',
  mode: 'only-empty',
  atOnce: false,
  ...changes,
});
const PANEL = { panel: 'floor-1' };

test('who is meant: all, a group, names, and filters together', async (t) => {
  const { batches, identity, clock } = await openCodes(t, []);
  const long = clock.now() - Days(400);
  await applied(
    identity,
    picture(
      draft('ann', { department: 'Lab', groups: ['Staff'], restricted: true }),
      draft('bob', { department: 'lab', office: 'North' }),
      draft('cora', { office: 'North', groups: ['staff'] }),
      draft('dan', { enabled: false, groups: ['Staff'] }),
      draft('eve', { expiresAt: long }),
      draft('mute', { email: '' }),
    ),
  );
  const meant = async (criteria: CodeCriteria) =>
    (await batches.preview(request(criteria))).people.map(({ userName }) => userName);
  t.deepEqual(await meant({}), ['ann', 'bob', 'cora']);
  t.deepEqual(await meant({ group: 'STAFF' }), ['ann', 'cora']);
  t.deepEqual(await meant({ department: 'Lab' }), ['ann', 'bob']);
  t.deepEqual(await meant({ department: 'Lab', office: 'north' }), ['bob']);
  t.deepEqual(await meant({ restricted: false, group: 'staff' }), ['cora']);
  t.deepEqual(await meant({ people: ['Bob', 'dan'] }), ['bob']);
  t.deepEqual(await meant({ noActivitySince: clock.now() }), ['ann', 'bob', 'cora']);
  t.like(await batches.preview(request({})), {
    withoutAddress: { count: 1, people: [{ userName: 'mute' }] },
  });
  await t.throwsAsync(meant({ people: ['bob', 'nobody', 'else'] }), { message: /nobody, else/ });
});

test('a plan is carried out once and exactly as shown, after a restart too', async (t) => {
  const codes = await openCodes(t, ['ann', 'bob']);
  const { identity, mails, giving, gatewayKey, store, clock, log } = codes;
  const now = () => clock.now();
  const restarted = new CodeBatches({
    ...{ people: identity, store, giving, gatewayKey, now, log },
    policy: () => POLICY,
    queued: () => {},
  });
  const { plan, count } = await codes.batches.preview(request({}));
  t.is(count, 2);
  t.is(identity.credentials, 0, 'nothing is done before');
  await applied(identity, news([draft('cora')]));
  await t.throwsAsync(restarted.apply(plan ?? 0), { code: 'plan-outdated' });
  const next = await codes.batches.preview(request({}));
  t.like(await restarted.apply(next.plan ?? 0), { count: 3 });
  t.is(identity.credentials, 3);
  t.is((await mails.counts()).queued, 3);
  await t.throwsAsync(restarted.apply(next.plan ?? 0), { code: 'no-such-plan' });
  t.like(await restarted.preview(request({})), { plan: null, count: 0, withCode: 3 });
});

test('codes that are too short make no plan, unless the risk is accepted', async (t) => {
  const names = Array.from({ length: 30 }, (_, number) => `p${number}`);
  const strict = await openCodes(t, names, { measure: true });
  const refused = await strict.batches.preview(request({}, { digits: 4 }));
  t.like(refused, { plan: null, count: 30, longEnough: false });
  t.regex(refused.verdict ?? '', /5 digits would do|6 digits would do/);
  t.true(refused.expectedGuesses > 200 && refused.expectedGuesses < 350);
  const { plan } = await (
    await openCodes(t, names, { policy: { ...POLICY, acceptRisk: true } })
  ).batches.preview(request({}, { digits: 4 }));
  t.truthy(plan);
  const withPin = await openCodes(t, names, { policy: { ...POLICY, secondFactor: PIN_GUESSES } });
  const taken = await withPin.batches.preview(request({}, { digits: 4 }));
  t.like(taken, { longEnough: true, withoutPin: 30 });
  t.is(
    judge(4, 0.01, { ...POLICY, secondFactor: PIN_GUESSES }).hitsPerWeek,
    (POLICY.guessesPerWeek * 0.01) / PIN_GUESSES,
  );
});

test('old codes go on for some days, or end at once; ended ones count as none', async (t) => {
  const { batches, identity, seal, mails, clock } = await openCodes(t, ['ann']);
  const person = identity.byUserName('ann')?.id as PersonId;
  const newest = async () => {
    const [mail] = await mails.list({ states: ['queued'], person, limit: 1 });
    return seal.open({ id: mail?.id ?? '', sealed: mail?.sealed ?? new Uint8Array() }).code;
  };
  const give = async (changes: Partial<CodeRequest>) => {
    await batches.apply((await batches.preview(request({}, changes))).plan ?? 0);
    return newest();
  };
  const opens = (code: string) => identity.signInWithCode(code, PANEL).ok;
  const first = await give({});
  const second = await give({ mode: 'replace' });
  t.true(opens(first) && opens(second));
  t.deepEqual((await identity.profile(person))?.codes, { primary: 2, secondary: 0 });
  clock.advance(OLD_CODES_GO_ON + 60_000);
  t.false(opens(first));
  t.true(opens(second));
  t.deepEqual((await identity.profile(person))?.codes, { primary: 1, secondary: 0 });
  const third = await give({ mode: 'replace', atOnce: true });
  t.false(opens(second));
  t.is(identity.credentials, 1, 'what has ended is gone');
  const end = clock.now() + Hours(1);
  await identity.edit([{ edit: 'expire', person, kind: 'code', expiresAt: end }]);
  await identity.edit([{ edit: 'expire', person, kind: 'code', expiresAt: end + Days(9) }]);
  t.true(opens(third));
  clock.advance(Hours(1) + 60_000);
  t.false(opens(third));
  t.like(await batches.preview(request({})), { count: 1 }, 'an ended code is none');
});

test('new people get a code once, those without an address when they have one', async (t) => {
  const codes = await openCodes(t, ['old'], { forNewPeople: true });
  const { identity: people, clock, store, giving, mails, alerts, log } = codes;
  const settings = () => ({ digits: 8, rank: 'primary' }) as const;
  const newPeople = new CodesForNewPeople({
    ...{ people, store, giving, settings, alerts, clock, log },
    queued: () => {},
  });
  await newPeople.giveToAll();
  t.is((await mails.counts()).queued, 1, 'who came before it was looked at waits in the database');
  await applied(
    people,
    news([draft('ann'), draft('mute', { email: '' }), draft('has', { codes: ['48151623'] })]),
  );
  await passUntil(clock, async () => (await mails.counts()).queued === 2, 1000);
  await newPeople.giveToAll();
  t.is((await mails.counts()).queued, 2, 'once');
  const person = people.byUserName('ann')?.id as PersonId;
  t.is((await mails.list({ states: ['queued'], person, limit: 9 })).length, 1);
  await applied(people, news([draft('mute', { email: 'mute@example.org' })]));
  await newPeople.giveToAll();
  t.is((await mails.counts()).queued, 3);
  t.deepEqual(await store.awaitingCode({ after: '', limit: 9 }), []);
  await newPeople.stop();
});

test('where a code needs a PIN, nobody learns which codes are right', async (t) => {
  const { identity } = await openIdentity({ codesNeedPin: () => true });
  await applied(
    identity,
    picture(draft('ann', { codes: ['48151623'] }), draft('bob', { codes: ['48151624'] })),
  );
  await identity.setPin(identity.byUserName('ann')?.id as PersonId, '90417');
  for (const code of ['48151623', '11111111']) {
    t.deepEqual(identity.signInWithCode(code, PANEL), { ok: false, reason: 'pin-needed' });
  }
  t.like(identity.signInWithCodeAndPin('48151623', '90417', PANEL), {
    ok: true,
    person: { userName: 'ann' },
  });
  const wrong = ['48151623', '48151624', '11111111'].map((code) =>
    identity.signInWithCodeAndPin(code, '90418', PANEL),
  );
  for (const each of wrong) t.deepEqual(each, { ok: false, reason: 'unknown', retryAfter: 0 as never });
  t.like(identity.signInWithCodeAndPin('48151624', '90417', PANEL), { ok: false }, 'somebody else’s PIN');
});
