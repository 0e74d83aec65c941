// Every way to sign in and every rare screen of the page with script, by messages that a played gateway sends.
import test from 'ava';
import type { Page } from 'playwright-core';
import { LANGUAGES } from '../../base/i18n/languages.ts';
import { peerTest } from '../peers/require-peer.ts';
import { Browser, LARGER, misfits, SMALLEST, says, screenshot, troubles, USUAL, visible } from './browser.ts';
import { panel } from './fakes.ts';
import { openGateway } from './gateway.ts';
import { jobs, MARIA, OTHER, PlayedGateway, PRINTER, session, welcome, wireJob } from './played-gateway.ts';
import { CONFLICTS, OPTIONS } from './rare.ts';

const browser = new Browser();
test.after.always(() => browser.close());
const peer = peerTest(test.serial, ['chromium']);

const BADGE = '04A2B9C3D1';
/** As a reader types: all keys at once, and Enter. */
const swipe = (page: Page) =>
  page.evaluate(`'${BADGE}\\r'.split('').forEach(function (key) {
    var code = key.charCodeAt(0);
    ['keydown', 'keypress'].forEach(function (type) {
      (document.activeElement || document.body).dispatchEvent(
        new KeyboardEvent(type, { bubbles: true, cancelable: true, keyCode: code, charCode: type === 'keypress' ? code : 0 }));
    });
  })`);

const button = (page: Page, at: number) => page.click(`#form-actions button >> nth=${at}`);

