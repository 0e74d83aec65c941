// The page in real Chromium: by touch and by keyboard, and what may go wrong.
import test from 'ava';
import type { Page, Route } from 'playwright-core';
import { Seconds } from '../../base/units.ts';
import { JobId } from '../../spool/job.ts';
import { ManualClock } from '../manual-clock.ts';
import { peerTest } from '../peers/require-peer.ts';
import { Browser, codesPanel, LARGER, rowNames, says, signIn, touchCode, visible } from './browser.ts';
import { CODE, job, MARIA, NOW, PAUL, panel, person, UNOWNED } from './fakes.ts';
import { openGateway, TestPanel } from './gateway.ts';

const browser = new Browser();
test.after.always(() => browser.close());
/** What a screen reader is told of what can be seen. */
const NAMES =
  '[].filter.call(document.querySelectorAll("[aria-label]"), (e) => e.offsetParent).map((e) => e.ariaLabel).join()';
const SILENT = "document.getElementById('live').textContent = ''";
const peer = peerTest(test.serial, ['chromium']);

peer('the whole way by keyboard alone', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  for (const id of [1, 2, 3]) gateway.jobs.put(job(id, { createdAt: NOW - id }));
  const page = await browser.open(t, gateway);
  const focused = () => page.evaluate('document.activeElement.id || document.activeElement.className');
  await page.keyboard.type('9');
  await page.keyboard.press('Backspace');
  await page.keyboard.type(CODE, { delay: 80 });
  t.is(await page.textContent('#code-dots'), '••••');
  await page.keyboard.press('Enter');
  await visible(page, '#jobs-rows .row');
  t.is(await focused(), 'jobs-heading');

  const tabTo = async (name: string) => {
    for (let count = 0; count < 10 && (await focused()) !== name; count++) await page.keyboard.press('Tab');
    t.is(await focused(), name);
  };
  await tabTo('row');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  t.is(await page.locator('.row[aria-selected=true]').count(), 2);
  await page.keyboard.press('Enter');
  await says(page, '#print', 'Print (1)');

  await tabTo('delete');
  await page.keyboard.press('Enter');
  await visible(page, '#dialog');
  t.is(await focused(), 'dialog-keep');
  await page.keyboard.press('Tab');
  t.is(await focused(), 'dialog-confirm');
  await page.keyboard.press('Tab');
  t.is(await focused(), 'dialog-keep');
  await page.keyboard.press('Escape');
  t.false(await page.isVisible('#dialog'));
  t.is(await focused(), 'delete');

  await tabTo('print');
  await page.keyboard.press('Enter');
  await visible(page, '#screen-printing');
  t.is(await focused(), 'printing-heading');
  gateway.jobs.complete(2);
  await says(page, '#printing-heading', 'Printed');
  t.is(await focused(), 'printing-heading');
  await tabTo('more');
  await page.keyboard.press('Enter');
  await visible(page, '#screen-jobs');
  await page.keyboard.press('Escape');
  await visible(page, '#screen-code');
  await says(page, '#code-message', 'You are signed out.');
  t.is(await focused(), 'code-heading');
  t.notRegex(await page.content(), /Document [123]|Maria/, 'nothing of the person is left in the page');
});

peer('a screen reader hears what matters, once', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  gateway.jobs.put(job(1));
  const page = await browser.open(t, gateway);
  await page.keyboard.type('13', { delay: 80 });
  await says(page, '#live', /^2 digits typed/);
  await page.keyboard.press('Enter');
  await says(page, '#live', /^This code is not known/);
  await signIn(page);
  t.is(await page.getAttribute('.row', 'aria-selected'), 'false');
  t.is(await page.getAttribute('.row', 'aria-setsize'), '1');
  await page.click('#print');
  await visible(page, '#screen-printing');
  gateway.jobs.fail(1, { outcome: 'not-printed', reason: 'unreachable' });
  await says(page, '#live', /^Not printed/);
});

peer('500 documents are paged through, and chosen over pages', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  for (let id = 1; id <= 500; id++) gateway.jobs.put(job(id, { name: `D${id}`, createdAt: NOW + id }));
  const page = await browser.open(t, gateway);
  await signIn(page);
  await says(page, '#jobs-pager span', '1 of 125');
  t.deepEqual(await rowNames(page), ['D500', 'D499', 'D498', 'D497']);
  await page.click('.row >> nth=0');
  await page.click('#jobs-pager button >> nth=1');
  t.deepEqual(await rowNames(page), ['D496', 'D495', 'D494', 'D493']);
  await page.click('.row >> nth=3');
  await page.keyboard.press('ArrowDown');
  await says(page, '#jobs-pager span', '3 of 125');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('PageUp');
  await says(page, '#jobs-pager span', '1 of 125');
  t.is(await page.locator('.row[aria-selected=true]').count(), 1);
  await says(page, '#print', 'Print (2)');
  await page.click('#select-all');
  await says(page, '#print', 'Print all (500)');
  await page.click('#print');
  await says(page, '#printing-heading', 'Printing 500 documents');
  t.is(gateway.jobs.orders[0]?.jobs.length, 500);
});

