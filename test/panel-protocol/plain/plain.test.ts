// The pages without script, over HTTP: each touch a posted form, each form good once, nothing of anybody left behind.
import test, { type ExecutionContext } from 'ava';
import { Milliseconds, Seconds } from '../../../base/units.ts';
import { JobId } from '../../../spool/job.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';
import { CODE, job, MARIA, PAUL, panel, person, UNOWNED } from '../fakes.ts';
import { type Gateway, openGateway, TestPanel } from '../gateway.ts';
import { PlainBrowser } from './browser-without-script.ts';

const CODES_ONLY = panel({ signIn: ['code'] });

async function signedIn(gateway: Awaited<ReturnType<typeof openGateway>>): Promise<PlainBrowser> {
  const browser = await PlainBrowser.at(gateway);
  if (browser.html.includes('do-way-code')) await browser.press('do-way-code');
  await browser.press('do-code', { value: CODE });
  return browser;
}

/** A reader beside the panel; resolves with what swipes a badge there. */
async function readerAt(gateway: Gateway, t: ExecutionContext) {
  gateway.identity.give('card-of-maria', MARIA);
  gateway.identity.give('card-of-paul', PAUL);
  const reader = new TestPanel(gateway.host);
  t.teardown(() => reader.socket.terminate());
  await reader.opened();
  await reader.ask({ type: 'hello', versions: [1], role: 'reader' });
  return (value: string) => reader.ask({ type: 'credential', kind: 'badge', value });
}

test('somebody signs in by code, prints all, and signs out, by forms alone', async (t) => {
  const gateway = await openGateway(t, { panels: [CODES_ONLY] });
  gateway.jobs.put(job(1, { name: 'Letter & <b>more</b>' }));
  gateway.jobs.put(job(2));
  const browser = await PlainBrowser.at(gateway);
  t.is(browser.heading, 'Type your code');
  await browser.press('do-code', { value: '1111' });
  t.regex(browser.text, /This code is not known/);
  await browser.press('do-code', { value: CODE });
  t.is(browser.heading, 'My documents (2)');
  t.regex(browser.text, /Maria Nowak/);
  t.true(browser.html.includes('Letter &#38; &#60;b&#62;more'));
  await browser.press('do-print-all');
  t.is(browser.heading, 'Printing 2 documents');
  gateway.jobs.complete(1);
  gateway.jobs.fail(2, { outcome: 'not-printed', reason: 'unreachable' });
  await browser.refresh();
  t.is(browser.heading, 'Not everything was printed');
  t.regex(browser.text, /switched off or cannot be reached. Your document is still here/);
  await browser.press('do-list');
  t.is(browser.heading, 'My documents');
  await browser.press('do-sign-out');
  t.is(browser.heading, 'Type your code');
  t.regex(browser.text, /You are signed out/);
  t.notRegex(browser.html, /Letter|Maria/);
});

test('digits can be touched, one form each, and are in no page', async (t) => {
  const gateway = await openGateway(t, { panels: [CODES_ONLY] });
  const browser = await PlainBrowser.at(gateway);
  for (const digit of '2469') {
    await browser.digit(digit);
    t.notRegex(browser.html, /246/);
  }
  await browser.press('do-erase');
  t.regex(browser.text, /••• 3 digits typed/);
  await browser.digit('8');
  await browser.press('do-code');
  t.is(browser.heading, 'Nothing is waiting for you.');
  t.deepEqual(
    gateway.identity.attempts.map(({ code }) => code),
    [CODE],
  );
});

test('a form is good once, on its own page, with its own token; a replayed or forged one is logged', async (t) => {
  const log = new RecordingLog();
  const clock = new ManualClock();
  const gateway = await openGateway(t, { panels: [CODES_ONLY], log, clock });
  const refused = () => log.lines.filter(({ event }) => event.startsWith('panel posted a form that is not'));
  const browser = await PlainBrowser.at(gateway);
  const { token, path } = browser;
  await browser.post(new URLSearchParams({ token, value: '1111', 'do-code': 'x' }));
  t.deepEqual(refused(), []);
  await browser.post(new URLSearchParams({ token, value: CODE, 'do-code': 'x' }));
  t.regex(browser.text, /out of date/);
  const FORGED = new URLSearchParams({ token: 'forged', value: CODE, 'do-code': 'x' });
  await browser.post(FORGED);
  t.regex(browser.text, /out of date/);
  t.is(refused().length, 1);
  t.like(refused()[0], { level: 'warn', fields: { address: '127.0.0.1', panel: 'ward-3' } });
  clock.advance(60_000);
  await browser.post(FORGED);
  t.is(refused()[1]?.fields['unlogged'], 1);
  t.false(JSON.stringify(log.lines).includes(token));
  t.is(gateway.identity.attempts.length, 1);
  // The address changes with whoever signs in, so that one who saw it before sees nothing.
  await browser.press('do-code', { value: CODE });
  t.not(browser.path, path);
  const other = new PlainBrowser(gateway.host);
  await other.get(path);
  t.notRegex(other.text, /Maria/);
});

