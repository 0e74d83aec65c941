// Unknown badges that become somebody's: which may, by whose code, how often, and that the mail about it is not lost.
import test from 'ava';
import type { Mailer, MailFate } from '../../../base/mail/mailer.ts';
import type { MailMessage } from '../../../base/mail/message.ts';
import { Metrics } from '../../../base/metrics.ts';
import { Days, Hours, Minutes, Seconds } from '../../../base/units.ts';
import { CardBinding } from '../../../identity/binding/card-binding.ts';
import type { CardNotice, CardNoticeStore } from '../../../identity/binding/tables.ts';
import { Guessing } from '../../../identity/guessing/guessing.ts';
import type { PersonId } from '../../../identity/person.ts';
import { RecordingAlerts } from '../../recording-alerts.ts';
import { RecordingLog } from '../../recording-log.ts';
import { csv, openIdentity } from '../fixture.ts';

const WALL = { panel: 'wall' };
const swipe = (text: string) => ({ kind: 'text', text }) as const;
const [CARD, OTHER] = [swipe('04:a1:b2:c3'), swipe('04A1B2C4')];

class MemoryNotices implements CardNoticeStore {
  readonly rows = new Map<string, CardNotice>();
  all = async () => [...this.rows.values()];
  async add(notice: CardNotice) {
    this.rows.set(notice.id, notice);
  }
  async remove(id: string) {
    this.rows.delete(id);
  }
}

/** Takes every mail as the test says. */
class FakeMailer implements Mailer {
  fate: MailFate | 'gone' = 'accepted';
  readonly sent: MailMessage[] = [];
  tries = 0;

  async send(message: MailMessage) {
    this.tries += 1;
    if (this.fate === 'gone') throw new Error('connection refused');
    if (this.fate === 'accepted') this.sent.push(message);
    const [recipient = ''] = message.to;
    return { messageId: '<x@y>', outcomes: [{ recipient, fate: this.fate, reply: '' }] };
  }
}

async function parts(store = new MemoryNotices()) {
  const people = await openIdentity();
  const { identity, clock } = people;
  const lines = ['ada@x.org,CREATE,ada,Ada,', 'bob@x.org,CREATE,bob,Bob,', 'cyd@x.org,CREATE,cyd,Cyd,'];
  await identity.importPeople(csv(...lines));
  const mailer = new FakeMailer();
  const log = new RecordingLog();
  const guessing = new Guessing({ clock, alerts: new RecordingAlerts() });
  const settings = () => ({ gateway: 'Holdfast', language: 'en', mails: true }) as const;
  const options = { people: identity, store, guessing, mailer, settings, clock, log, metrics: new Metrics() };
  const id = (name: string) => identity.byUserName(name)?.id as PersonId;
  return { ...people, ...options, options, id, binding: await CardBinding.open(options) };
}

type Parts = Awaited<ReturnType<typeof parts>>;

const settled = async () => {
  for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve));
};

async function codeFor({ binding, mailer }: Parts, name: string, card = CARD): Promise<string> {
  binding.requestActivation(name, card, WALL);
  await settled();
  return /^ {4}(\d{8})$/m.exec(mailer.sent.at(-1)?.text ?? '')?.[1] ?? 'none';
}

test('a mailed code is one person’s, for one badge, once, and for half an hour', async (t) => {
  const all = await parts();
  const { binding, clock, mailer } = all;
  const code = await codeFor(all, 'ada');
  t.deepEqual(mailer.sent[0]?.to, ['ada@x.org']);
  t.regex(mailer.sent[0]?.text ?? '', /^Hello Ada,/);
  t.like(binding.activate(code, OTHER, WALL), { ok: false, reason: 'unknown' }, 'another badge');
  t.like(binding.activate(code, undefined, WALL), { ok: false, reason: 'unknown' });
  t.like(binding.activate(code, swipe('4a1b2c3'), WALL), { ok: true, person: { userName: 'ada' } });
  t.like(binding.activate(code, CARD, WALL), { ok: false, reason: 'unknown' }, 'twice');
  const late = await codeFor(all, 'ada');
  clock.advance(Minutes(30));
  t.like(binding.activate(late, CARD, WALL), { ok: false, reason: 'unknown' });
});