peer('the pages of a list end with it: the next person begins at the first, or sees none', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  for (let id = 1; id <= 9; id++) gateway.jobs.put(job(id, { createdAt: NOW - id }));
  const page = await browser.open(t, gateway);
  await signIn(page);
  await page.click('#jobs-pager button >> nth=1');
  await says(page, '#jobs-pager span', '2 of 3');
  await page.click('#sign-out');
  await visible(page, '#screen-code');
  await signIn(page);
  t.is(await page.textContent('#jobs-pager span'), '1 of 3');
  await page.click('#sign-out');
  await visible(page, '#screen-code');
  for (let id = 1; id <= 9; id++) gateway.jobs.forget(id);
  await signIn(page);
  await visible(page, '#jobs-empty');
  t.false(await page.isVisible('#jobs-pager'));
});

peer(
  'a badge of somebody else leaves nothing of who was there: no question, no marks, no page',
  async (t) => {
    const gateway = await openGateway(t, { panels: [panel({ addresses: ['127.0.0.1', '::1'] })] });
    gateway.identity.give('04A2B9C3D1', PAUL);
    const pauls = { owner: { kind: 'person', person: PAUL.id, proof: 'claimed' } } as const;
    for (let id = 1; id <= 9; id++) gateway.jobs.put(job(id, { name: `Maria ${id}`, createdAt: NOW - id }));
    for (let id = 11; id <= 19; id++) gateway.jobs.put(job(id, { ...pauls, createdAt: NOW - id }));
    const page = await browser.open(t, gateway);
    await signIn(page);
    await says(page, '#print', 'Print all (9)');
    await page.click('#jobs-pager button >> nth=1');
    await page.click('.row >> nth=0');
    await page.click('#delete');
    await visible(page, '#dialog');
    await page.evaluate(`'04A2B9C3D1\\r'.split('').forEach(function (key) {
    var code = key.charCodeAt(0);
    ['keydown', 'keypress'].forEach(function (type) {
      (document.activeElement || document.body).dispatchEvent(
        new KeyboardEvent(type, { bubbles: true, cancelable: true, keyCode: code, charCode: type === 'keypress' ? code : 0 }));
    });
  })`);
    await page.locator('#person').getByText('Paul Weber').waitFor();
    await says(page, '#jobs-pager span', /of 3/);
    await says(page, '#print', 'Print all (9)');
    t.false(await page.isVisible('#dialog'));
    t.is(await page.textContent('#jobs-pager span'), '1 of 3');
    t.false((await page.content()).includes('Maria'));
  },
);

peer('a document of nobody is printed apart, and has its name then', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  gateway.jobs.put(job(1));
  gateway.jobs.put(job(2, { ...UNOWNED, name: 'Payslip of P. Weber' }));
  const page = await browser.open(t, gateway);
  await signIn(page);
  await says(page, '#print', 'Print');
  await page.click('#tab-claimable');
  t.true(await page.isDisabled('#print'));
  t.false(await page.isVisible('#delete'));
  t.notRegex((await page.textContent('#main')) ?? '', /Payslip/);
  await page.click('.row');
  await page.click('#print');
  await visible(page, '#screen-printing');
  await says(page, '#printing-rows .name', 'Payslip of P. Weber');
  t.is(gateway.jobs.orders[0]?.by, MARIA.id);
});

peer('deleting asks first, and says when it was refused', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  gateway.jobs.put(job(1));
  gateway.jobs.put(job(2));
  const page = await browser.open(t, gateway);
  await signIn(page);
  await page.click('.row >> nth=0');
  await page.click('#delete');
  await says(page, '#dialog-subject', 'Document 2');
  await page.click('#dialog-keep');
  t.is(gateway.jobs.get(2).state, 'pending-held');
  await page.click('#delete');
  await page.click('#dialog-confirm');
  await says(page, '#jobs-heading', 'My documents');
  t.deepEqual(await rowNames(page), ['Document 1']);
  t.is(gateway.jobs.get(2).state, 'canceled');
  gateway.jobs.fails = true;
  await page.click('#delete');
  await page.click('#dialog-confirm');
  await says(page, '#jobs-note', /^The print server had a problem/);
});