for (const size of [USUAL, LARGER, SMALLEST]) {
  for (const language of LANGUAGES) {
    peer(`ways to sign in and rare screens at ${size.width}×${size.height} in ${language}`, async (t) => {
      const gateway = await openGateway(t, { panels: [panel({ language })] });
      const played = new PlayedGateway(welcome());
      const page = await browser.open(t, gateway, size, '', (fresh) => played.playTo(fresh));
      let count = 0;
      const look = async (name: string) => {
        t.deepEqual(await troubles(page), [], name);
        await screenshot(page, `${language}-way-${String(++count).padStart(2, '0')}-${name}`);
      };
      await look('badge-or-code');

      // A reader that types: all at once, and Enter.
      played.errors.push('card-unknown');
      await swipe(page);
      await visible(page, '#code-message.bad');
      t.deepEqual(played.last('credential'), { type: 'credential', kind: 'badge', value: BADGE });
      await look('unknown-badge');

      played.tell(session('pin'));
      await visible(page, '#code-back');
      await look('badge-pin');
      played.errors.push('pin-wrong');
      await page.keyboard.type('1379', { delay: 70 });
      await page.keyboard.press('Enter');
      await visible(page, '#code-message.bad');
      t.deepEqual(played.last('credential'), { type: 'credential', kind: 'pin', value: '1379' });
      await look('wrong-pin');
      played.tell(session('idle', { reason: 'logout' }));
      await page.waitForSelector('#code-back', { state: 'hidden' });

      await page.click('#to-password');
      await look('password');
      await page.fill('#field-user', 'm.nowak');
      await page.fill('#field-password', 'secret words');
      played.errors.push('credential-unknown');
      await page.keyboard.press('Enter');
      await visible(page, '#form-message.bad');
      await look('wrong-password');
      t.deepEqual(played.last('credential'), {
        type: 'credential',
        kind: 'password',
        'user-name': 'm.nowak',
        value: 'secret words',
      });

      played.tell(session('bind', { may: ['bind-by-sign-in', 'bind-by-activation'] }));
      await page.waitForSelector('#field-user', { state: 'detached' });
      await look('bind');
      t.notRegex(await page.content(), /secret words/);
      await button(page, 1);
      await page.fill('#field-user', 'm.nowak');
      await button(page, 1);
      await visible(page, '#field-code');
      t.deepEqual(played.last('request-activation'), { type: 'request-activation', 'user-name': 'm.nowak' });
      await look('activation');
      await page.fill('#field-code', 'ABCD 2345');
      await page.keyboard.press('Enter');
      await played.hears('credential', 'activation');
      t.deepEqual(played.last('credential'), { type: 'credential', kind: 'activation', value: 'ABCD2345' });

      played.tell(
        session('jobs', { ...MARIA, may: ['set-pin'], 'pin-set': true, 'printer-name': 'mfp-2' }),
        jobs(
          wireJob(3, { conflicts: CONFLICTS }),
          wireJob(2, {
            owner: { 'display-name': 'Paul Weber' },
            'may-keep': true,
            'resume-page': 4,
            sides: 'one-sided',
          }),
        ),
      );
      await visible(page, '#screen-jobs');
      await page.waitForSelector('#jobs-rows .row');
      await look('conflict-and-delegated');
      await page.click('#print');
      await visible(page, '#dialog');
      await look('conflict');
      await page.click('#dialog-keep');
      await page.click('#jobs-rows .row >> nth=1');
      await page.click('#options');
      played.tell(OPTIONS);
      await visible(page, '#screen-form');
      await look('options');
      t.is(await page.inputValue('#field-first-page'), '4');
      await page.selectOption('#field-sides', 'two-sided-long-edge');
      await page.selectOption('#field-finishings', 'staple');
      await page.click('.field:has(#field-copies) button >> nth=1');
      await page.check('#field-keep');
      await button(page, 1);
      await look('printers');
      await page.click(`#form-fields button:has-text("${OTHER['printer-info']}")`);
      t.deepEqual(played.last('choose-printer'), { type: 'choose-printer', 'printer-name': 'mfp-5' });
      await visible(page, '#screen-jobs');
      await page.click('#options');
      played.tell(OPTIONS);
      await visible(page, '#screen-form');
      await page.selectOption('#field-sides', 'two-sided-long-edge');
      await page.click('.field:has(#field-copies) button >> nth=1');
      await page.check('#field-keep');
      await page.click('#form-actions .primary');
      await page.waitForFunction(`document.getElementById('print').disabled`);
      const { key: _, ...release } = played.last('release') ?? {};
      t.deepEqual(release, {
        type: 'release',
        'job-ids': [2],
        keep: true,
        changes: { copies: 2, sides: 'two-sided-long-edge', 'first-page': 4 },
      });
      played.tell(session('releasing', MARIA), {
        type: 'progress',
        'job-id': 2,
        'printer-state-reasons': ['media-jam-error', 'media-empty-error'],
      });
      await visible(page, '#banner');
      await look('jam');
      played.tell(
        {
          type: 'outcome',
          'job-id': 2,
          operation: 'release',
          outcome: 'completed',
          'job-impressions-completed': 9,
        },
        session('done', MARIA),
      );
      await visible(page, '#more');
      played.tell(session('jobs', { ...MARIA, may: ['set-pin'], 'pin-set': true }), jobs());
      await visible(page, '#screen-jobs');
      await page.click('#options');
      await page.click('#form-actions button >> nth=2');
      await look('pin');
      await page.fill('#field-current-pin', '1111');
      await page.fill('#field-new-pin', '9731');
      await page.fill('#field-again-pin', '9732');
      await page.keyboard.press('Enter');
      await visible(page, '#form-message.bad');
      t.deepEqual(await misfits(page), [], 'pins-differ');
      t.is(played.last('set-pin'), undefined);
      await page.fill('#field-again-pin', '9731');
      await page.keyboard.press('Enter');
      await visible(page, '#screen-jobs');
      t.deepEqual(played.last('set-pin'), { type: 'set-pin', value: '9731', current: '1111' });

      // Of nobody, while somebody is signed in.
      played.errors.push('card-unknown');
      await swipe(page);
      await page.locator('#jobs-note.bad').filter({ hasNotText: 'PIN' }).waitFor();
      await look('unknown-badge-beside');

      // The page counts from there by itself.
      played.tell(session('jobs', { ...MARIA, 'time-left': 15 }));
      await visible(page, '#stay');
      await look('stay');
      played.tell(session('jobs', MARIA));
      await page.waitForSelector('#stay', { state: 'hidden' });

      // The second swipe, wherever one is.
      await swipe(page);
      t.deepEqual(played.last('credential'), { type: 'credential', kind: 'badge', value: BADGE });
      played.tell(session('idle', { reason: 'logout' }));
      await says(page, '#code-message', /./);
      played.tell({ type: 'bye', reason: 'taken-over' });
      await visible(page, '#offline-button');
      await look('taken-over');
    });
  }
}

/** The panel of a whole clinic. */
const PRINTERS = Array.from({ length: 24 }, (_, at) => ({
  ...PRINTER,
  'printer-name': `mfp-${at}`,
  'printer-info': `Konica bizhub mfp-${String(at).padStart(2, '0')}`,
  'printer-location': `Building ${'ABC'[at % 3]}, floor ${at >> 2}`,
}));

