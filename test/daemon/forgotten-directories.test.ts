// A directory that the configuration names no more: nobody goes by it until somebody has looked.
import test from 'ava';
import { Hours } from '../../base/units.ts';
import { ForgottenDirectories } from '../../daemon/forgotten-directories.ts';
import { csv, importRight, openIdentity } from '../identity/fixture.ts';
import { applied, draft, news, picture } from '../identity/people/drafts.ts';
import { RecordingLog } from '../recording-log.ts';

const CODE = '48151623';

async function underTest(configured: readonly string[] = []) {
  const log = new RecordingLog();
  const { identity, alerts, clock } = await openIdentity({ log });
  await applied(identity, picture(draft('ann', { codes: [CODE] }), draft('bob')));
  const states: string[] = [];
  const store = { forget: async (name: string) => void states.push(name) };
  const forgotten = new ForgottenDirectories({ configured, identity, store, alerts, clock, log });
  await forgotten.look();
  return { identity, alerts, clock, log, forgotten, states };
}

test('people stay and sign in, and an alert says so; a directory that is configured raises none', async (t) => {
  const { identity, alerts } = await underTest();
  t.regex(
    alerts.standing.get('directory office unknown')?.message ?? '',
    /no directory office any more, and 2 people are known of it.*holdfast sync forget office/,
  );
  t.like(identity.signInWithCode(CODE, { panel: 'a' }), { ok: true });
  t.is((await underTest(['office'])).alerts.standing.size, 0);
});

test('they go when somebody has looked, exactly as it was shown, and local people stay', async (t) => {
  const { identity, alerts, forgotten, states } = await underTest();
  await importRight(t, identity, csv('carl@x.org,CREATE,carl,,'));
  const plan = await forgotten.preview('office');
  t.is(plan.counts.removed, 2);
  t.deepEqual(plan.people.map(({ userName }) => userName).sort(), ['ann', 'bob']);
  t.is(identity.size, 3, 'shown only');
  await applied(identity, news([draft('dora')]));
  await t.throwsAsync(forgotten.forget('office', plan.digest), { code: 'plan-outdated' });
  t.is(identity.size, 4);
  const report = await forgotten.forget('office', (await forgotten.preview('office')).digest);
  t.is(report.removed, 3);
  t.deepEqual(states, ['office']);
  t.is(identity.byUserName('carl')?.userName, 'carl');
  t.is(identity.size, 1);
  t.like(identity.signInWithCode(CODE, { panel: 'a' }), { ok: false });
  t.false(alerts.standing.has('directory office unknown'));
});

test('neither a directory that is configured nor one that never was', async (t) => {
  const { forgotten } = await underTest(['office']);
  await t.throwsAsync(forgotten.preview('office'), { code: 'directory-configured' });
  await t.throwsAsync(forgotten.preview('other'), { code: 'no-such-directory' });
  await t.throwsAsync(forgotten.preview('local'), { code: 'no-such-directory' });
});

test('the alert is over when nobody is left, whoever took them away', async (t) => {
  const { identity, alerts, clock } = await underTest();
  await applied(identity, picture());
  clock.advance(Hours(1));
  await new Promise((done) => setImmediate(done));
  t.is(alerts.standing.size, 0);
});
