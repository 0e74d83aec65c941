// The panel's page in a real browser at the real program: who signs in, what they change there, and what comes out.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import { JobState } from '../../ipp/vocabulary/enums.ts';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { PrintClient } from '../daemon/print-client.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { FaultyIppPrinter, type IppFaults } from '../simulators/faulty-ipp-printer.ts';
import { pdfOf } from '../spool/formats/pages/pdf-files.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { Chromium } from './chromium.ts';
import { EXIM_PROGRAMS, EXIM_USER, type Exim, startExim } from './exim.ts';
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

const peer = peerTest(test.serial, ['chromium']);
const withMail = peerTest(test.serial, ['chromium', ...EXIM_PROGRAMS]);

/** One for all tests of the file; a page's script is turned off by its own. */
let started: Promise<Chromium> | undefined;
test.after.always(async () => (await started)?.[Symbol.asyncDispose]());

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

async function pageOf(t: ExecutionContext): Promise<Page> {
  started ??= Chromium.start({ viewport: { width: 800, height: 480 } });
  const page = await (await started).context.newPage();
  t.teardown(() => page.close());
  page.setDefaultTimeout(PATIENCE);
  page.on('pageerror', (error) => t.fail(`error in the page: ${error.message}`));
  return page;
}

peer(
  'with script: the PIN is changed by who knows the old one; another printer is chosen, named and used',
  async (t) => {
    const { gateway, printed } = await gatewayWithAda(t);
    const page = await pageOf(t);
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
    await page.locator('#form-fields').getByText('Downstairs').click();
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
  const page = await pageOf(t);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setScriptExecutionDisabled', { value: true });
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

const CARD = '04A1B2C3D4';

/** As a reader does: all keys at once, and Enter. */
const swipe = (page: Page) =>
  page.evaluate(`'${CARD}\\r'.split('').forEach(function (key) {
    var code = key.charCodeAt(0);
    ['keydown', 'keypress'].forEach(function (type) {
      (document.activeElement || document.body).dispatchEvent(
        new KeyboardEvent(type, { bubbles: true, cancelable: true, keyCode: code, charCode: type === 'keypress' ? code : 0 }));
    });
  })`);

async function activationCode(server: Exim): Promise<string> {
  for (let turns = 0; turns < 400; turns++) {
    for (const mail of await server.received('ada@print.test')) {
      const [, code] = /^ {4}(\d{8})\r?$/m.exec(mail.replace(/=\r?\n/g, '')) ?? [];
      if (code !== undefined) return code;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no mail with a code');
}

const officeOf = (server: Exim, ground: FaultyIppPrinter, second: FaultyIppPrinter) => `
queues:
  print: { unowned-jobs: claimable, claimed-names: trust }
printers:
  ground: { uri: "${ground.uri}", info: Ground, location: 1st floor, near: [second] }
  second: { uri: "${second.uri}", info: Second, location: 2nd floor }
limits: { free-disk-floor: 1 MiB }
panels:
  hall: { printers: [ground, second], addresses: [127.0.0.0/8, "::1"], sign-in: [badge, code], bind-cards: [by-activation], change-pin: true, language: en }
  desk: { printer: ground, addresses: [127.0.0.0/8, "::1"], sign-in: [code], language: en }
  door: { printer: second, addresses: [127.0.0.0/8, "::1"], sign-in: [badge-and-pin], language: en }
mail:
  host: localhost
  port: ${server.port}
  from: printing@print.test
  user: ${EXIM_USER}
  password-file: ${server.passwordFile}
  ca-file: ${server.ca}
`;

withMail(
  'a badge by mail, a printer that cannot, documents of nobody, from page 4 on, badge and PIN, and two at once',
  async (t) => {
    const server = await startExim(t);
    const sides = ['one-sided', 'two-sided-long-edge'];
    const whole = { 'page-ranges-supported': true, 'copies-supported': { lower: 1, upper: 99 } } as const;
    // It gives up after three pages, until somebody has seen to it.
    const faults: { -readonly [Name in keyof IppFaults]: IppFaults[Name] } = {
      attributes: { 'sides-supported': sides, ...whole },
      jobState: JobState.aborted,
      jobAttributes: { 'job-impressions-completed': 3 },
    };
    const stuck: typeof faults = { attributes: { 'sides-supported': ['one-sided'], ...whole } };
    const ground = await FaultyIppPrinter.start(stuck);
    const second = await FaultyIppPrinter.start(faults);
    for (const printer of [ground, second]) t.teardown(() => printer.stop());
    const folder = await temporaryFolder(t);
    const gateway = await GatewayProcess.start(t, folder, officeOf(server, ground, second));
    const csv = join(folder, 'people.csv');
    const header = 'EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE,PIN';
    await writeFile(
      csv,
      `${header}\nada@print.test,CREATE,ada,Ada,${CODE},${PIN}\nbob@print.test,CREATE,bob,Bob,8812340,\n`,
    );
    await gateway.holdfast('people', 'import', csv);
    await gateway.holdfast(
      'delegations',
      'add',
      'ada',
      'bob',
      '--until',
      new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
    );
    const pdf = await pdfOf(6);
    const report = {
      async *chunks() {
        yield pdf;
      },
    };
    using client = new PrintClient(gateway.ipp);
    await client.print(report, 'Report', 'ada', { sides: 'two-sided-long-edge' });
    await client.print(documentStream(5000), 'Secret', 'guest');
    const action = (page: Page, text: string) => page.locator('#form-actions').getByText(text).click();
    const outcome = (page: Page, text: RegExp | string) =>
      page.locator('#printing-rows .about').getByText(text).waitFor();
    const open = async (name: string) => {
      const page = await pageOf(t);
      await page.goto(`http://${gateway.web}/panel/${name}`);
      await page.locator('#screen-code:not(.gone)').waitFor();
      return page;
    };
    const hall = await open('hall');

    // An unknown badge, made theirs by a code that is mailed.
    await swipe(hall);
    await hall.locator('#form-heading').getByText('This badge is new here').waitFor();
    await action(hall, 'Mail me a code');
    await hall.fill('#field-user', 'ada');
    await action(hall, 'Mail me a code');
    await hall.locator('#form-message').getByText('a code is on its way').waitFor();
    await hall.fill('#field-code', await activationCode(server));
    await hall.keyboard.press('Enter');
    await hall.locator('#jobs-rows .name').getByText('Report').waitFor();

    // What the printer cannot do is said before, with the nearest that can.
    t.regex(
      (await hall.locator('#jobs-rows .row .about').first().textContent()) ?? '',
      /one side only.*Nearest: Second, 2nd floor\./,
    );
    await hall.locator('#print').click();
    await hall.locator('#dialog-warning').getByText('Nearest: Second, 2nd floor.').waitFor();
    await hall.locator('#dialog-keep').click();

    // A document of nobody has no name here; then it comes out, once.
    await hall.locator('#tab-claimable').click();
    t.false((await hall.locator('#jobs-rows').textContent())?.includes('Secret'));
    await hall.locator('#jobs-rows .row').first().click();
    await hall.locator('#print').click();
    await outcome(hall, 'Printed');
    t.is(ground.printed.length, 1);
    await hall.locator('#more').click();

    // The printer upstairs gives up after three pages; then it goes on from the fourth.
    await hall.locator('#options').click();
    await action(hall, 'Other printer');
    await hall.locator('#form-fields').getByText('Second').click();
    await hall.locator('#printer-info').getByText('Second').waitFor();
    await hall.locator('#print').click();
    await outcome(hall, 'The printer gave up the document.');
    faults.jobState = JobState.completed;
    await hall.locator('#more').click();
    await hall.locator('#jobs-rows .name').getByText('Report').waitFor();
    await hall.locator('#options').click();
    t.is(await hall.locator('#field-first-page').inputValue(), '4');
    await hall.locator('#form-actions .primary').click();
    await outcome(hall, 'Printed');
    await hall.locator('#finish').click();
    await hall.locator('#screen-code:not(.gone)').waitFor();
    t.is(second.printed.length, 2);

    // The badge and the PIN lead to the list, and everything is printed at one touch.
    for (const name of ['One', 'Two', 'Three']) await client.print(documentStream(5000), name);
    const door = await open('door');
    await swipe(door);
    await door.locator('#code-back').waitFor();
    await door.keyboard.type(PIN, FINGERS);
    await door.keyboard.press('Enter');
    await door.locator('#print', { hasText: /all.*3/ }).click();
    await door.locator('#screen-printing.is-done:not(.has-bad)').waitFor();
    t.is(second.printed.length, 5);
    await door.locator('#finish').click();

    // The owner and a delegate have the same document before them: who is second is told, and it comes out once.
    const both = await client.print(report, 'Both', 'ada', { sides: 'two-sided-long-edge' });
    stuck.stuckAfter = 100;
    const desk = await open('desk');
    const asked = async (page: Page, code: string) => {
      await page.keyboard.type(code, FINGERS);
      await page.keyboard.press('Enter');
      await page.locator('#jobs-rows .row', { hasText: 'Both' }).click();
      await page.locator('#print').click();
      await page.locator('#dialog-confirm').waitFor();
    };
    await asked(hall, CODE);
    await asked(desk, '8812340');
    await hall.locator('#dialog-confirm').click();
    await gateway.logged('job released', (line) => line['job-id'] === both);
    await desk.locator('#dialog-confirm').click();
    await outcome(desk, 'is being printed already.');
    ground.goOn();
    await outcome(hall, 'Printed');
    t.is(ground.printed.length, 2);
  },
);
