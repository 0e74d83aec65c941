// Mails with codes: each sent once, kept until it is known what became of it, and forgotten then.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { Failure } from '../../../base/errors.ts';
import { Metrics } from '../../../base/metrics.ts';
import { Days, Hours, Minutes, Seconds } from '../../../base/units.ts';
import { afterTry, delayAfter, GIVE_UP_AFTER } from '../../../identity/codes/mails/machine.ts';
import { CodeMails } from '../../../identity/codes/mails/sender.ts';
import { DEFAULT_TEMPLATES, fill, unknownFields } from '../../../identity/codes/mails/templates.ts';
import type { PersonId } from '../../../identity/person.ts';
import { openCodes, passUntil } from './mails.ts';

const GIFT = { digits: 8, rank: 'primary', before: 'stays' } as const;
const PANEL = { panel: 'floor-1' };

async function given(t: Parameters<typeof openCodes>[0], ...names: string[]) {
  const codes = await openCodes(t, names);
  const ids = names.map((name) => codes.identity.byUserName(name)?.id as PersonId);
  await codes.giving.give(ids, GIFT, true);
  const stateOf = async (name: string) => {
    const person = codes.identity.byUserName(name)?.id as PersonId;
    const mails = await codes.mails.list({ states: ALL, person, limit: 10 });
    return mails.map(({ state, tries, reply, sealed }) => ({
      state,
      tries,
      reply,
      kept: sealed !== undefined,
    }));
  };
  return { ...codes, ids, stateOf };
}

const ALL = ['queued', 'sending', 'sent', 'deferred', 'refused', 'unknown', 'dropped'] as const;

test('what becomes of a mail after a try', (t) => {
  const tried = { tries: 1, queuedAt: 0 };
  t.deepEqual(afterTry('accepted', tried, 5), { state: 'sent', dueAt: 5, wipe: true });
  t.deepEqual(afterTry('refused', tried, 5), { state: 'refused', dueAt: 5, wipe: false });
  t.deepEqual(afterTry('unknown', tried, 5), { state: 'unknown', dueAt: 5, wipe: false });
  t.deepEqual(afterTry('deferred', tried, 5), { state: 'deferred', dueAt: 5 + Minutes(1), wipe: false });
  t.like(afterTry('deferred', tried, GIVE_UP_AFTER), { state: 'refused' });
  t.deepEqual([1, 2, 6, 7, 1000].map(delayAfter), [Minutes(1), Minutes(2), Minutes(32), Hours(1), Hours(1)]);
});

test('the code of a mail signs in, is erased when it is sent, and stands in no file', async (t) => {
  const { mails, mailer, identity, stateOf, clock, database, log } = await given(t, 'ann');
  mails.start();
  await passUntil(clock, () => mailer.sent.length === 1);
  const [code = ''] = mailer.codesTo('ann@example.org');
  t.like(identity.signInWithCode(code, PANEL), { ok: true, person: { userName: 'ann' } });
  await passUntil(clock, async () => (await stateOf('ann'))[0]?.state === 'sent');
  t.deepEqual(await stateOf('ann'), [{ state: 'sent', tries: 1, reply: 'accepted!', kept: false }]);
  await mails.stop();
  t.notRegex(JSON.stringify(log.lines), new RegExp(code));
  await database.close();
  t.pass();
});

test('refused, deferred and unknown ones are told; who was deferred is tried again by itself', async (t) => {
  const { mails, mailer, stateOf, clock, alerts } = await given(t, 'ann', 'bob', 'cora');
  const fates: Record<string, 'refused' | 'deferred' | 'unknown'> = {
    'ann@example.org': 'refused',
    'bob@example.org': 'deferred',
    'cora@example.org': 'unknown',
  };
  mailer.fate = (to) => fates[to] ?? 'accepted';
  mails.start();
  await passUntil(clock, async () => (await mails.counts()).queued + (await mails.counts()).sending === 0);
  t.like(await stateOf('ann'), [{ state: 'refused', kept: true }]);
  t.like(await stateOf('bob'), [{ state: 'deferred', kept: true }]);
  t.like(await stateOf('cora'), [{ state: 'unknown', kept: true }]);
  t.regex(alerts.standing.get('codes not mailed')?.message ?? '', /1 could not be mailed, of 1 nobody knows/);
  mailer.fate = () => 'accepted';
  await passUntil(clock, () => mailer.codesTo('bob@example.org').length === 2, Minutes(1));
  t.is(new Set(mailer.codesTo('bob@example.org')).size, 1, 'the same code');
  await passUntil(clock, async () => (await stateOf('bob'))[0]?.state === 'sent');
  t.is(mailer.codesTo('cora@example.org').length, 1, 'never again by itself');
  t.is(await mails.resend(['unknown']), 1);
  await passUntil(clock, () => mailer.codesTo('cora@example.org').length === 2);
  await passUntil(clock, async () => (await mails.counts()).unknown === 0);
  clock.advance(Days(8));
  await passUntil(clock, async () => (await mails.counts()).refused === 0, Hours(1));
  t.like(await stateOf('ann'), [{ state: 'dropped', kept: false }], 'after a week');
  t.is(await mails.resend(['refused', 'dropped']), 0);
  t.false(alerts.standing.has('codes not mailed'));
  await mails.stop();
});

