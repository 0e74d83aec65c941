// Mail by a real Exim: each recipient's fate, TLS and the login, what is refused before anything is sent.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { nodeFiles } from '../../base/files/node-files.ts';
import { type MailSettings, SmtpMailer } from '../../base/mail/smtp-mailer.ts';
import { Metrics } from '../../base/metrics.ts';
import { Seconds } from '../../base/units.ts';
import { GatewayProcess } from '../daemon/gateway-process.ts';
import { ManualClock } from '../manual-clock.ts';
import { RecordingLog } from '../recording-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { EXIM_PASSWORD, EXIM_PROGRAMS, EXIM_USER, type Exim, startExim } from './exim.ts';
import { peerTest } from './require-peer.ts';

const exim = peerTest(test, EXIM_PROGRAMS);

function open(server: Exim, changes: Partial<MailSettings> = {}) {
  const log = new RecordingLog();
  const metrics = new Metrics();
  const settings: MailSettings = {
    host: 'localhost',
    port: server.port,
    tls: 'starttls',
    from: 'printing@print.test',
    user: EXIM_USER,
    passwordFile: server.passwordFile,
    caFile: server.ca,
    timeout: Seconds(20),
    ...changes,
  };
  const clock = new ManualClock();
  return {
    log,
    metrics,
    mailer: new SmtpMailer({ settings: () => settings, files: nodeFiles, clock, log, metrics }),
  };
}

const mail = (...to: string[]) => ({
  to,
  subject: 'Ihr neuer Code – für Sie',
  text: 'Guten Tag\n',
  id: 'test.1',
});

async function waitFor(t: ExecutionContext, holds: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 500; turns++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.fail('it never came');
}

exim('each recipient has a fate of their own, though the client counts the mail as sent', async (t) => {
  const server = await startExim(t);
  const { mailer, log, metrics } = open(server);
  const report = await mailer.send(mail('ann@print.test', 'gone@print.test', 'grey@print.test'));
  t.is(report.messageId, '<test.1@print.test>');
  t.like(report.outcomes, [
    { recipient: 'ann@print.test', fate: 'accepted', reply: '' },
    { recipient: 'gone@print.test', fate: 'refused', reply: '550 no such user' },
    { recipient: 'grey@print.test', fate: 'deferred', reply: '451 greylisted, try later' },
  ]);
  await waitFor(t, async () => (await server.received('ann@print.test')).length > 0);
  const [content = ''] = await server.received('ann@print.test');
  t.regex(content, /^Message-ID: <test\.1@print\.test>$/im);
  t.regex(content, /^Auto-Submitted: auto-generated$/im);
  t.regex(content, /^From: printing@print\.test$/im);
  t.regex(content, /with esmtpsa/, 'encrypted, and after a login');
  t.deepEqual(await server.received('gone@print.test'), []);
  const metric = await metrics.text();
  t.regex(metric, /mails_total\{fate="accepted"\} 1/);
  t.regex(metric, /mails_total\{fate="refused"\} 1/);
  t.notRegex(JSON.stringify(log.lines), new RegExp(`${EXIM_PASSWORD}|Guten Tag`));
  t.like((await mailer.send(mail('gone@print.test', 'grey@print.test'))).outcomes, [
    { fate: 'refused' },
    { fate: 'deferred' },
  ]);
  await server.setGrey(false);
  t.like((await mailer.send(mail('grey@print.test'))).outcomes, [{ fate: 'accepted' }]);
});

exim('TLS from the first octet; text and HTML; a mail that is too large', async (t) => {
  const server = await startExim(t);
  const { mailer } = open(server, { port: server.tlsPort, tls: 'implicit' });
  const { outcomes } = await mailer.send({ ...mail('bob@print.test'), html: '<p>Guten Tag</p>' });
  t.like(outcomes, [{ fate: 'accepted' }]);
  await waitFor(t, async () => (await server.received('bob@print.test')).length > 0);
  t.regex((await server.received('bob@print.test'))[0] ?? '', /multipart\/alternative/);
  const large = await mailer.send({ ...mail('bob@print.test'), text: 'x'.repeat(2 ** 20 + 4096) });
  t.like(large.outcomes, [{ fate: 'refused' }]);
});

exim('nothing leaves without the right certificate, password, and files', async (t) => {
  const server = await startExim(t);
  const folder = await temporaryFolder(t);
  const wrong = join(folder, 'wrong');
  await writeFile(wrong, 'not the password\n');
  const without = { user: undefined, caFile: undefined } as unknown as Partial<MailSettings>;
  const cases: [Partial<MailSettings>, string][] = [
    [{ passwordFile: wrong }, 'mail-login-refused'],
    [{ passwordFile: join(folder, 'none') }, 'mail-password-unreadable'],
    [{ caFile: join(folder, 'none') }, 'mail-ca-unreadable'],
    [without, 'mail-tls'],
    [{ port: 1 }, 'mail-unreachable'],
    [{ tls: 'implicit' }, 'mail-tls'],
  ];
  for (const [changes, code] of cases) {
    const { mailer, log } = open(server, changes);
    const error = await t.throwsAsync(mailer.send(mail('ann@print.test')), { code }, JSON.stringify(changes));
    t.notRegex(`${error?.message} ${JSON.stringify(log.lines)}`, /not the password|s3cret/);
  }
  const { mailer } = open(server, { user: undefined } as unknown as Partial<MailSettings>);
  t.like((await mailer.send(mail('ann@print.test'))).outcomes, [
    { fate: 'refused', reply: '550 relay not permitted' },
  ]);
  t.deepEqual(await server.received('ann@print.test'), []);
});

exim('holdfast mail test', async (t) => {
  const server = await startExim(t);
  const folder = await temporaryFolder(t);
  const gateway = await GatewayProcess.start(
    t,
    folder,
    `
queues: { print: { unowned-jobs: claimable } }
printers: { folder: { uri: "file://${folder}/output" } }
mail:
  host: localhost
  port: ${server.port}
  from: printing@print.test
  user: ${EXIM_USER}
  password-file: ${server.passwordFile}
  ca-file: ${server.ca}
`,
  );
  const sent = await gateway.holdfast('mail', 'test', 'ann@print.test');
  t.regex(sent.stdout, /^ann@print\.test: accepted, <test\./);
  t.is(sent.code, 0);
  const refused = await gateway.holdfast('mail', 'test', 'gone@print.test');
  t.regex(refused.stdout, /^gone@print\.test: refused: 550 no such user/);
  t.is(refused.code, 1);
});
