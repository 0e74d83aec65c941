// Who is told of alerts, when, and how often: over failing mail servers and restarts.
import test from 'ava';
import type { Alert } from '../../../base/alerts.ts';
import { Failure } from '../../../base/errors.ts';
import { LANGUAGES } from '../../../base/i18n/languages.ts';
import { Minutes } from '../../../base/units.ts';
import { mailOf } from '../../../daemon/alerts/letter.ts';
import { step, type Trouble } from '../../../daemon/alerts/machine.ts';
import { TEXTS } from '../../../daemon/alerts/texts/texts.ts';
import { passUntil } from '../../identity/codes/mails.ts';
import { alertOf, told } from './told.ts';

const ONE = '{ recipients: { it: { mail: [it@x.org] } } }';

test('told when it is new, no more often than the interval, and that it is over if it was told', (t) => {
  const interval = Minutes(60);
  let delay = Minutes(0);
  const run = (...inputs: [kind: 'raised' | 'cleared' | 'due', minute: number][]) => {
    let trouble: Trouble | undefined;
    const effects: string[] = [];
    for (const [kind, minute] of inputs) {
      const next = step(trouble, { kind }, Minutes(minute), { interval, delay });
      trouble = next.trouble;
      for (const effect of next.effects) {
        effects.push(effect.kind === 'wait' ? `wait ${effect.until / 60_000}` : `${effect.kind} ${minute}`);
      }
    }
    return effects;
  };
  t.deepEqual(run(['raised', 0], ['raised', 5], ['raised', 500]), ['tell 0'], 'while it stands once');
  t.deepEqual(run(['raised', 0], ['cleared', 5]), ['tell 0', 'tell-over 5']);
  t.deepEqual(run(['cleared', 5]), []);
  const wavers = [
    ['raised', 0],
    ['cleared', 5],
    ['raised', 10],
  ] as const;
  const [...first] = wavers.map(([kind, minute]) => [kind, minute] as ['raised' | 'cleared', number]);
  t.deepEqual(run(...first, ['cleared', 15]), ['tell 0', 'tell-over 5', 'wait 60']);
  t.deepEqual(run(...first, ['due', 60]), ['tell 0', 'tell-over 5', 'wait 60', 'tell 60']);
  t.deepEqual(run(...first, ['due', 30]).slice(2), ['wait 60', 'wait 60'], 'woken too early');
  t.deepEqual(run(...first, ['cleared', 15], ['due', 60]).slice(3), []);
  t.deepEqual(
    run(['raised', 100], ['cleared', 100], ['raised', 5]).slice(2),
    ['wait 65'],
    'the clock was set back',
  );
  t.deepEqual(
    run(['raised', 100], ['cleared', 100], ['raised', 5], ['due', 65]).slice(3),
    ['tell 65'],
    'set back, it is held back for one interval only',
  );
  delay = Minutes(2);
  t.deepEqual(run(['raised', 0], ['due', 1], ['due', 2]), ['wait 2', 'wait 2', 'tell 2']);
  t.deepEqual(run(['raised', 0], ['cleared', 1], ['due', 2]), ['wait 2'], 'over before anybody had to know');
  t.deepEqual(run(['raised', 0], ['due', 2], ['cleared', 3], ['raised', 61.5]).slice(3), ['wait 63.5']);
});

test('a door that is open for a moment is told to nobody; supplies, and what stands, are', async (t) => {
  const { mailer, clock, open, pass } = await told(t, ONE, Minutes(2));
  const { board } = await open();
  board.raise({ ...alertOf('b', 'toner-low'), kind: 'supplies' });
  board.raise(alertOf('a', 'door-open'));
  board.raise(alertOf('a', 'media-jam'));
  await passUntil(clock, () => mailer.sent.length === 1);
  t.is(mailer.sent[0]?.subject, 'Holdfast: Printer B: toner is low');
  board.clear('printer a door-open');
  await pass(240, 10);
  t.deepEqual(
    mailer.sent.slice(1).map(({ subject }) => subject),
    ['Holdfast: Printer A: paper jam'],
  );
});

