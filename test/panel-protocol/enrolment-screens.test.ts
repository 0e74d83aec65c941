// The screens of a device that is no panel yet, in real Chromium: each language and size without scrolling, and valid.
import test from 'ava';
import type { Page } from 'playwright-core';
import { LANGUAGES } from '../../base/i18n/languages.ts';
import { WAITING_PER_ADDRESS } from '../../panel-protocol/access/bounds.ts';
import { Chromium } from '../peers/chromium.ts';
import { peerTest } from '../peers/require-peer.ts';
import { LARGER, SMALLEST, screenshot, troubles, USUAL } from './browser.ts';
import { ask } from './client.ts';
import { openGateway } from './gateway.ts';
import { flaws } from './valid-html.ts';

let started: Promise<Chromium> | undefined;
const browser = () => {
  started ??= Chromium.start();
  return started;
};
test.after.always(async () => (await started)?.[Symbol.asyncDispose]());
const peer = peerTest(test.serial, ['chromium']);

/** axe's rule against pages that load themselves again, which the one with the number must do; not while it is looked at. */
const BY_ITSELF = 'meta-refresh';

for (const language of LANGUAGES) {
  peer(`every screen of enrolment in ${language}`, async (t) => {
    const { host } = await openGateway(t);
    const { context } = await browser();
    await context.clearCookies();
    const page = await context.newPage();
    t.teardown(() => page.close());
    page.setDefaultTimeout(10_000);
    await page.setExtraHTTPHeaders({ 'Accept-Language': language });
    let count = 0;
    /** Does what leads to the screen, and looks at it in each size. */
    const look = async (name: string, status: number, run: () => Promise<unknown>) => {
      const leads = page.waitForResponse((response) => response.status() !== 303);
      await run();
      const served = await leads;
      await page.route('**/panel', (route) => route.fulfill({ status: 204 }));
      t.is(served.status(), status);
      t.deepEqual(await flaws(await served.text()), [], name);
      t.is(await page.getAttribute('html', 'lang'), language);
      const number = String(++count).padStart(2, '0');
      for (const size of [SMALLEST, USUAL, LARGER]) {
        await page.setViewportSize(size);
        t.deepEqual(await troubles(page, BY_ITSELF), [], `${name} ${size.width}`);
        await screenshot(page, `${language}-enrolment-${number}-${name}`);
      }
      t.deepEqual(await unframed(page), [], name);
      await page.unroute('**/panel');
    };

    await look('ask', 200, () => page.goto(`http://${host}/panel`));
    await look('number', 200, () => page.click('button'));
    t.regex((await page.textContent('.number')) ?? '', /^\d{3} \d{3}$/);
    for (let others = 1; others < WAITING_PER_ADDRESS; others++)
      await ask(host, '/panel', { method: 'POST' });
    await context.clearCookies();
    await page.goto(`http://${host}/panel`);
    await look('too-many', 429, () => page.click('button'));
  });
}

/** Buttons that nothing shows the edge of once the browser has taken all colours for its own. */
async function unframed(page: Page): Promise<string[]> {
  await page.emulateMedia({ forcedColors: 'active' });
  const found = await page.evaluate(`[].slice.call(document.querySelectorAll('button'))
    .filter(function (button) { return parseInt(getComputedStyle(button).borderTopWidth, 10) < 4; })
    .map(function (button) { return button.textContent; })`);
  await page.emulateMedia({ forcedColors: null });
  return found as string[];
}
