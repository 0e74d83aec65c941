// Toner edited in a real snmpd's data: one mail by a real Exim, one POST, as soon as the printer is looked at; none again within the
// hour, an all-clear; over a restart too.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { systemClock, type Timer } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import type { Milliseconds } from '../../base/units.ts';
import { parseConfig } from '../../config/load.ts';
import { runCommand } from '../../daemon/commands/run.ts';
import { Gateway } from '../../daemon/gateway.ts';
import { ManualClock } from '../manual-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { EXIM_PROGRAMS, EXIM_USER, type Exim, startExim } from './exim.ts';
import { peerTest, programPath } from './require-peer.ts';
import { SNMP_USER, SNMPD_PROGRAMS, SUPPLY_LEVEL, startSnmpd } from './snmpd.ts';

const peers = peerTest(test, [...new Set([...EXIM_PROGRAMS, ...SNMPD_PROGRAMS, 'openssl'])]);
const LOG = { ...silentLog, setLevel: () => {}, close: async () => {}, flushNow: () => {} };
const HOUR = 3_600_000;

/** A printer in trouble, as out of paper, is looked at four times in `printer-poll`, each up to a fifth sooner: once in this time. */
const LOOK = 150_000;
/** What comes together is told in one mail. */
const GATHERING = 2000;

/** Stands still but for what the test lets pass; time-outs are real. */
class StillClock extends ManualClock {
  /** The printer in trouble is not being looked at: the next look waits for its time. */
  rests = false;

  constructor() {
    super(Date.now());
  }

  override after(delay: Milliseconds, run: () => void): Timer {
    if (delay > GATHERING && delay < 100_000) return systemClock.after(delay, run);
    if (delay < 0.8 * LOOK || delay > LOOK) return super.after(delay, run);
    this.rests = true;
    return super.after(delay, () => {
      this.rests = false;
      run();
    });
  }
}

interface Hook {
  readonly url: string;
  readonly ca: string;
  readonly heard: { readonly secret: string | undefined; readonly body: Record<string, unknown> }[];
}

