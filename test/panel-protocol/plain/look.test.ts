// Every way to sign in and every screen without script, in real Chromium whose script is off: each language and size.
import test from 'ava';
import type { Page } from 'playwright-core';
import { LANGUAGES } from '../../../base/i18n/languages.ts';
import type { ServerMessage } from '../../../panel-protocol/server-messages.ts';
import { ManualClock } from '../../manual-clock.ts';
import { Chromium } from '../../peers/chromium.ts';
import { peerTest } from '../../peers/require-peer.ts';
import { barriers, LARGER, LARGEST, SMALLEST, screenshot, USUAL } from '../browser.ts';
import { panel } from '../fakes.ts';
import { jobs, MARIA, PlayedGateway, PRINTER, session, welcome, wireJob } from '../played-gateway.ts';
import { CONFLICTS, OPTIONS } from '../rare.ts';
import { flaws } from '../valid-html.ts';
import { leading, press, servePlain } from './look.ts';

let started: Promise<Chromium> | undefined;
const browser = () => {
  started ??= Chromium.start();
  return started;
};
test.after.always(async () => (await started)?.[Symbol.asyncDispose]());
const peer = peerTest(test.serial, ['chromium']);

const WAYS = ['badge', 'code', 'password'] as const;
const LONG_NAME =
  'Gehaltsabrechnung November mit einem Namen, der ganz sicher länger ist als zwei Zeilen auf einem kleinen Schirm';