test('a badge at a reader leads the waiting page to the list, once', async (t) => {
  const gateway = await openGateway(t, { panels: [panel()] });
  gateway.jobs.put(job(1, { name: 'Letter' }));
  const browser = await PlainBrowser.at(gateway);
  const { path } = browser;
  const swipe = await readerAt(gateway, t);
  await swipe('card-of-maria');
  await browser.refresh();
  t.is(browser.heading, 'My documents');
  t.regex(browser.text, /Letter/);
  t.not(browser.path, path);
  const other = new PlainBrowser(gateway.host);
  await other.get(path);
  t.notRegex(other.text, /Maria|Letter/);
});

test('another badge at a reader leaves nothing of the one before', async (t) => {
  const gateway = await openGateway(t, { panels: [panel({ language: 'de' })] });
  gateway.jobs.put(job(1, { name: 'Letter' }));
  gateway.jobs.put(job(2, { name: 'Menu', owner: { kind: 'person', person: PAUL.id, proof: 'claimed' } }));
  const browser = await PlainBrowser.at(gateway);
  const swipe = await readerAt(gateway, t);
  await swipe('card-of-maria');
  await browser.refresh();
  await browser.press('do-delete', { job: '1' });
  t.regex(browser.text, /Letter/);
  await swipe('card-of-paul');
  await browser.refresh();
  t.is(browser.heading, 'Meine Dokumente');
  t.notRegex(browser.text, /Letter|Maria/);
  t.regex(browser.html, /id="job-2"[^>]* checked/);
  await swipe('card-of-paul');
  await browser.refresh();
  t.notRegex(browser.text, /Menu|Paul/);
});