async function startHook(t: ExecutionContext): Promise<Hook> {
  const folder = await temporaryFolder(t);
  const [key, ca] = [join(folder, 'key.pem'), join(folder, 'ca.pem')];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-keyout', key, '-out', ca];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  await promisify(execFile)(programPath('openssl'), ['req', '-x509', '-nodes', ...made, ...subject]);
  const hook: Hook = { url: '', ca, heard: [] };
  const server = createServer(
    { key: await readFile(key), cert: await readFile(ca) },
    async (asked, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of asked) chunks.push(chunk);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      hook.heard.push({ secret: asked.headers.authorization, body });
      answer.end('x'.repeat(100_000));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  t.teardown(() => server.close());
  return {
    ...hook,
    url: `https://localhost:${(server.address() as AddressInfo).port}/told`,
    heard: hook.heard,
  };
}

const ask = (command: string, args: object) => ({
  command,
  arguments: args,
  upload: Buffer.alloc(0),
  onProgress: () => {},
  onPart: async () => {},
});

const subjects = async (server: Exim, who: string) =>
  (await server.received(`${who}@print.test`)).map((mail) => /^Subject: (.*)$/m.exec(mail)?.[1] ?? '').sort();

peers('toner runs low, is told once, comes back, over a restart', async (t) => {
  const [agent, server, hook] = [await startSnmpd(t), await startExim(t), await startHook(t)];
  const folder = await temporaryFolder(t);
  const secret = join(folder, 'header');
  await writeFile(secret, 'Authorization: Bearer s3same\n', { mode: 0o600 });
  const { config } = parseConfig(
    `
gateway:
  state-directory: ${folder}/state
  control-socket: ${folder}/control.sock
  ipp: { listen: ["127.0.0.1:0"] }
  web: { listen: ["127.0.0.1:0"] }
queues: { print: { claimed-names: trust } }
printers:
  mfp:
    uri: "file://${folder}/output"
    info: Copy room
    location: 2nd floor
    snmp:
      version: v3
      host: 127.0.0.1
      port: ${agent.port}
      user: ${SNMP_USER}
      authentication: sha
      authentication-password-file: ${agent.authenticationPasswordFile}
      privacy-password-file: ${agent.privacyPasswordFile}
  other: { uri: "file://${folder}/other" }
panels: { desk: { printer: mfp, addresses: [127.0.0.1] } }
limits: { free-disk-floor: 1 MiB, printer-poll: 10 min }
mail:
  host: localhost
  port: ${server.port}
  from: printing@print.test
  user: ${EXIM_USER}
  password-file: ${server.passwordFile}
  ca-file: ${server.ca}
alerts:
  printer-delay: 10 min
  printer-groups: { second: { printers: [mfp] } }
  recipients:
    stores: { kinds: [supplies], printers: [second], mail: [stores@print.test], language: de }
    desk:
      kinds: [printer, supplies]
      webhook: { url: "${hook.url}", header-file: ${secret}, ca-file: ${hook.ca} }
    elsewhere: { printers: [other], mail: [elsewhere@print.test] }
    paper: { kinds: [printer], mail: [paper@print.test] }
`,
    join(folder, 'holdfast.yaml'),
  );
  const clock = new StillClock();
  let gateway = await Gateway.start(config, LOG, clock);
  t.teardown(() => gateway.stop().catch(() => {}));
  /** None of the gateway's time passes while it is waited for. */
  const until = async (what: string, holds: () => Promise<boolean> | boolean) => {
    for (let turns = 0; turns < 500; turns++) {
      if (await holds()) return;
      // What was asked for with no delay is due.
      clock.advance(0);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`it never came: ${what}`);
  };
  /** However long it is: it brings one look at the printer. */
  const pass = async (time: number) => {
    await until('the end of the look before', () => clock.rests);
    clock.advance(time);
  };
  /** The first look shows it; a second one never comes. */
  const toner = async (index: number, level: number) => {
    await until('the end of the look before', () => clock.rests);
    await agent.edit({ [`${SUPPLY_LEVEL}.${index}`]: index === 1 ? level : level * 125 });
    clock.advance(LOOK);
    const seen = () => gateway.board.get('mfp')?.observation?.supplies[index - 1]?.level === level;
    await until(`supply ${index} at ${level} %`, seen);
  };
  /** They come when the collecting time is over, with no further look. */
  const mails = (n: number) => {
    clock.advance(GATHERING);
    return until(`${n} mails`, async () => (await subjects(server, 'stores')).length === n);
  };

  const LOW = 'Holdfast: Copy room (2nd floor): Black Toner: noch 9 %';
  const OVER = 'Holdfast: Vorbei: Copy room (2nd floor): Black Toner: fast leer';
  await toner(1, 19);
  await toner(1, 9);
  await mails(1);
  t.deepEqual(await subjects(server, 'stores'), [LOW]);
  await until('the hook', () => hook.heard.some(({ body }) => body['kind'] === 'supplies'));
  t.true(hook.heard.every((each) => each.secret === 'Bearer s3same'));
  const [low] = hook.heard.filter(({ body }) => body['kind'] === 'supplies');
  t.like(low?.body, {
    version: 1,
    event: 'raised',
    key: 'printer mfp supply Black Toner',
    message: 'printer mfp: Black Toner has 9 % left',
    printer: { name: 'mfp', location: '2nd floor', trouble: 'supply-low', supply: 'Black Toner', level: 9 },
  });

  // Lower still, and an hour and more: it stands, and is told no more. The cyan that runs low then is the proof.
  await toner(1, 4);
  await pass(1.5 * HOUR);
  await toner(1, 3);
  await toner(2, 8);
  await mails(2);
  t.deepEqual(
    await subjects(server, 'stores'),
    [LOW, 'Holdfast: Copy room (2nd floor): Cyan Toner: noch 8 %'].sort(),
  );

  // Out of paper all the while: told too.
  await until('the paper', async () => (await subjects(server, 'paper')).length === 1);
  await gateway.stop();
  clock.rests = false;
  gateway = await Gateway.start(config, LOG, clock);
  await toner(1, 2);
  await toner(1, 80);
  await mails(3);
  t.true((await subjects(server, 'stores')).includes(OVER));

  // It was told more than an hour ago, so it is told again; then it wavers within the hour.
  await toner(1, 5);
  await mails(4);
  await toner(1, 80);
  await mails(5);
  await toner(1, 5);
  await toner(2, 88);
  await mails(6);
  const black = async () => (await subjects(server, 'stores')).filter((each) => /Black/.test(each)).length;
  t.is(await black(), 4, 'low, over, low, over: not low a third time within the hour');
  await pass(HOUR);
  await mails(7);
  t.is(await black(), 5, 'it still stands when the hour is over');

  t.deepEqual(await subjects(server, 'paper'), ['Holdfast: Copy room (2nd floor): out of paper']);
  t.deepEqual(await subjects(server, 'elsewhere'), []);
  const events = hook.heard.map(({ body }) => `${body['event']} ${body['key']}`);
  t.deepEqual(
    events.filter((each) => each.endsWith('Black Toner')),
    ['raised', 'cleared', 'raised', 'cleared', 'raised'].map(
      (event) => `${event} printer mfp supply Black Toner`,
    ),
  );
  const told = await runCommand(gateway, ask('printers status', { name: 'mfp' }));
  t.like((told as { printers: unknown[] }).printers[0], {
    name: 'mfp',
    state: 'processing',
    reasons: ['media-empty-error'],
    snmp: 'answers',
    impressions: 123_456,
  });
  const { events: past } = (await runCommand(gateway, ask('printers history', { name: 'mfp', days: 1 }))) as {
    events: { kind: string; supply?: string; level?: number }[];
  };
  t.deepEqual(
    past.flatMap(({ supply, level }) => (supply === 'Black Toner' ? [level] : [])),
    [19, 9, 4, 3, 2, 80, 5, 80, 5],
    'each level once, over the restart too',
  );
  t.is(past.filter(({ kind }) => kind === 'state').length, 1);
  const metrics = await (await fetch(`http://127.0.0.1:${gateway.webAddresses[0]?.port}/metrics`)).text();
  t.regex(metrics, /^holdfast_printer_supply_percent\{printer="mfp",supply="Black Toner"\} 5$/m);
  t.regex(metrics, /^holdfast_printer_ready\{printer="mfp"\} 1$/m);
  t.is(new Set(hook.heard.map(({ body }) => body['id'])).size, hook.heard.length);
});