for (const language of LANGUAGES) {
  const sizes = [USUAL, LARGER, SMALLEST, ...(language === 'en' ? [LARGEST] : [])];
  peer(`every screen without script in ${language}`, async (t) => {
    const clock = new ManualClock();
    const played = new PlayedGateway(welcome({ 'sign-in': [...WAYS] }));
    const host = await servePlain(t, panel({ language, signIn: [...WAYS] }), played, clock);
    const page = await (await browser()).context.newPage();
    t.teardown(() => page.close());
    const devtools = await page.context().newCDPSession(page);
    const withoutScript = (value: boolean) =>
      devtools.send('Emulation.setScriptExecutionDisabled', { value });
    await withoutScript(true);
    page.setDefaultTimeout(10_000);
    let count = 0;
    const shoot = async (name: string) => {
      count++;
      for (const size of sizes) {
        await page.setViewportSize(size);
        t.deepEqual(await misfits(page), [], `${name} ${size.width}`);
        await screenshot(page, `${language}-plain-${String(count).padStart(2, '0')}-${name}`);
      }
    };
    const look = async (name: string, shown: string) => {
      t.true(await page.isVisible(shown), `${name}: ${shown}`);
      // axe is a script too.
      await withoutScript(false);
      t.deepEqual(await barriers(page, 'meta-refresh'), [], name);
      await withoutScript(true);
      if (language === 'en') {
        const served = await page.request.get(page.url());
        t.deepEqual(await flaws(await served.text()), [], name);
      }
      await shoot(name);
    };
    const told = async (...messages: readonly ServerMessage[]) => {
      played.tell(...messages);
      await page.reload();
    };

    await page.setViewportSize(USUAL);
    await page.goto(`http://${host}/panel/ward-3/plain`);
    // This one comes again by itself: that it may be told not to is the first that it offers.
    await screenshot(page, `${language}-plain-00-idle`);
    await leading(page, () => page.click('a[href$="?seldom=1"]'));
    await look('badge', '[name=do-way-code]');
    played.errors.push('card-unknown');
    await page.fill('#value', '04A2B9C3D1');
    await leading(page, () => page.press('#value', 'Enter'));
    t.deepEqual(played.last('credential'), { type: 'credential', kind: 'badge', value: '04A2B9C3D1' });
    await look('unknown-badge', '.bad');
    await press(page, 'do-way-code');
    await press(page, 'key', 4);
    await press(page, 'key', 0);
    await look('code', '.dots span');
    played.errors.push('credential-unknown');
    await page.fill('#value', '79');
    await press(page, 'do-code');
    t.deepEqual(played.last('credential'), { type: 'credential', kind: 'code', value: '5179' });
    await look('unknown-code', '.bad');
    played.errors.push('throttled');
    await page.fill('#value', '1');
    await press(page, 'do-code');
    await look('throttled', '.bad');
    clock.advance(31_000);
    await told(session('pin'));
    await look('badge-pin', '[name=do-sign-out]');
    played.errors.push('pin-wrong');
    await page.fill('#value', '1379');
    await press(page, 'do-pin');
    await look('wrong-pin', '.bad');
    await press(page, 'do-sign-out');
    t.deepEqual(played.last('logout'), { type: 'logout' });
    await told(session('idle', { reason: 'logout' }));
    await press(page, 'do-way-password');
    await look('password', '#user-name');
    played.errors.push('credential-unknown');
    await page.fill('#user-name', ' m.nowak ');
    await page.fill('#value', 'secret words');
    await press(page, 'do-password');
    t.deepEqual(played.last('credential'), {
      type: 'credential',
      kind: 'password',
      value: 'secret words',
      'user-name': 'm.nowak',
    });
    t.notRegex(await page.content(), /secret words/);
    await look('wrong-password', '.bad');

    await told(session('bind', { may: ['bind-by-sign-in', 'bind-by-activation'] }));
    await look('bind', '[name=do-way-activation]');
    await press(page, 'do-way-ask-activation');
    await look('ask-activation', '#user-name');
    await page.fill('#user-name', 'm.nowak');
    await press(page, 'do-ask-activation');
    t.deepEqual(played.last('request-activation'), { type: 'request-activation', 'user-name': 'm.nowak' });
    await look('activation', '.good');
    await page.fill('#value', 'ABCD 2345');
    await press(page, 'do-activation');
    t.like(played.last('credential'), { kind: 'activation' });

    const own = { ...MARIA, may: ['set-pin'], 'pin-set': true } as const;
    await told(
      session('jobs', own),
      jobs(
        wireJob(5, { 'job-name': LONG_NAME, 'job-state-reasons': ['job-password-wait'] }),
        wireJob(4, { 'job-state-reasons': ['job-incoming'] }),
        wireJob(3, { conflicts: CONFLICTS }),
        wireJob(2, { owner: { 'display-name': 'Paul Weber' }, 'may-keep': true, 'resume-page': 4 }),
        wireJob(1, { claimable: true }),
      ),
      { type: 'printer', printer: { ...PRINTER, 'printer-state-reasons': ['toner-low-warning'] } },
    );
    await look('documents', '[name=do-print-all]');
    await press(page, 'do-print');
    await look('nothing-marked', '.bad');
    await page.check('#job-3');
    await press(page, 'do-print');
    await look('conflict', '[name=do-print-anyway]');
    await press(page, 'do-back');
    await page.uncheck('#job-3');
    await page.check('#job-2');
    await press(page, 'do-delete');
    await look('delete', '[name=do-delete-now]');
    await press(page, 'do-back');
    await leading(page, async () => {
      await page.click('[name=do-options]');
      // It is the answer to the page's question, which waits for it.
      played.tell(OPTIONS);
    });
    await page.reload();
    await look('options', '#sides');
    await page.fill('#copies', '2');
    await page.selectOption('#sides', 'two-sided-long-edge');
    await page.check('#keep');
    await press(page, 'do-print-options');
    const { key: _, ...release } = played.last('release') ?? {};
    t.deepEqual(release, {
      type: 'release',
      'job-ids': [2],
      keep: true,
      changes: { copies: 2, sides: 'two-sided-long-edge', 'first-page': 4 },
    });
    await press(page, 'do-printers');
    await look('printers', '[name=do-choose-printer]');
    await press(page, 'do-choose-printer', 1);
    t.deepEqual(played.last('choose-printer'), { type: 'choose-printer', 'printer-name': 'mfp-5' });
    await press(page, 'do-set-pin');
    await page.fill('#value', '9731');
    await page.fill('#again', '9732');
    await press(page, 'do-save-pin');
    await look('set-pin', '.bad');
    await press(page, 'do-back');
    await page.check('#job-5');
    await press(page, 'do-print');
    await look('job-password', '[name=do-job-password]');
    await press(page, 'do-back');
    await press(page, 'do-mark-all');
    await press(page, 'do-print');
    await press(page, 'do-print-anyway');
    await page.fill('#value', '2468');
    await press(page, 'do-job-password');
    t.like(played.last('release'), { 'job-ids': [5, 3, 2], 'job-password': '2468' });

    await told(session('releasing', own), {
      type: 'progress',
      'job-id': 3,
      'printer-state-reasons': ['media-jam-error'],
      'job-impressions-completed': 1,
    });
    await look('printing', '#banner');
    await press(page, 'do-stop');
    await look('stop', '[name=do-delete-now]');
    await press(page, 'do-back');
    await told(
      {
        type: 'outcome',
        'job-id': 5,
        operation: 'release',
        outcome: 'refused',
        reason: 'job-password-wrong',
      },
      {
        type: 'outcome',
        'job-id': 3,
        operation: 'release',
        outcome: 'completed',
        'job-impressions-completed': 3,
      },
      { type: 'outcome', 'job-id': 2, operation: 'release', outcome: 'unknown', reason: 'cut' },
      session('done', own),
    );
    await look('not-everything', '[name=do-list]');
    await told(session('jobs', own), jobs());
    await look('nothing-waits', '[name=do-list]');
    await press(page, 'do-sign-out');
    await told(session('idle', { reason: 'time-out' }));
    await look('signed-out', '[name=do-way-code]');
    t.notRegex(await page.content(), /Maria|Gehalt/);
    await told({ type: 'bye', reason: 'taken-over' });
    await look('taken-over', 'a.primary');
  });
}