for (const language of ['de', 'en'] as const) {
  peer(`24 printers to choose from, by touch and by keyboard, in ${language}`, async (t) => {
    const gateway = await openGateway(t, { panels: [panel({ language })] });
    const played = new PlayedGateway(welcome({ printers: PRINTERS }));
    const page = await browser.open(t, gateway, USUAL, '', (fresh) => played.playTo(fresh));
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    /** A finger comes down, goes up the screen by so much, and leaves: what only a script can scroll stays. */
    const touch = async (x: number, y: number, up = 0) => {
      const send = (
        type: 'touchStart' | 'touchMove' | 'touchEnd',
        ...touchPoints: { x: number; y: number }[]
      ) => devtools.send('Input.dispatchTouchEvent', { type, touchPoints });
      await send('touchStart', { x, y });
      for (let gone = 0; gone < up; gone += 100) await send('touchMove', { x, y: y - gone });
      await send('touchEnd');
    };
    const last = page.getByText('Konica bizhub mfp-23, Building C, floor 5');
    const choose = async () => {
      await page.click('#options');
      await button(page, 1);
      await last.waitFor();
    };
    const chosen = async (name: string) => {
      await visible(page, '#screen-jobs');
      t.deepEqual(played.last('choose-printer'), { type: 'choose-printer', 'printer-name': name });
    };
    played.tell(session('jobs', MARIA), jobs());
    await visible(page, '#screen-jobs');
    for (const size of [USUAL, LARGER, SMALLEST]) {
      await page.setViewportSize(size);
      await choose();
      t.deepEqual(await troubles(page), [], `first ${size.width}`);
      await screenshot(page, `${language}-24-printers`);
      await touch(60, size.height / 2, 2000);
      await page.waitForFunction(`(function (box) {
        return box.scrollTop + box.clientHeight + 1 > box.scrollHeight;
      })(document.getElementById('form-body'))`);
      t.deepEqual(await misfits(page), [], `last ${size.width}`);
      const box = await last.boundingBox();
      await touch((box?.x ?? 0) + 30, (box?.y ?? 0) + 20);
      await chosen('mfp-23');

      await choose();
      for (let count = 0; count < 23; count++) await page.keyboard.press('Tab');
      t.deepEqual(await misfits(page), [], `keyboard ${size.width}`);
      await page.keyboard.press('Enter');
      await chosen('mfp-22');
      await choose();
      await button(page, 0);
      await visible(page, '#screen-jobs');
    }
  });
}

peer(
  'a list comes on the screen together with it, and has as many rows as fit whenever that changes',
  async (t) => {
    const gateway = await openGateway(t);
    const played = new PlayedGateway(welcome());
    const page = await browser.open(t, gateway, USUAL, '', (fresh) => played.playTo(fresh));
    // Looks after each message, as a browser does that has the time to draw.
    await page.evaluate(`(function () {
    window.shownEmpty = 0;
    var screen = document.getElementById('screen-jobs');
    new MutationObserver(function () {
      if (screen.offsetHeight > 0 && !screen.querySelector('.row')) window.shownEmpty++;
    }).observe(screen, { attributes: true });
  })()`);
    const all = Array.from({ length: 12 }, (_, at) => wireJob(at + 1));
    played.tell(session('jobs', MARIA), jobs(...all));
    await says(page, '#jobs-pager span', '1 of 3');
    t.is(await page.evaluate('window.shownEmpty'), 0);
    t.is(await page.locator('#jobs-rows .row').count(), 4);

    await page.click('#jobs-pager button >> nth=1');
    await page.focus('.row >> nth=1');
    await page.setViewportSize(LARGER);
    await says(page, '#jobs-pager span', '1 of 3');
    t.is(await page.locator('#jobs-rows .row').count(), 5);
    t.is(await page.evaluate('document.activeElement.className'), 'row');

    played.tell(session('idle', { reason: 'logout' }));
    await visible(page, '#screen-code');
    t.is(await page.locator('#jobs-rows .row').count(), 0);
    // News of a session that goes on come without a list.
    played.tell(session('jobs', MARIA), jobs(wireJob(1)));
    await visible(page, '#jobs-rows .row');
    played.tell(session('jobs', { person: { 'display-name': 'Maria Nowak-Lis' }, 'time-left': 300 }));
    await says(page, '#person', 'Maria Nowak-Lis');
  },
);

peer('who guesses codes locks the codes’ keypad, and neither badges nor their PINs', async (t) => {
  const gateway = await openGateway(t);
  const played = new PlayedGateway(welcome());
  const page = await browser.open(t, gateway, USUAL, '', (fresh) => played.playTo(fresh));
  played.errors.push('throttled');
  await page.keyboard.type('1111', { delay: 70 });
  await page.keyboard.press('Enter');
  await visible(page, '#key-ok:disabled');
  await says(page, '#code-message', /wait \d+ seconds/);

  played.errors.push('card-unknown');
  await swipe(page);
  await says(page, '#code-message', /badge is not known/);
  t.is(played.last('credential')?.['kind'], 'badge');
  played.tell(session('pin'));
  await visible(page, '#key-ok:enabled');
  await says(page, '#code-message', '');
  played.errors.push('throttled');
  await page.keyboard.type('1379', { delay: 70 });
  await page.keyboard.press('Enter');
  await visible(page, '#key-ok:disabled');
  t.is(played.last('credential')?.['kind'], 'pin');

  // The next badge may be another person's, and what was said of codes holds as before.
  played.tell(session('idle', { reason: 'logout' }), session('pin'));
  await visible(page, '#key-ok:enabled');
  played.tell(session('idle'));
  await visible(page, '#key-ok:disabled');
  await says(page, '#code-message', /wait \d+ seconds/);

  played.tell(session('jobs', MARIA), jobs());
  await visible(page, '#screen-jobs');
  await swipe(page);
  await played.hears('credential', 'badge');
  t.deepEqual(played.last('credential'), { type: 'credential', kind: 'badge', value: BADGE });
});