test('what could not be written down is told a minute later; what comes back at once is not held back by what nobody heard', async (t) => {
  const { mailer, clock, faults, open, pass } = await told(t, ONE);
  const { board } = await open();
  faults.tell = true;
  board.raise(alertOf('a', 'media-jam'));
  await pass(30, 10);
  t.is(mailer.sent.length, 0);
  faults.tell = false;
  await passUntil(clock, () => mailer.sent.length === 1, 1000);
  t.is(mailer.sent[0]?.subject, 'Holdfast: Printer A: paper jam');
  board.raise(alertOf('b', 'media-jam'));
  board.clear('printer b media-jam');
  board.raise(alertOf('b', 'media-jam'));
  await pass(60, 5);
  t.is(mailer.sent[1]?.subject, 'Holdfast: Printer B: paper jam');
});

test('each kind and printer to whom it concerns, once each, in their language; what comes together in one mail', async (t) => {
  const { mailer, clock, open } = await told(
    t,
    `
  printer-groups: { hall: { printers: [a] } }
  recipients:
    hall: { kinds: [printer], printers: [hall], mail: [Ann@x.org, bob@x.org], language: de }
    all: { kinds: [printer], mail: [ann@x.org] }
    self: { kinds: [application], mail: [bob@x.org], language: fr }
    none: { printers: [b], kinds: [supplies], mail: [no@x.org] }`,
  );
  const { board, store } = await open();
  board.raise(alertOf('a', 'media-jam'));
  board.raise(alertOf('b', 'door-open'));
  board.raise({ kind: 'application', key: 'disk', message: 'the disk is full' });
  board.raise({ kind: 'security', key: 'guess', message: 'somebody guesses' });
  await passUntil(clock, () => mailer.sent.length === 4);
  const sent = mailer.sent.map(({ to, subject }) => `${to}: ${subject}`).sort();
  t.deepEqual(sent, [
    'Ann@x.org: Holdfast: Printer A: Papierstau',
    'ann@x.org: Holdfast: Printer B: a door is open',
    'bob@x.org: Holdfast: Printer A: Papierstau',
    'bob@x.org: Holdfast: the disk is full',
  ]);
  for (let index = 0; index < 60; index++) board.raise(alertOf('b', `reason-${index}`));
  await passUntil(clock, async () => (await store.waitingPosts(undefined)).waiting === 60, 0);
  await passUntil(clock, () => mailer.sent.length === 6);
  t.deepEqual(
    mailer.sent.slice(4).map(({ subject }) => subject),
    ['Holdfast: 50 messages', 'Holdfast: 10 messages'],
  );
});

test('what is over before it is sent is told to nobody, and told at once when it comes again', async (t) => {
  const { mailer, clock, open, pass } = await told(t, ONE);
  const { board } = await open();
  board.raise(alertOf('a', 'media-jam'));
  await pass(1);
  board.clear('printer a media-jam');
  await pass(10);
  t.is(mailer.sent.length, 0);
  board.raise(alertOf('a', 'media-jam'));
  await passUntil(clock, () => mailer.sent.length === 1);
});

test('a mail server that is down: later, in order, with the health page saying so; nothing for what is over by then', async (t) => {
  const { mailer, clock, log, open, pass } = await told(t, ONE);
  const { board } = await open();
  mailer.fate = () => new Failure('mail-unreachable', 'no route');
  board.raise(alertOf('a', 'media-jam'));
  board.raise(alertOf('a', 'door-open'));
  const waits = () => log.lines.filter(({ event }) => event === 'alerts not told').length;
  await passUntil(clock, () => waits() === 1);
  await pass(5);
  board.clear('printer a media-jam');
  board.raise(alertOf('b', 'door-open'));
  await pass(30);
  t.is(waits(), 1, 'not before a minute has passed, what is new neither');
  t.true(board.list().some(({ key }) => key === 'alerts are not delivered'));
  await passUntil(clock, () => waits() === 2, 1000);
  mailer.fate = () => 'accepted';
  await passUntil(clock, () => mailer.sent.length === 1, 1000);
  const [mail] = mailer.sent;
  t.is(mail?.subject, 'Holdfast: 2 messages');
  t.regex(mail?.text ?? '', /Printer A: a door is open\n.*Printer B: a door is open\n/);
  await passUntil(clock, () => !board.list().some(({ key }) => key === 'alerts are not delivered'));
  mailer.fate = () => 'deferred';
  board.raise(alertOf('b', 'media-jam'));
  await passUntil(clock, () => log.lines.some(({ fields }) => fields['tries'] === 10), 60_000);
  await pass(25 * 3600, 3600);
  const tries = mailer.sent.length;
  await pass(5 * 3600, 3600);
  t.is(mailer.sent.length, tries, 'given up after a day');
});

