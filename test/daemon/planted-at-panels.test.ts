// What is shown and typed at panels, and what is mailed: planted, used rightly and wrongly, and then looked for everywhere.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { EXIM_PASSWORD, EXIM_PROGRAMS, EXIM_USER, type Exim, startExim } from '../peers/exim.ts';
import { peerTest } from '../peers/require-peer.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type CommandResult, GatewayProcess } from './gateway-process.ts';
import { everyFile, mustBeNowhere, waitFor } from './planted.ts';

const exim = peerTest(test, EXIM_PROGRAMS);

/** Each is long and odd enough to be nowhere by chance. */
const PLANTED = {
  card: '04FACADE1DEA57',
  code: '9350284716',
  pin: '836150927',
  newPin: '271905846',
  password: 'papageno-Passwort-5',
  unknownCard: '04BADBED0DDE55',
  wrongCode: '4920571638',
  wrongPin: '590318264',
  wrongPassword: 'papagena-falsch-7',
  listedCard: '7730914582',
  listedCode: '6604918273',
  brokenListCard: '8850132947',
} as const;

const configOf = (server: Exim, folder: string) => `
  log: { level: debug }
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file://${folder}/output" } }
limits: { free-disk-floor: 1 MiB, card-tries: { budget: 3 } }
panels:
  wall: { printer: folder, addresses: [127.0.0.1], sign-in: [badge, code, password], change-pin: true }
  desk: { printer: folder, addresses: [127.0.0.1], sign-in: [badge-and-pin] }
mail:
  host: localhost
  port: ${server.port}
  from: printing@print.test
  user: ${EXIM_USER}
  password-file: ${server.passwordFile}
  ca-file: ${server.ca}
`;

const badge = (value: string) => ({ type: 'credential', kind: 'badge', value });
const code = (value: string) => ({ type: 'credential', kind: 'code', value });
const pin = (value: string) => ({ type: 'credential', kind: 'pin', value });
const password = (value: string) => ({ type: 'credential', kind: 'password', 'user-name': 'carl', value });

async function signInAndOut(
  t: ExecutionContext,
  wall: TestPanel,
  credential: Readonly<Record<string, unknown>>,
): Promise<void> {
  t.like(await wall.ask(credential), { type: 'ok' });
  t.like(await wall.ask({ type: 'logout' }), { type: 'ok' });
}

/** The code in a mail, out of its plain part. */
const codeIn = (mail: string | undefined) => /^ {4}(\d{6,})\r?$/m.exec(mail ?? '')?.[1] ?? '';

