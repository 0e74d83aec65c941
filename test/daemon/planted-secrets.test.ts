// Codes, cards, PINs, passwords and tokens are planted everywhere, used rightly and wrongly, and then looked for everywhere.
import { readdir, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { TestPanel } from '../panel-protocol/gateway.ts';
import { peerTest } from '../peers/require-peer.ts';
import { SLAPD_PROGRAMS, SUFFIX, startSlapd } from '../peers/slapd.ts';
import { documentStream } from '../simulators/document-stream.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type CommandResult, GatewayProcess } from './gateway-process.ts';
import { everyFile, mustBeNowhere, waitFor } from './planted.ts';
import { PrintClient } from './print-client.ts';

const peer = peerTest(test, SLAPD_PROGRAMS);

/** Each is long and odd enough to be nowhere by chance. */
const PLANTED = {
  directoryCard: '04C0FFEE1337A5',
  directoryCode: '7391528460',
  directoryPassword: 'dir-Passwort-4711',
  serviceAccount: 'svc-Kennwort-0815',
  localCard: '04DEFACED0BEE5',
  importedCode: '8264017359',
  wrongFileCode: '5720193846',
  localPin: '917364502',
  localPassword: 'local-Passwort-2342',
  wrongCode: '6180339887',
  wrongPassword: 'falsch-Passwort-99',
} as const;

const entry = (uid: string, password: string, ...more: string[]) =>
  [
    `dn: uid=${uid},ou=people,${SUFFIX}`,
    'objectClass: inetOrgPerson',
    `uid: ${uid}`,
    `cn: ${uid}`,
    `sn: ${uid}`,
    `userPassword: ${password}`,
    ...more,
  ].join('\n');

const LDIF = [
  `dn: ${SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: p\ndc: print`,
  `dn: ou=people,${SUFFIX}\nobjectClass: organizationalUnit\nou: people`,
  entry('svc', PLANTED.serviceAccount),
  entry(
    'anna',
    PLANTED.directoryPassword,
    `employeeNumber: ${PLANTED.directoryCard}`,
    `pager: ${PLANTED.directoryCode}`,
  ),
  // The same card again, so that the conflict is reported too.
  entry('bob', PLANTED.directoryPassword, `employeeNumber: ${PLANTED.directoryCard}`),
  '',
].join('\n\n');

const HEADER = 'EMAIL,OPERATION,SHORTNAME,DISPLAY_NAME,CODE';

/** HTTP status of a request to a queue, over TLS. */
function status(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      rejectUnauthorized: false,
      headers: { 'Content-Type': 'application/ipp', ...headers },
    };
    const asking = request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asking.once('error', reject);
    asking.end(Buffer.from('02000002000000010347', 'hex'));
  });
}

const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

