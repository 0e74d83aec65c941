// The panel's page in a real browser at the real program: who signs in, what they change there, and what comes out.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { PrintClient } from '../daemon/print-client.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { Chromium } from './chromium.ts';
import { peerTest } from './require-peer.ts';

const PIN = '90417';
const CODE = '7701230';
/** Below what counts as a reader's haste, were it quicker. */
const FINGERS = { delay: 70 };
const PATIENCE = 20_000;

const configOf = (out: string) => `
queues:
  print: { unowned-jobs: claimable, claimed-names: trust }
printers:
  upstairs: { uri: "file://${out}/upstairs", info: Upstairs, location: 2nd floor }
  downstairs: { uri: "file://${out}/downstairs", info: Downstairs, location: 1st floor }
limits: { free-disk-floor: 1 MiB }
panels:
  wall: { printers: [upstairs, downstairs], addresses: [127.0.0.0/8, "::1"], sign-in: [badge, code], change-pin: true, language: en }
`;

const peer = peerTest(test, ['chromium']);

async function gatewayWithAda(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  for (const name of ['upstairs', 'downstairs']) await mkdir(join(folder, name));
  const gateway = await GatewayProcess.start(t, folder, configOf(folder));
  const csv = join(folder, 'people.csv');
  await writeFile(
    csv,
    `EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE,PIN\nada@example.org,CREATE,ada,Ada,${CODE},${PIN}\n`,
  );
  const imported = await gateway.holdfast('people', 'import', csv);
  t.is(imported.code, 0, imported.stdout);
  using client = new PrintClient(gateway.ipp);
  await client.print(documentStream(20_000), 'Payslip');
  const printed = async () => [
    (await readdir(join(folder, 'upstairs'))).length,
    (await readdir(join(folder, 'downstairs'))).length,
  ];
  return { gateway, printed };
}

async function pageOf(t: ExecutionContext, chromium: Chromium): Promise<Page> {
  const page = await chromium.context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on('pageerror', (error) => t.fail(`error in the page: ${error.message}`));
  return page;
}

peer(
  'with script: the PIN is changed by who knows the old one; another printer is chosen, named and used',
  async (t) => {
    const { gateway, printed } = await gatewayWithAda(t);
    await using chromium = await Chromium.start({ viewport: { width: 800, height: 480 } });
    const page = await pageOf(t, chromium);
    await page.goto(`http://${gateway.web}/panel/wall`);
    await page.locator('#screen-code:not(.gone)').waitFor();
    await page.keyboard.type(CODE, FINGERS);
    await page.keyboard.press('Enter');
    await page.locator('.row .name').getByText('Payslip').waitFor();

    await page.click('#options');
    await page.locator('#form-actions').getByText('Change PIN').click();
    const save = async (current: string, pin: string) => {
      await page.fill('#field-current-pin', current);
      await page.fill('#field-new-pin', pin);
      await page.fill('#field-again-pin', pin);
      await page.locator('#form-actions .primary').click();
    };
    await save('11111', '58239');
    await page.locator('#form-message').getByText('That is not your PIN.').waitFor();
    await save(PIN, '1234');
    await page.locator('#form-message').getByText('too easy to guess').waitFor();
    await save(PIN, '58239');
    await page.locator('#jobs-note').getByText('Your PIN is set.').waitFor();

    t.is(await page.locator('#printer-info').textContent(), 'Upstairs');
    await page.click('#options');
    await page.locator('#form-actions').getByText('Other printer').click();
    await page.locator('#form-actions').getByText('Downstairs').click();
    await page.locator('#printer-info').getByText('Downstairs').waitFor();

    // Guessing comes to an end, and the page says for how long.
    await page.click('#options');
    await page.locator('#form-actions').getByText('Change PIN').click();
    const answered = page.locator('#form-message.bad');
    for (let tries = 0; tries < 12; tries++) {
      await save(`2222${tries}`, '58239');
      await answered.waitFor();
      if (/Too many/.test((await answered.textContent()) ?? '')) break;
    }
    t.regex((await answered.textContent()) ?? '', /^Too many wrong codes\. Please wait \d+ seconds?\.$/);
    await page.locator('#form-actions').getByText('Back').click();

    await page.locator('#print').click();
    await page.locator('#screen-printing.is-done .about.good').waitFor();
    t.deepEqual(await printed(), [0, 1]);

    await page.locator('#finish').click();
    await page.locator('#screen-code:not(.gone)').waitFor();
    t.is(await page.locator('#printer-info').textContent(), 'Upstairs', 'the next one begins there');
  },
);

peer('without script: the same', async (t) => {
  const { gateway, printed } = await gatewayWithAda(t);
  await using chromium = await Chromium.start({ javaScriptEnabled: false });
  const page = await pageOf(t, chromium);
  const press = (name: string) => page.locator(`[name="do-${name}"]`).first().click();
  const note = (text: string) => page.locator('.note').getByText(text).waitFor();
  await page.goto(`http://${gateway.web}/panel/wall/plain`);
  await press('way-code');
  await page.fill('#value', CODE);
  await press('code');
  await page.locator('.row .name').getByText('Payslip').waitFor();

  await press('set-pin');
  const save = async (current: string, pin: string) => {
    await page.fill('#current', current);
    await page.fill('#value', pin);
    await page.fill('#again', pin);
    await press('save-pin');
  };
  await save('11111', '58239');
  await note('That is not your PIN.');
  await save(PIN, '1234');
  await note('too easy to guess');
  await save(PIN, '58239');
  await note('Your PIN is set.');

  await press('printers');
  await page.locator('[name="do-choose-printer"]').nth(1).click();
  await page.locator('#printer').getByText('Downstairs').waitFor();
  await press('print-all');
  await page.locator('.about.good').waitFor();
  t.deepEqual(await printed(), [0, 1]);
});
