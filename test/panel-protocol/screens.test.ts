// Every screen in real Chromium, in every language and size: nothing cut, nothing too small for a finger, no barrier.
import test from 'ava';
import { LANGUAGES } from '../../base/i18n/languages.ts';
import { Milliseconds } from '../../base/units.ts';
import { ManualClock } from '../manual-clock.ts';
import { peerTest } from '../peers/require-peer.ts';
import {
  Browser,
  codesPanel,
  LARGER,
  SMALLEST,
  says,
  screenshot,
  signIn,
  touchCode,
  troubles,
  USUAL,
  visible,
} from './browser.ts';
import { job, NOW, UNOWNED } from './fakes.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { ticket } from './tickets.ts';

const browser = new Browser();
test.after.always(() => browser.close());
const peer = peerTest(test.serial, ['chromium']);

const today = () => Date.now();
const LONG_NAME =
  'Gehaltsabrechnung November mit einem Namen, der ganz sicher länger ist als zwei Zeilen auf einem kleinen Schirm';

/** Some documents of a ward, the newest first. */
function fill(gateway: Gateway): void {
  const today = Date.now();
  gateway.jobs.put(job(1, { name: 'Befund Station 3 – Müller.pdf', createdAt: today }));
  gateway.jobs.put(
    job(2, {
      name: 'Dienstplan Oktober, ein Name, der ganz sicher länger ist als eine Zeile auf diesem kleinen Schirm',
      createdAt: today - 1000,
      ticket: ticket({ copies: 2, sides: 'two-sided-long-edge', 'print-color-mode': 'color' }),
    }),
  );
  gateway.jobs.put(job(3, { name: 'Merkblatt', createdAt: today - 86_400_000 }));
  for (let id = 4; id < 14; id++) gateway.jobs.put(job(id, { createdAt: today - id * 86_400_000 }));
}

for (const size of [USUAL, LARGER, SMALLEST]) {
  for (const language of LANGUAGES) {
    peer(`every screen at ${size.width}×${size.height} in ${language}`, async (t) => {
      const clock = new ManualClock();
      const gateway = await openGateway(t, { clock, panels: [codesPanel({ language })] });
      fill(gateway);
      const page = await browser.open(t, gateway, size);
      let count = 0;
      const look = async (name: string) => {
        t.deepEqual(await troubles(page), [], name);
        await screenshot(page, `${language}-${String(++count).padStart(2, '0')}-${name}`);
      };

      await look('idle');
      await touchCode(page, '1111');
      await visible(page, '#code-message.bad');
      await look('unknown-code');
      gateway.identity.throttle = Milliseconds(900);
      await touchCode(page);
      await visible(page, '#key-ok:disabled');
      await look('throttled');
      gateway.identity.throttle = Milliseconds(0);
      await visible(page, '#key-ok:enabled');

      await signIn(page);
      await look('documents');
      await page.click('#jobs-rows .row >> nth=0');
      await look('chosen');
      await page.click('#delete');
      await look('delete');
      await page.click('#dialog-keep');
      gateway.printers.set('mfp-2', {
        state: 'stopped',
        reasons: ['media-empty-error', 'toner-low-warning'],
      });
      await visible(page, '#banner');
      await look('printer-trouble');
      gateway.printers.set('mfp-2', {});
      gateway.jobs.put(job(50, UNOWNED));
      gateway.jobs.put(job(51, { ...UNOWNED, createdAt: NOW + 1000 }));
      await visible(page, '#tabs');
      await page.click('#tab-claimable');
      await page.click('#jobs-rows .row >> nth=0');
      await look('unknown-sender');
      await page.click('#tab-mine');
      for (let id = 4; id < 14; id++) gateway.jobs.forget(id);
      for (const id of [50, 51]) gateway.jobs.forget(id);
      await says(page, '#jobs-heading', /\(3\)/);

      gateway.jobs.put(job(60, { releaseAction: 'job-password', name: LONG_NAME, createdAt: today() }));
      gateway.jobs.pins.set(60, '2468');
      await page.click('#jobs-rows .row >> nth=0');
      await look('with-pin');
      await page.click('#print');
      await visible(page, '#code-back');
      await page.keyboard.type('1357', { delay: 80 });
      await look('pin');
      await page.keyboard.press('Enter');
      await visible(page, '#more');
      await look('wrong-pin');
      await page.click('#more');
      gateway.jobs.forget(60);
      await says(page, '#jobs-heading', /\(3\)/);

      await page.click('#print');
      await visible(page, '#screen-printing');
      gateway.jobs.change(1, { state: 'processing' });
      gateway.jobs.progress(1, { kind: 'sent', octets: 60_000 });
      gateway.jobs.complete(2);
      await says(page, '#printing-rows .about', /50/);
      await look('printing');
      await page.click('#stop');
      await look('stop');
      await page.click('#dialog-keep');
      gateway.jobs.fail(1, { outcome: 'unknown', reason: 'cut' });
      gateway.jobs.fail(3, { outcome: 'not-printed', reason: 'format-refused' });
      await visible(page, '#finish');
      await look('not-everything');
      await page.click('#more');
      await visible(page, '#jobs-rows .bad');
      await look('held-again');
      await page.click('#print');
      await visible(page, '#screen-printing');
      gateway.jobs.complete(1);
      gateway.jobs.complete(3);
      await visible(page, '#finish');
      await look('done');
      await page.click('#finish');
      await visible(page, '#screen-code');
      await look('signed-out');
      await signIn(page);
      await look('nothing-waits');
      await gateway.service.close();
      await visible(page, '#offline-button');
      await look('no-connection');
    });
  }
}