peer('planted secrets stand in no log, answer, report or file, before and after a crash', async (t) => {
  await using slapd = await startSlapd(LDIF);
  const folder = await temporaryFolder(t);
  const given = await temporaryFolder(t);
  await writeFile(join(given, 'ca.pem'), slapd.ca);
  await writeFile(join(given, 'password'), `${PLANTED.serviceAccount}\n`, { mode: 0o600 });
  const config = `
  log: { level: debug }
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file://${folder}/output", formats: [application/pdf] } }
panels: { desk: { printer: folder, addresses: [127.0.0.1] } }
limits: { free-disk-floor: 1 MiB }
directories:
  office:
    kind: openldap
    servers: ["ldaps://localhost:${slapd.port}"]
    ca-file: ${given}/ca.pem
    bind-name: uid=svc,ou=people,${SUFFIX}
    password-file: ${given}/password
    attributes: { cards: [employeeNumber], codes: [pager] }
`;
  const reports = ['--report-on-signal', '--report-signal=SIGUSR2', `--report-directory=${folder}`];
  const first = await GatewayProcess.start(t, folder, config, reports);
  await first.logged('directory synced');
  const told: CommandResult[] = [];
  const say = async (...words: string[]) =>
    told[told.push(await first.holdfast(...words)) - 1] as CommandResult;
  const sayGiven = async (input: string, ...words: string[]) =>
    told[told.push(await first.holdfastGiven(`${input}\n`, ...words)) - 1] as CommandResult;

  // People, and all that they are known by.
  const right = join(given, 'right.csv');
  await writeFile(right, `${HEADER}\ncarl@x.org,CREATE,carl,Carl,${PLANTED.importedCode}\n`);
  t.is((await say('people', 'import', right)).code, 0);
  const wrong = join(given, 'wrong.csv');
  const twice = `dora@x.org,CREATE,dora,,${PLANTED.importedCode}`;
  await writeFile(wrong, `${HEADER}\n${twice}\nemil@x.org,CREATE,emil,,${PLANTED.wrongFileCode}x\n`);
  t.is((await say('people', 'import', wrong)).code, 1);
  t.is((await sayGiven(PLANTED.localCard, 'people', 'add-card', 'carl')).code, 0);
  t.is((await sayGiven(PLANTED.localCard, 'people', 'add-card', 'bob')).code, 1);
  t.is((await sayGiven(PLANTED.localPin, 'people', 'set-pin', 'carl')).code, 0);
  t.is((await sayGiven(PLANTED.localPassword, 'people', 'set-password', 'carl')).code, 0);
  // What is told once is told here, and nowhere else.
  const made = await first.holdfast('tokens', 'create', 'laptop', '--person', 'carl', '--json');
  const { secret, uris } = JSON.parse(made.stdout) as { secret: string; uris: string[] };
  const guest = await first.holdfast(
    'people',
    'add',
    'vera',
    '--guest',
    '--until',
    '2099-12-31',
    '--code',
    '10',
  );
  const guestCode = /\d{10}/.exec(guest.stdout)?.[0] ?? '';
  t.is(guestCode.length, 10);

  // Signing in, well and badly.
  await atPanel(t, first, PLANTED.importedCode, 'ok');
  await atPanel(t, first, PLANTED.directoryCode, 'ok');
  await atPanel(t, first, guestCode, 'ok');
  await atPanel(t, first, PLANTED.wrongCode, 'error');
  const auth = `https://${first.ipp}/ipp/print/auth`;
  t.is(await status(auth, basic('carl', PLANTED.wrongPassword)), 401);
  t.not(await status(auth, basic('carl', PLANTED.localPassword)), 401);
  t.not(await status(auth, basic('anna', PLANTED.directoryPassword)), 401);
  t.is(await status(auth, basic(PLANTED.localPassword, 'the wrong field')), 401);
  const token = (uris[0] ?? '').replace(/^ipps/, 'https');
  t.true(token.includes(secret));
  t.is(await status(token), 200);
  await status(`${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`);
  using client = new PrintClient(first.ipp);
  await client.print(documentStream(20_000));

  // Everything that tells of them.
  for (const words of [
    ['people', 'list', '--json'],
    ['people', 'show', 'carl', '--json'],
    ['people', 'show', 'anna'],
    ['sync', 'run', '--full', '--json'],
    ['sync', 'status', '--json'],
    ['tokens', 'list', '--json'],
    ['health', 'show', '--json'],
    ['jobs', 'list', '--json'],
    ['keys', 'rotate', '--json'],
  ]) {
    await say(...words);
  }
  const metrics = await (await fetch(`http://${first.web}/metrics`)).text();
  process.kill(first.pid, 'SIGUSR2');
  await waitFor(t, async () => (await readdir(folder)).some((name) => name.startsWith('report.')));
  // Orderly once, which writes the snapshot; then cut off, which leaves the database's log.
  t.is(await first.kill('SIGTERM'), 0);
  const second = await GatewayProcess.start(t, folder, config);
  await atPanel(t, second, PLANTED.importedCode, 'ok');
  await second.holdfastGiven(`${PLANTED.localPin}\n`, 'people', 'set-pin', 'anna');
  process.kill(second.pid, 'SIGABRT');
  await second.ended;

  const files = await everyFile(folder);
  for (const needed of ['holdfast.db-wal', 'people.snapshot', 'gateway.key']) {
    t.true(
      [...files.keys()].some((path) => path.endsWith(needed)),
      needed,
    );
  }
  const answers = told.map(({ stdout, stderr }) => stdout + stderr).join('\n');
  const places = new Map([
    ...files,
    ['the answers to commands', Buffer.from(answers)],
    ['the metrics', Buffer.from(metrics)],
    ['the logs', Buffer.from(first.output + second.output)],
  ]);
  mustBeNowhere(t, { ...PLANTED, secret, guestCode }, places);
  // The gateway's key stands in its own file only, however it is written.
  const key = (files.get(join(folder, 'state/gateway.key')) ?? Buffer.alloc(0)).toString().trim();
  for (const [place, content] of places) {
    if (place.endsWith('gateway.key')) continue;
    for (const form of [key, Buffer.from(key, 'hex')])
      t.false(content.includes(form), `the key stands in ${place}`);
  }
});

async function atPanel(
  t: ExecutionContext,
  gateway: GatewayProcess,
  value: string,
  answer: 'ok' | 'error',
): Promise<void> {
  const panel = new TestPanel(gateway.web, '/panel/desk/socket');
  await panel.opened();
  await panel.ask({ type: 'hello', versions: [1] });
  t.is((await panel.ask({ type: 'credential', kind: 'code', value })).type, answer);
  panel.socket.close();
  await panel.closed();
}