peer('what comes from outside is shown as text, whatever it is', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  const names = [
    '<img src=x onerror=alert(1)>',
    '{n} {{title}} $& $1',
    '\u202Etxt.exe\u2066',
    'كشف الرواتب',
    '',
  ];
  names.forEach((name, index) => {
    gateway.jobs.put(job(index + 1, { name, createdAt: NOW - index }));
  });
  gateway.printers.set('mfp-2', { info: '<b>MFP</b>', reasons: ['__proto__', 'constructor'] });
  const page = await browser.open(t, gateway, LARGER);
  await signIn(page);
  t.deepEqual(await rowNames(page), [
    '<img src=x onerror=alert(1)>',
    '{n} {{title}} $& $1',
    'txt.exe',
    'كشف الرواتب',
    'Document without a name',
  ]);
  await says(page, '#printer-info', '<b>MFP</b>');
  t.false(await page.isVisible('#banner'));
});

peer('the page asks before it signs out, and tells why it did', async (t) => {
  const clock = new ManualClock();
  const gateway = await openGateway(t, { clock, panels: [codesPanel({ sessionTimeout: Seconds(6) })] });
  const page = await browser.open(t, gateway);
  await signIn(page);
  t.false(await page.isVisible('#stay'));
  // The page counts by its own clock, the gateway by the test's.
  await says(page, '#stay-question', /^You will be signed out in [12] seconds?\.$/);
  await page.click('#stay-button');
  await page.waitForSelector('#stay', { state: 'hidden' });
  clock.advance(6000);
  await visible(page, '#screen-code');
  await says(page, '#code-message', /nothing was touched/);
});

peer('a connection that breaks opens itself again', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  const page = await browser.open(t, gateway);
  await signIn(page);
  gateway.panels.all.set('ward-3', codesPanel({ sessionTimeout: Seconds(50) }));
  gateway.service.panelsChanged();
  await visible(page, '#screen-offline');
  await visible(page, '#screen-code');
  await signIn(page);
  t.pass();
});

peer('a window that was taken over waits until somebody wants it back', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  const page = await browser.open(t, gateway);
  const other = await TestPanel.greeted(gateway, t);
  await says(page, '#offline-heading', 'This panel is open in another window');
  await page.click('#offline-button');
  await visible(page, '#screen-code');
  t.deepEqual(await other.next('bye'), { type: 'bye', reason: 'taken-over' });
});

peer('another language is chosen on the idle screen, for one session', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  const page = await browser.open(t, gateway);
  await page.click('#languages a[lang=de]');
  await says(page, '#code-heading', 'Geben Sie Ihren Code ein');
  await signIn(page);
  await says(page, '#jobs-heading', 'Meine Dokumente');
  await page.click('#sign-out');
  await says(page, '#code-heading', 'Type your code');
  t.notRegex(page.url(), /language/);
});

peer('whoever signs in reads their own language until they sign out', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel({ language: 'pl' })] });
  gateway.identity.answers.set(CODE, { ok: true, person: MARIA, language: 'de' });
  const screensOf = async (page: Page) => {
    const seen: unknown[] = [];
    const look = async () => {
      const language = await page.getAttribute('html', 'lang');
      // What was read out last may have been said before.
      t.notRegex((await page.textContent('#live')) ?? '', /Chwileczkę/);
      await page.evaluate(SILENT);
      seen.push([await page.title(), language, await page.evaluate(NAMES), await page.innerText('body')]);
    };
    gateway.jobs.put(job(1, { name: 'Letter' }));
    await signIn(page);
    await look();
    await page.click('.row >> nth=0');
    await page.click('#delete');
    await visible(page, '#dialog');
    await look();
    await page.click('#dialog-keep');
    await page.click('#print');
    await visible(page, '#screen-printing');
    await look();
    return seen;
  };
  const chosen = await browser.open(t, gateway, undefined, '?language=de');
  const expected = await screensOf(chosen);
  await chosen.close();
  let loads = 0;
  let sockets = 0;
  const page = await browser.open(t, gateway, undefined, '', async (fresh) => {
    fresh.on('load', () => loads++);
    fresh.on('websocket', () => sockets++);
  });
  const before = [await page.title(), await page.innerText('body')];
  t.deepEqual(await screensOf(page), expected);
  t.regex(JSON.stringify(expected), /Meine Dokumente/);
  await page.click('#sign-out');
  await page.waitForSelector('html[lang=pl]');
  await says(page, '#code-message', 'Wylogowano.');
  await page.evaluate("document.getElementById('code-message').textContent = ''");
  await page.evaluate(SILENT);
  t.deepEqual([await page.title(), await page.innerText('body')], before);
  t.deepEqual([loads, sockets], [1, 1]);
});