exim('what was typed at panels and what was mailed stands in no log, answer, report or file', async (t) => {
  const server = await startExim(t);
  const folder = await temporaryFolder(t);
  const given = await temporaryFolder(t);
  const config = configOf(server, folder);
  const reports = ['--report-on-signal', '--report-signal=SIGUSR2', `--report-directory=${folder}`];
  const gateway = await GatewayProcess.start(t, folder, config, reports);
  const told: CommandResult[] = [];
  const say = async (...words: string[]) =>
    told[told.push(await gateway.holdfast(...words)) - 1] as CommandResult;
  const write = async (name: string, ...lines: string[]) => {
    await writeFile(join(given, name), lines.join('\n'));
    return join(given, name);
  };

  const { card, newPin } = PLANTED;
  const credentials = `${PLANTED.password},${card},${PLANTED.code},${PLANTED.pin}`;
  const people = ['gone', 'grey'].map((name) => `${name}@print.test,CREATE`);
  const header = 'EMAIL,OPERATION,PASSWORD,CARD,CODE,PIN';
  const csv = await write('people.csv', header, `carl@print.test,CREATE,${credentials}`, ...people);
  t.is((await say('people', 'import', csv)).code, 0);
  const titles = 'Username,Full Name,Card/ID Number,Secondary Card/ID Number';
  const row = `pia,Pia,${PLANTED.listedCard},${PLANTED.listedCode}`;
  const papercut = ['people', 'import', '--format', 'papercut', '--numbers', 'cards,codes'];
  t.is((await say(...papercut, await write('list.csv', 'User list', '', titles, row))).code, 0);
  const broken = await write('broken.csv', titles, `quinn;Quinn;${PLANTED.brokenListCard}`);
  t.is((await say(...papercut, broken)).code, 1);

  // At the panels, well and badly; in the end the panel is past its budget of cards.
  const wall = await TestPanel.at(gateway, t, 'wall');
  for (const right of [badge(card), code(PLANTED.code), password(PLANTED.password)])
    await signInAndOut(t, wall, right);
  for (const right of [badge(PLANTED.listedCard), code(PLANTED.listedCode)])
    await signInAndOut(t, wall, right);
  for (const wrong of [PLANTED.unknownCard, PLANTED.wrongPin, `${card}00`])
    t.like(await wall.ask(badge(wrong)), { type: 'error' });
  for (const wrong of [code(PLANTED.wrongCode), password(PLANTED.wrongPassword), code(PLANTED.wrongPassword)])
    t.like(await wall.ask(wrong), { type: 'error' });
  t.like(await wall.ask(badge(card)), { type: 'ok' });
  t.like(await wall.ask(pin(PLANTED.wrongPin)), { code: 'pin-wrong' });
  t.like(await wall.ask(pin(PLANTED.pin)), { type: 'ok' });
  const change = { type: 'set-pin', current: PLANTED.wrongPin, value: newPin };
  t.like(await wall.ask(change), { code: 'pin-wrong' });
  t.like(await wall.ask({ ...change, current: PLANTED.pin }), { type: 'ok' });
  const desk = await TestPanel.at(gateway, t, 'desk');
  t.like(await desk.ask(badge(card)), { type: 'ok' });
  t.like(await desk.ask(pin(newPin)), { type: 'ok' });

  // Mails: sent, refused, and one that waits with its code.
  const mailed = async (name: string) => codeIn((await server.received(`${name}@print.test`))[0]);
  await gateway.holdfast(
    'people',
    'add',
    'vera',
    '--guest',
    '--until',
    '2099-12-31',
    '--email',
    'vera@print.test',
  );
  const shown = await say('codes', 'generate', '--all', '--digits', '9', '--replace', '--json');
  t.is((await say('codes', 'apply', String(JSON.parse(shown.stdout).plan))).code, 0);
  const states = async () =>
    JSON.parse((await say('codes', 'mails', '--json')).stdout) as { mails: { state: string }[] };
  await waitFor(t, async () => {
    const left = (await states()).mails.filter(({ state }) => state === 'queued' || state === 'sending');
    return left.length === 0 && (await mailed('carl')) !== '';
  });
  t.deepEqual((await states()).mails.filter(({ state }) => state === 'deferred').length, 1);
  const carlsCode = await mailed('carl');
  await signInAndOut(t, await TestPanel.at(gateway, t, 'wall'), code(carlsCode));
  for (const words of [
    ['codes', 'mails', '--failed'],
    ['people', 'show', 'carl', '--json'],
    ['people', 'export', '-'],
    ['health', 'show', '--json'],
    ['jobs', 'list', '--json'],
  ])
    await say(...words);
  const metrics = await (await fetch(`http://${gateway.web}/metrics`)).text();

  // A report, an orderly end, and a crash in the middle of things.
  process.kill(gateway.pid, 'SIGUSR2');
  await waitFor(t, async () => (await readdir(folder)).some((name) => name.startsWith('report.')));
  t.is(await gateway.kill('SIGTERM'), 0);
  const second = await GatewayProcess.start(t, folder, config);
  await signInAndOut(t, await TestPanel.at(second, t, 'wall'), badge(card));
  process.kill(second.pid, 'SIGABRT');
  await second.ended;
  const files = await everyFile(folder);

  // What waited is told now, by the mail.
  await server.setGrey(false);
  const third = await GatewayProcess.start(t, folder, config);
  await third.holdfast('codes', 'resend', 'grey');
  await waitFor(t, async () => (await mailed('grey')) !== '');
  const secrets = {
    ...PLANTED,
    mailPassword: EXIM_PASSWORD,
    carlsCode,
    greysCode: await mailed('grey'),
    verasCode: await mailed('vera'),
  };
  mustBeNowhere(
    t,
    secrets,
    new Map([
      ...files,
      ['the answers to commands', Buffer.from(told.map(({ stdout, stderr }) => stdout + stderr).join('\n'))],
      ['the metrics', Buffer.from(metrics)],
      ['the logs', Buffer.from(gateway.output + second.output + third.output)],
    ]),
  );
});