test('codes are not guessed at, nor asked for without end', async (t) => {
  const all = await parts();
  const { binding, clock, mailer } = all;
  const code = await codeFor(all, 'ada');
  for (let tries = 0; tries < 5; tries++) {
    t.like(binding.activate('00000000', CARD, { panel: `p${tries}` }), { ok: false, reason: 'unknown' });
  }
  t.like(binding.activate(code, CARD, WALL), { ok: false, reason: 'unknown' }, 'worth nothing any more');
  for (let tries = 0; tries < 5; tries++) binding.activate('00000000', OTHER, WALL);
  t.like(binding.activate('00000000', OTHER, WALL), { ok: false, reason: 'throttled' }, 'as codes are');
  for (let asked = 0; asked < 5; asked++) binding.requestActivation('ada', CARD, WALL);
  await settled();
  t.is(mailer.sent.length, 3, 'three in an hour');
  clock.advance(Hours(1));
  await codeFor(all, 'ada');
  t.is(mailer.sent.length, 4);
});

test('nobody, somebody who is gone, and a badge of somebody: no mail, and only the log says so', async (t) => {
  const { binding, identity, mailer, id, log } = await parts();
  await identity.edit([
    { edit: 'issue', person: id('bob'), kind: 'card', text: '04A1B2C4', rank: 'primary', replace: false },
  ]);
  t.true((await identity.importPeople(csv('bob@x.org,DELETE,bob,Bob,'))).applied);
  await identity.edit([
    { edit: 'issue', person: id('cyd'), kind: 'card', text: '04A1B2C4', rank: 'primary', replace: false },
  ]);
  for (const [name, card] of [
    ['nobody', CARD],
    ['bob', CARD],
    ['ada', OTHER],
    ['ada', swipe('12345')],
    ['ada', swipe('%%')],
  ] as const)
    binding.requestActivation(name, card, WALL);
  await settled();
  t.is(mailer.tries, 0);
  t.is(log.events('warn').filter((event) => event === 'activation code was not mailed').length, 5);
});

test('a badge becomes theirs only where it is nobody’s, and five at most', async (t) => {
  const { binding, identity, id, clock } = await parts();
  const bind = (name: string, card: string) => binding.bind(id(name), swipe(card), WALL, 'code');
  t.true(await bind('ada', '04A1B2C3'));
  t.like(identity.signInWithCard(CARD, [], WALL), { ok: true, person: { userName: 'ada' } });
  t.false(binding.isBindable(CARD));
  t.false(await bind('bob', '04A1B2C3'));
  for (let card = 1; card < 5; card++) t.true(await bind('ada', `7000${card}000`));
  t.false(await bind('ada', '80000000'));
  t.like(await identity.profile(id('ada')), { cards: { primary: 1, secondary: 4 } });
  await identity.edit([{ edit: 'revoke', person: id('ada'), kind: 'card' }]);
  t.false(binding.isBindable(CARD), 'a revoked one is not found again by its finder');
  t.false(await bind('bob', '04A1B2C3'));
  const both = Promise.all([bind('ada', '90000000'), bind('bob', '90000000')]);
  await settled();
  clock.advance(Seconds(1));
  t.is((await both).filter(Boolean).length, 1, 'two at the same time');
});

test('another change of people is waited for', async (t) => {
  const { binding, identity, id, clock } = await parts();
  const busy = identity.preview({ source: 'local', upserts: waiting(clock), removed: [], complete: false });
  const bound = binding.bind(id('ada'), CARD, WALL, 'password');
  await settled();
  clock.advance(Seconds(1));
  await busy;
  await settled();
  clock.advance(Seconds(1));
  t.true(await bound);
});

/** No drafts, after half a second. */
async function* waiting(clock: Parts['clock']) {
  await new Promise<void>((done) => clock.after(Seconds(0.5), done));
  yield* [];
}

test('that a badge was added is mailed though the server was away, and after a restart', async (t) => {
  const store = new MemoryNotices();
  const all = await parts(store);
  const { binding, mailer, clock, id, options } = all;
  mailer.fate = 'gone';
  t.true(await binding.bind(id('ada'), CARD, WALL, 'activation'));
  await settled();
  t.is(mailer.tries, 1);
  mailer.fate = 'deferred';
  clock.advance(Seconds(60));
  await settled();
  t.is(mailer.tries, 2);
  t.is(store.rows.size, 1);
  await binding.stop();

  mailer.fate = 'accepted';
  const again = await CardBinding.open({ ...options, metrics: new Metrics() });
  await settled();
  t.like(mailer.sent, [{ to: ['ada@x.org'], subject: 'A badge was added to your name' }]);
  t.is(store.rows.size, 0);
  mailer.fate = 'gone';
  await again.bind(id('bob'), OTHER, WALL, 'code');
  await settled();
  for (let day = 0; day < 6; day++) {
    clock.advance(Days(1));
    await settled();
  }
  t.is(store.rows.size, 0, 'given up after five days');
});