peer('a badge of somebody else brings their own language, or the panel’s', async (t) => {
  const gateway = await openGateway(t, { panels: [panel({ addresses: ['127.0.0.1', '::1'] })] });
  gateway.identity.answers.set(CODE, { ok: true, person: MARIA, language: 'de' });
  gateway.identity.answers.set('paul', { ok: true, person: PAUL, language: 'fr' });
  gateway.identity.give('ada', person(3, 'Ada'));
  const page = await browser.open(t, gateway);
  await signIn(page);
  const reader = new TestPanel(gateway.host);
  t.teardown(() => reader.socket.terminate());
  await reader.opened();
  await reader.ask({ type: 'hello', versions: [1], role: 'reader' });
  for (const [value, name, language, heading] of [
    ['paul', PAUL.displayName, 'fr', 'Mes documents'],
    ['ada', 'Ada', 'en', 'My documents'],
  ] as const) {
    await reader.ask({ type: 'credential', kind: 'badge', value });
    await says(page, '#person', name);
    await says(page, '#jobs-heading', heading);
    t.is(await page.getAttribute('html', 'lang'), language);
  }
});

peer('a list waits for its language, and comes without it when that cannot be had', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  gateway.jobs.put(job(1, { name: 'Letter' }));
  gateway.identity.answers.set(CODE, { ok: true, person: MARIA, language: 'de' });
  const page = await browser.open(t, gateway);
  const asked = Promise.withResolvers<Route>();
  await page.route('**/panel-files/de-*.js', (route) => asked.resolve(route), { times: 1 });
  await touchCode(page);
  const route = await asked.promise;
  t.true(await page.isVisible('#screen-code'));
  t.is(await page.locator('#jobs-rows .row').count(), 0);
  await route.abort();
  await visible(page, '#screen-jobs');
  t.deepEqual(await rowNames(page), ['Letter']);
  t.is(await page.getAttribute('html', 'lang'), 'en');
});

peer('a page of an earlier version loads itself again', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  const page = await browser.open(t, gateway);
  let loads = 0;
  page.on('load', () => loads++);
  // Makes it an earlier one, once.
  const earlier = async (route: Route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/(name="holdfast-page" content=")[^"]+/, '$1000000000000');
    await route.fulfill({ response, body });
  };
  await page.route('**/panel/ward-3', earlier, { times: 1 });
  await page.reload();
  await visible(page, '#screen-code');
  t.is(loads, 2);
});

peer('jobs of others never reach the page', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  gateway.jobs.put(job(1, { name: 'Mine' }));
  gateway.jobs.put(job(2, { name: 'Theirs', owner: { kind: 'person', person: PAUL.id, proof: 'claimed' } }));
  const page = await browser.open(t, gateway);
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', (frame) => frames.push(String(frame.payload))));
  await page.reload();
  await visible(page, '#screen-code');
  await signIn(page);
  gateway.jobs.change(2, { state: 'processing' });
  gateway.jobs.progress(2, { kind: 'sent', octets: 5 });
  gateway.jobs.put(job(3, { name: 'New' }));
  await says(page, '#jobs-heading', 'My documents (2)');
  t.true(frames.some((frame) => frame.includes('Mine')));
  t.false(frames.some((frame) => /Theirs|"job-id":2/.test(frame)));
});

peer('a document with a PIN asks for it, by keyboard too; all others are printed without', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  gateway.jobs.put(job(1, { releaseAction: 'job-password', name: 'Payslip' }));
  gateway.jobs.put(job(2, { name: 'Menu' }));
  gateway.jobs.pins.set(1, '2468');
  const page = await browser.open(t, gateway);
  await signIn(page);
  await says(page, '.about', /^with PIN/);
  // The one that needs no PIN.
  await says(page, '#print', 'Print');
  await page.click('#print');
  await visible(page, '#screen-printing');
  t.deepEqual(gateway.jobs.orders.at(-1)?.jobs, [JobId(2)]);
  gateway.jobs.complete(2);
  await page.click('#more');
  await says(page, '#jobs-heading', 'My documents');

  await page.click('#print');
  await visible(page, '#code-back');
  await says(page, '#code-heading', 'Type its PIN');
  await says(page, '#code-hint', 'Payslip');
  await says(page, '#live', 'Type its PIN Payslip');
  await page.click('#code-back');
  await visible(page, '#screen-jobs');
  await page.click('#print');
  await page.keyboard.type('1');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await visible(page, '#screen-jobs');

  await page.click('#print');
  await page.keyboard.type('1357', { delay: 80 });
  await page.keyboard.press('Enter');
  await says(page, '#printing-rows .about', 'That was not its PIN. Your document is still here.');
  await page.click('#more');
  await page.click('#print');
  await touchCode(page, '2468');
  await visible(page, '#screen-printing');
  t.is(gateway.jobs.orders.at(-1)?.password?.reveal(), '2468');
  gateway.jobs.complete(1);
  await says(page, '#printing-heading', 'Printed');
  await page.click('#finish');
  await says(page, '#code-heading', 'Type your code');
  t.false(await page.isVisible('#code-back'));
  t.true(await page.isVisible('#languages'));
  t.notRegex(await page.content(), /Payslip|2468/, 'nothing of the person is left in the page');
});