test('over a restart: not told again, over is told, wavering is held back, a cut mail is not sent twice', async (t) => {
  const { mailer, clock, open, pass } = await told(t, ONE);
  const first = await open();
  first.board.raise(alertOf('a', 'media-jam'));
  first.board.raise(alertOf('a', 'door-open'));
  await passUntil(clock, () => mailer.sent.length === 1);
  first.board.clear('printer a door-open');
  await passUntil(clock, () => mailer.sent.length === 2);
  await first.close();

  const second = await open();
  t.deepEqual([...second.opened.ofPrinters], [['a', new Set(['printer a media-jam'])]]);
  second.board.raise(alertOf('a', 'media-jam'));
  second.board.raise(alertOf('a', 'door-open'));
  await pass(60);
  t.is(mailer.sent.length, 2);
  second.board.clear('printer a media-jam');
  await passUntil(clock, () => mailer.sent.length === 3);
  t.is(mailer.sent[2]?.subject, 'Holdfast: Over: Printer A: paper jam');
  await passUntil(clock, () => mailer.sent.length === 4, 60_000);
  t.is(mailer.sent[3]?.subject, 'Holdfast: Printer A: a door is open', 'still there after the hour');

  // The process dies while a mail is on its way.
  const hangs = Promise.withResolvers<never>();
  mailer.send = () => hangs.promise;
  second.board.raise(alertOf('b', 'media-jam'));
  await passUntil(clock, async () => (await second.store.waitingPosts(undefined)).waiting === 1);
  await passUntil(clock, async () => (await second.store.waitingPosts(undefined)).waiting === 0);
  const cut = second.store.cutPosts(clock.now());
  t.is(await cut, 1);
  hangs.reject(new Error('gone'));
  await second.close();
  const third = await open();
  t.is((await third.store.waitingPosts(undefined)).waiting, 0, 'not queued again');
});

test('every language has a sentence for each trouble; what a printer says cannot break a line', (t) => {
  const words = { gateway: 'G', templates: new Map() };
  const alert = (trouble: NonNullable<Alert['printer']>['trouble']): Alert => ({
    kind: 'printer',
    key: 'k',
    message: 'm',
    printer: { name: 'p', info: 'P', location: 'Hall', trouble },
  });
  for (const language of LANGUAGES) {
    const subject = (
      trouble: NonNullable<Alert['printer']>['trouble'],
      event: 'raised' | 'cleared' = 'raised',
    ) => mailOf([{ event, alert: alert(trouble), since: 0, at: 0 }], language, words).subject;
    const all = Object.keys(TEXTS.en.reasons).map((reason) => subject({ kind: 'reason', reason }));
    t.true(all.every((each) => each.startsWith('G: P (Hall): ') && !/[{}]/.test(each)));
    t.is(new Set(all).size, all.length, language);
    t.regex(subject({ kind: 'low', supply: 'X\r\nBcc: y', level: 7 }), /^G: P \(Hall\): X Bcc: y.* 7/);
    t.not(subject({ kind: 'silent' }), subject({ kind: 'silent' }, 'cleared'));
    t.notRegex(subject({ kind: 'low', supply: 'X', level: 7 }, 'cleared'), /7|[{}]/, 'what was left then');
    t.regex(subject({ kind: 'impostor' }), /^G: P \(Hall\): .{20,} \(m\)$/, 'with the particulars');
    t.is(subject({ kind: 'reason', reason: 'constructor' }), 'G: P (Hall): constructor');
  }
  const own = { subject: '%summary% 100 %%', text: '%gateway%\n%notices%' };
  const mail = mailOf([{ event: 'raised', alert: alert({ kind: 'silent' }), since: 0, at: 0 }], 'en', {
    gateway: '%notices%',
    templates: new Map([['en', own]]),
  });
  t.is(mail.subject, 'P (Hall): does not answer 100 %');
  t.regex(mail.text, /^%notices%\n01\/01\/1970/, 'a value is no template');
});