const misfits = (page: Page): Promise<string[]> => page.evaluate(`(${misfitsInPage})()`);

/** These pages scroll, downwards only: what a finger cannot hit, what is cut, and what lies beside the screen. */
const misfitsInPage = `function () {
  var found = [];
  var seen = [].slice.call(document.querySelectorAll('a, input, select, .row, h1, #banner, .note'))
    .filter(function (each) { return each.offsetParent !== null && !each.closest('.unseen') && each.type !== 'hidden'; });
  seen.forEach(function (one, index) {
    var box = one.getBoundingClientRect();
    var name = one.tagName + ' ' + (one.id || one.name || one.value || one.textContent);
    var target = one.type === 'checkbox' ? one.parentNode.getBoundingClientRect() : box;
    if (/^(A|INPUT|SELECT)$/.test(one.tagName) && (target.width < 44 || target.height < 44)) {
      found.push('small: ' + name + ' ' + target.width + 'x' + target.height);
    }
    if (box.left < 0 || box.right > innerWidth) found.push('outside: ' + name);
    if (one.tagName !== 'INPUT' && one.scrollWidth > one.clientWidth + 1) found.push('cut: ' + name);
    seen.slice(index + 1).forEach(function (other) {
      if (one.contains(other) || other.contains(one)) return;
      var two = other.getBoundingClientRect();
      var over = Math.min(box.right, two.right) - Math.max(box.left, two.left);
      var down = Math.min(box.bottom, two.bottom) - Math.max(box.top, two.top);
      if (over > 1 && down > 1) found.push('overlap: ' + name + ' / ' + other.tagName + ' ' + (other.name || other.textContent));
    });
  });
  if (document.documentElement.scrollWidth > innerWidth) found.push('wider than the screen');
  return found;
}`;