test('a server that cannot be reached holds up all of them, and costs no mail', async (t) => {
  const names = Array.from({ length: 10 }, (_, number) => `p${number}`);
  const { mails, mailer, clock, alerts } = await given(t, ...names);
  let tries = 0;
  mailer.fate = () => {
    tries += 1;
    return new Failure('mail-unreachable', 'the mail server mx:587 cannot be reached');
  };
  mails.start();
  await passUntil(clock, () => alerts.standing.has('codes wait for the mail server'));
  const half = clock.now() + Seconds(30);
  await passUntil(clock, () => clock.now() >= half, 100);
  t.is((await mails.counts()).queued, 10);
  t.true(tries <= 2, 'no more than there are connections');
  mailer.fate = () => 'accepted';
  await passUntil(clock, () => mailer.sent.length === 10, 1000);
  await passUntil(clock, () => !alerts.standing.has('codes wait for the mail server'));
  await mails.stop();
});

test('what was being sent when the gateway ended is unknown, and nothing else', async (t) => {
  const { mails, mailer, store, clock, shared, stateOf, ids } = await given(t, 'ann', 'bob');
  const [mail] = await mails.list({ states: ['queued'], person: ids[0] as PersonId, limit: 1 });
  t.true(await store.beginCodeMail({ id: mail?.id ?? '', at: clock.now() }));
  t.false(await store.beginCodeMail({ id: mail?.id ?? '', at: clock.now() }), 'once');
  const again = await CodeMails.open({ ...shared, metrics: new Metrics() });
  again.start();
  await passUntil(clock, () => mailer.sent.length === 1);
  t.like(await stateOf('ann'), [{ state: 'unknown' }]);
  t.deepEqual(mailer.codesTo('ann@example.org'), []);
  await again.stop();
});

test('a code that is no longer the person’s is not sent', async (t) => {
  const { mails, mailer, clock, identity, stateOf, ids, giving } = await given(t, 'ann', 'bob', 'cora');
  const [ann, bob, cora] = ids as [PersonId, PersonId, PersonId];
  await identity.edit([{ edit: 'revoke', person: ann, kind: 'code' }]);
  await giving.give([bob], { ...GIFT, before: 'ends-at-once' }, true);
  const { profile } = { profile: await identity.profile(cora) };
  const removed = [profile?.key.id ?? ''];
  await identity.apply(await identity.preview({ source: 'office', upserts: [], removed, complete: false }));
  mails.start();
  await passUntil(clock, async () => (await mails.counts()).queued === 0);
  t.like(await stateOf('ann'), [{ state: 'dropped', kept: false }]);
  t.deepEqual((await stateOf('bob')).map(({ state }) => state).sort(), ['dropped', 'sent']);
  t.is(mailer.sent.length, 1);
  t.deepEqual(await mails.list({ states: ALL, person: cora, limit: 9 }), [], 'nothing is left of who went');
  await mails.stop();
});

test('no file has a code that waits to be sent', async (t) => {
  const { seal, mails, ids, folder } = await given(t, 'ann');
  const [mail] = await mails.list({ states: ['queued'], person: ids[0] as PersonId, limit: 1 });
  const { code } = seal.open({ id: mail?.id ?? '', sealed: mail?.sealed ?? new Uint8Array() });
  t.regex(code, /^\d{8}$/);
  for (const name of readdirSync(folder)) t.false(readFileSync(join(folder, name)).includes(code), name);
});

const VALUES = {
  id_number: '481516',
  full_name: 'Ann <b> & "Co"',
  first_name: 'Ann',
  last_name: '',
  user_name: '%id_number%',
  email: 'a@x',
  department: '',
  office: '',
  cost_center: '',
  expires: '',
  validity: '',
  gateway: 'G',
};

test('fields are filled in once, escaped in HTML only', (t) => {
  const template = {
    subject: '100%% %user_name%',
    text: 'Hi %full_name%: %id_number% %',
    html: '<p>%full_name%</p>',
  };
  t.deepEqual(fill(template, VALUES), {
    subject: '100% %id_number%',
    text: 'Hi Ann <b> & "Co": 481516 %',
    html: '<p>Ann &lt;b&gt; &amp; &quot;Co&quot;</p>',
  });
  t.deepEqual(unknownFields('%id_number% %idnumber% 5 % of %'), ['idnumber']);
  for (const { subject, text, html = '' } of Object.values(DEFAULT_TEMPLATES)) {
    t.deepEqual(unknownFields(`${subject} ${text} ${html}`), []);
    t.true(text.includes('%id_number%') && html.includes('%id_number%') && !subject.includes('%id_number%'));
  }
});
