// The page where a WebSocket is missing, refused or cut: the same session by long-polling, against the real gateway.
import test from 'ava';
import type { Page } from 'playwright-core';
import { peerTest } from '../peers/require-peer.ts';
import { Browser, codesPanel, says, signIn, USUAL, visible } from './browser.ts';
import { job } from './fakes.ts';
import { openGateway } from './gateway.ts';

const browser = new Browser();
test.after.always(() => browser.close());
const peer = peerTest(test.serial, ['chromium']);

const ELSEWHERE = `(function (Real) {
  window.WebSocket = function (url) { return new Real(url.replace(/socket$/, 'nowhere')); };
})(window.WebSocket);`;

const WITHOUT: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  missing: (page) => page.addInitScript('delete window.WebSocket'),
  refused: (page) => page.addInitScript(ELSEWHERE),
  'cut by a proxy': (page) => page.routeWebSocket(/socket$/, (socket) => socket.close()),
};

for (const [how, prepare] of Object.entries(WITHOUT)) {
  peer(`a session where WebSocket is ${how}`, async (t) => {
    const gateway = await openGateway(t, { panels: [codesPanel()] });
    gateway.jobs.put(job(1));
    const page = await browser.open(t, gateway, USUAL, '', prepare);
    await signIn(page);
    // While a question waits, the gateway has something to tell.
    gateway.jobs.put(job(2, { name: 'Letter' }));
    await says(page, '#jobs-rows .name', 'Letter');
    await page.click('#print');
    await visible(page, '#screen-printing');
    t.is(gateway.jobs.orders.length, 1);
    gateway.jobs.complete(1);
    gateway.jobs.complete(2);
    await says(page, '#printing-heading', 'Printed');
    await page.click('#finish');
    await says(page, '#code-message', 'You are signed out.');
    t.regex(await gateway.metrics.text(), /panel_connections 1\n/);
  });
}

peer('an answer or a question that is lost on the way loses nothing', async (t) => {
  const gateway = await openGateway(t, { panels: [codesPanel()] });
  gateway.jobs.put(job(1));
  let lose: 'answer' | 'question' | undefined;
  let lost = 0;
  const page = await browser.open(t, gateway, USUAL, '', async (fresh) => {
    await fresh.addInitScript('delete window.WebSocket');
    await fresh.route('**/poll', async (route) => {
      const how = /"messages":\[\{/.test(route.request().postData() ?? '') ? lose : undefined;
      if (how === undefined) return route.continue().catch(() => {});
      lose = undefined;
      lost++;
      if (how === 'answer') await route.fetch();
      await route.abort();
    });
  });
  lose = 'question';
  await signIn(page);
  lose = 'answer';
  await page.click('#print');
  await visible(page, '#screen-printing');
  gateway.jobs.complete(1);
  await says(page, '#printing-heading', 'Printed');
  t.is(lost, 2);
  t.is(gateway.jobs.orders.length, 1);
});