test('who reads slowly has pages that come again seldom, until the next one stands there', async (t) => {
  const gateway = await openGateway(t, { panels: [panel()] });
  const browser = await PlainBrowser.at(gateway);
  t.regex(browser.html, /http-equiv="refresh" content="3;/);
  await browser.get(`${browser.path.split('?', 1)[0]}?seldom=1`);
  t.regex(browser.html, /http-equiv="refresh" content="60;/);
  t.regex(browser.text, /Look again/);
  await browser.refresh();
  t.regex(browser.html, /http-equiv="refresh" content="3;/);
  await browser.get(`${browser.path.split('?', 1)[0]}?seldom=1`);
  await browser.press('do-way-code');
  gateway.jobs.put(job(1));
  await browser.press('do-code', { value: CODE });
  await browser.press('do-print-all');
  t.regex(browser.html, /http-equiv="refresh" content="6[01];/);
  gateway.jobs.complete(1);
  await browser.get();
  await browser.press('do-sign-out');
  t.regex(browser.html, /http-equiv="refresh" content="3;/);
});

test('a session is its own panel’s and address’s; who names another’s begins anew, and is logged', async (t) => {
  const log = new RecordingLog();
  let from = '127.0.0.1';
  const panels = [CODES_ONLY, panel({ name: 'ward-4', signIn: ['code'] })];
  const gateway = await openGateway(t, { panels, log, from: () => from });
  const browser = await signedIn(gateway);
  t.regex(browser.text, /Maria/);
  const other = new PlainBrowser(gateway.host);
  await other.get(browser.path.replace('ward-3', 'ward-4'));
  t.notRegex(other.text, /Maria/);
  from = '127.0.0.2';
  await other.get(browser.path);
  t.notRegex(other.text, /Maria/);
  const told = log.lines.filter(({ event }) => event === 'panel named a session that is not its own');
  t.is(told.length, 1);
  t.like(told[0]?.fields, { address: '127.0.0.1', panel: 'ward-4' });
});

test('what is no form of these pages, or of another site, is refused', async (t) => {
  const gateway = await openGateway(t, { panels: [CODES_ONLY, panel({ name: 'other', addresses: [] })] });
  const browser = await PlainBrowser.at(gateway);
  const status = async (fields: RequestInit, path = browser.path) =>
    (await fetch(`http://${gateway.host}${path}`, { method: 'POST', redirect: 'manual', ...fields })).status;
  t.is(await status({ body: '{}', headers: { 'Content-Type': 'application/json' } }), 415);
  t.is(await status({ body: new URLSearchParams({ a: 'x'.repeat(40_000) }) }), 413);
  t.is(await status({ body: new URLSearchParams(), headers: { Origin: 'http://evil.example' } }), 403);
  t.is(await status({ body: new URLSearchParams('a&'.repeat(1300)) }), 413);
  t.is(await status({ body: new URLSearchParams() }, '/panel/ward-3/plain/unknown'), 303);
  t.is(await status({ body: new URLSearchParams() }, '/panel/other/plain/unknown'), 403);
  for (const pressed of ['__proto__', 'constructor', 'toString', '']) {
    await browser.post(new URLSearchParams({ token: browser.token, [`do-${pressed}`]: 'x' }));
    t.is(browser.heading, 'Type your code');
  }
});

test('documents are chosen over pages, and printed, kept, deleted as chosen', async (t) => {
  const gateway = await openGateway(t, { panels: [panel({ signIn: ['code'], marked: 'none' })] });
  for (let id = 1; id <= 30; id++) gateway.jobs.put(job(id, { createdAt: id }));
  gateway.jobs.put(job(40, { ...UNOWNED, name: 'Payslip' }));
  const browser = await signedIn(gateway);
  t.is(browser.heading, 'My documents (30)');
  const post = (pressed: string, ...jobs: number[]) => {
    const fields = new URLSearchParams({ token: browser.token, [`do-${pressed}`]: 'x' });
    fields.set('list', /name="list" value="([^"]*)"/.exec(browser.html)?.[1] ?? '');
    for (const id of jobs) fields.append('job', String(id));
    return browser.post(fields);
  };
  await post('print');
  t.regex(browser.text, /Mark a document first/);
  await post('next-page', 30, 29);
  t.regex(browser.text, /2 of 2/);
  t.notRegex(browser.text, /Payslip/);
  await post('previous-page', 2);
  t.is(browser.html.match(/ checked/g)?.length, 2);
  await post('delete', 30);
  t.is(browser.heading, 'Delete 2 documents?');
  await browser.press('do-delete-now');
  t.is(gateway.jobs.get(30).state, 'canceled');
  t.is(gateway.jobs.get(2).state, 'canceled');
  t.is(gateway.jobs.get(29).state, 'pending-held');
  await post('print', 28, 27);
  t.deepEqual(
    gateway.jobs.orders.map(({ jobs }) => jobs),
    [[JobId(28), JobId(27)]],
  );
});

test('a document with a PIN asks for it; all others are printed without', async (t) => {
  const gateway = await openGateway(t, { panels: [panel({ signIn: ['code'], marked: 'none' })] });
  gateway.jobs.put(job(1, { releaseAction: 'job-password', name: 'Payslip' }));
  gateway.jobs.pins.set(1, '97');
  const browser = await signedIn(gateway);
  await browser.press('do-print-all');
  t.is(browser.heading, 'Type its PIN');
  t.regex(browser.text, /Payslip/);
  await browser.digit('9');
  await browser.press('do-job-password', { value: '7' });
  t.is(browser.heading, 'Printing 1 document');
  t.is(gateway.jobs.orders[0]?.password?.reveal(), '97');
});

test('marked as the panel says when the list opens', async (t) => {
  const gateway = await openGateway(t, { panels: [CODES_ONLY] });
  gateway.jobs.put(job(1));
  gateway.jobs.put(job(2, UNOWNED));
  const browser = await signedIn(gateway);
  t.regex(browser.html, /id="job-1"[^>]* checked/);
  t.notRegex(browser.html, /id="job-2"[^>]* checked/);
});

test('too many wrong codes: the page counts down and takes none', async (t) => {
  const gateway = await openGateway(t, { panels: [CODES_ONLY] });
  gateway.identity.throttle = Milliseconds(9000);
  const browser = await PlainBrowser.at(gateway);
  await browser.press('do-code', { value: CODE });
  t.regex(browser.text, /Too many wrong codes. Please wait [89] seconds/);
  t.notRegex(browser.html, /type="password"/);
});

test('who guesses codes locks the codes’ keypad, and neither badges nor their PINs', async (t) => {
  const gateway = await openGateway(t, { panels: [panel()] });
  const { answers, pins } = gateway.identity;
  answers.set('1111', { ok: false, reason: 'throttled', retryAfter: Milliseconds(9000) });
  answers.set('1112', { ok: false, reason: 'throttled', retryAfter: Milliseconds(5000) });
  answers.set('04A1B2', { ok: false, reason: 'pin-needed', person: MARIA.id });
  pins.set('9041', MARIA);
  const browser = await PlainBrowser.at(gateway);
  await browser.press('do-way-code');
  await browser.press('do-code', { value: '1111' });
  t.regex(browser.text, /wait [89] seconds/);
  await browser.press('do-back');
  await browser.press('do-badge', { value: '04A1B2' });
  t.is(browser.heading, 'Type your PIN');
  t.notRegex(browser.text, /wait/);
  await browser.press('do-pin', { value: '1112' });
  t.regex(browser.text, /wait [45] seconds/);
  await browser.press('do-sign-out');

  // The next badge may be another person's, and what was said of codes holds as before.
  await browser.press('do-badge', { value: '04A1B2' });
  t.notRegex(browser.text, /wait/);
  await browser.press('do-sign-out');
  await browser.press('do-way-code');
  t.regex(browser.text, /wait [89] seconds/);
  await browser.press('do-back');
  await browser.press('do-badge', { value: '04A1B2' });
  await browser.press('do-pin', { value: '9041' });
  t.regex(browser.text, /Maria/);
});

test('the session ends by its own time, and one that nobody asks about ends its connection', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, {
    clock,
    panels: [panel({ signIn: ['code'], sessionTimeout: Seconds(200) })],
  });
  gateway.jobs.put(job(1));
  const browser = await signedIn(gateway);
  t.regex(browser.html, /http-equiv="refresh" content="201;/);
  clock.advance(150_000);
  await browser.get();
  t.is(browser.heading, 'My documents');
  clock.advance(51_000);
  await browser.get();
  t.is(browser.heading, 'Type your code');
  t.regex(browser.text, /nothing was touched/);
  t.regex(await gateway.metrics.text(), /panel_connections 1\n/);
  clock.advance(200_000);
  t.regex(await gateway.metrics.text(), /panel_connections 0\n/);
});

test('a page that was taken over says so, and comes back by a touch', async (t) => {
  const gateway = await openGateway(t, { panels: [CODES_ONLY] });
  gateway.jobs.put(job(1, { name: 'Letter' }));
  const browser = await signedIn(gateway);
  const socket = await TestPanel.greeted(gateway, t);
  await browser.get();
  t.is(browser.heading, 'This panel is open in another window');
  t.notRegex(browser.html, /Letter|Maria|http-equiv="refresh"/);
  await browser.get('/panel/ward-3/plain');
  t.is(browser.heading, 'Type your code');
  t.deepEqual(await socket.next('bye'), { type: 'bye', reason: 'taken-over' });
});

test('a language is chosen for one person; the next begins in the panel’s', async (t) => {
  const gateway = await openGateway(t, { panels: [CODES_ONLY] });
  const browser = await PlainBrowser.at(gateway);
  await browser.get(`${browser.path}?language=de`);
  await browser.press('do-code', { value: CODE });
  t.is(browser.heading, 'Für Sie liegt nichts bereit.');
  t.is(browser.headers.get('content-language'), 'de');
  await browser.press('do-sign-out');
  t.is(browser.heading, 'Type your code');
});

test('whoever is signed in reads their own language, unless they chose another here', async (t) => {
  const gateway = await openGateway(t, { panels: [panel({ signIn: ['code'], language: 'pl' })] });
  gateway.identity.answers.set(CODE, { ok: true, person: MARIA, language: 'de' });
  const browser = await signedIn(gateway);
  t.is(browser.heading, 'Für Sie liegt nichts bereit.');
  t.is(browser.headers.get('content-language'), 'de');
  t.regex(browser.html, /<html lang="de">/);
  await browser.press('do-sign-out');
  t.regex(browser.html, /<html lang="pl">/);
  t.regex(browser.text, /Wylogowano/);
  await browser.get(`${browser.path}?language=fr`);
  await browser.press('do-code', { value: CODE });
  t.regex(browser.html, /<html lang="fr">/);
});

test('whoever’s badge comes next reads their own language, or the panel’s', async (t) => {
  const gateway = await openGateway(t, { panels: [panel({ language: 'pl' })] });
  gateway.identity.answers.set('card-of-ada', { ok: true, person: person(3, 'Ada'), language: 'fr' });
  const browser = await PlainBrowser.at(gateway);
  const swipe = await readerAt(gateway, t);
  const languages: (string | null)[] = [];
  for (const card of ['card-of-ada', 'card-of-maria', 'card-of-ada']) {
    await swipe(card);
    await browser.refresh();
    languages.push(browser.headers.get('content-language'));
  }
  t.deepEqual(languages, ['fr', 'pl', 'fr']);
});

test('sessions of one panel are bounded, the oldest gives way', async (t) => {
  const gateway = await openGateway(t, { panels: [CODES_ONLY] });
  const first = await PlainBrowser.at(gateway);
  const { path } = first;
  for (let count = 0; count < 4; count++) await PlainBrowser.at(gateway);
  await first.get(path);
  t.not(first.path, path);
});
