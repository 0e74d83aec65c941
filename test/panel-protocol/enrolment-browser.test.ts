// A real browser is enrolled: by form and cookie alone, over TLS as everywhere and in the clear on this machine.
import test from 'ava';
import { Chromium } from '../peers/chromium.ts';
import { peerTest } from '../peers/require-peer.ts';
import { visible } from './browser.ts';
import { panel } from './fakes.ts';
import { openGateway } from './gateway.ts';

const peer = peerTest(test.serial, ['chromium']);

for (const [scheme, script, agent] of [
  ['https', true, 'over TLS'],
  ['https', false, 'over TLS without script'],
  ['http', true, 'on loopback'],
] as const) {
  peer(`enrolled ${agent}, opened again, revoked`, async (t) => {
    const gateway = await openGateway(t, { tls: true, panels: [panel({ addresses: [], plainHttp: false })] });
    const chromium = await Chromium.start({
      ignoreHTTPSErrors: true,
      javaScriptEnabled: script,
      locale: 'pl-PL',
    });
    t.teardown(() => chromium[Symbol.asyncDispose]());
    const page = await chromium.context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${scheme}://${gateway.host}/panel`);
    t.is(await page.getAttribute('html', 'lang'), 'pl');
    await page.click('button');
    await visible(page, '.number');
    const shown = (await page.textContent('.number'))?.replace(' ', '') ?? '';
    const { enrolment } = gateway.service;
    t.deepEqual(
      enrolment.waiting.map(({ number }) => number),
      [shown],
    );
    t.regex(enrolment.find(shown)?.client ?? '', /Chrome/);
    const { device, secret: key } = await gateway.registry.add('key', { panel: 'ward-3' });
    t.true(enrolment.approve(shown, { panel: 'ward-3', device: device.id, key }));
    await page.waitForURL(script ? '**/panel/ward-3' : '**/panel/ward-3/plain**');
    await visible(page, script ? '#screen-code' : 'form');
    const [cookie, ...others] = await chromium.context.cookies();
    t.like(cookie, {
      name: `${scheme === 'https' ? '__Host-' : ''}holdfast-panel`,
      httpOnly: true,
      secure: scheme === 'https',
      sameSite: 'Strict',
    });
    t.deepEqual(others, [], 'nothing else is left');
    await page.goto(`${scheme}://${gateway.host}/panel`);
    t.regex(page.url(), /\/panel\/ward-3/);
    await gateway.registry.revoke([device.id]);
    // In another window: without script the first one loads its page again by itself.
    const later = await chromium.context.newPage();
    const refused = await later.goto(`${scheme}://${gateway.host}/panel/ward-3`);
    t.is(refused?.status(), 403);
    await later.goto(`${scheme}://${gateway.host}/panel`);
    await visible(later, 'form[action="/panel"] button');
  });
}
