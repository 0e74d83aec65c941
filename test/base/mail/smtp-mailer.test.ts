// Mail servers that misbehave: cut connections, no encryption, silence.
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { nodeFiles } from '../../../base/files/node-files.ts';
import { makeCertificate, makeKey } from '../../../base/http/tls/self-signed.ts';
import { SmtpMailer } from '../../../base/mail/smtp-mailer.ts';
import { Metrics } from '../../../base/metrics.ts';
import { Seconds } from '../../../base/units.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const DAY = 86_400_000;
const midnight = Math.floor(Date.now() / DAY) * DAY;
const key = makeKey();
const certificate = key.then((made) =>
  makeCertificate(made, { names: ['localhost'], notBefore: midnight - DAY, notAfter: midnight + DAY * 2 }),
);

async function open(t: ExecutionContext, options: SMTPServerOptions, timeout = Seconds(20)) {
  const server = new SMTPServer({
    key: (await key).reveal(),
    cert: await certificate,
    authOptional: true,
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const caFile = join(await temporaryFolder(t), 'ca.pem');
  await writeFile(caFile, await certificate);
  const { port } = server.server.address() as AddressInfo;
  const settings = {
    host: 'localhost',
    port,
    tls: 'starttls',
    from: 'p@example.org',
    caFile,
    timeout,
  } as const;
  const [log, metrics, clock] = [new RecordingLog(), new Metrics(), new ManualClock()];
  return new SmtpMailer({ settings: () => settings, files: nodeFiles, clock, log, metrics });
}

const MAIL = { to: ['ann@example.org'], subject: 'Code', text: 'Guten Tag\n', id: 'x' };

test('cut after the last octet and before the answer: nobody knows', async (t) => {
  const mailer = await open(t, {
    onData(stream, session) {
      stream.resume();
      stream.once('end', () => {
        for (const connection of connections(this as unknown as SMTPServer)) {
          if (connection.id === session.id) connection.close();
        }
      });
    },
  });
  t.like((await mailer.send(MAIL)).outcomes, [{ fate: 'unknown' }]);
});

test('an answer that never comes: nobody knows either', async (t) => {
  const mailer = await open(t, { onData: (stream) => stream.resume() }, Seconds(1));
  t.like((await mailer.send(MAIL)).outcomes, [{ fate: 'unknown' }]);
});

test('cut before the mail: it can go again', async (t) => {
  const mailer = await open(t, {
    onRcptTo(_address, session) {
      for (const connection of connections(this as unknown as SMTPServer)) {
        if (connection.id === session.id) connection.close();
      }
    },
  });
  t.like((await mailer.send(MAIL)).outcomes, [{ fate: 'deferred' }]);
});

test('a server without encryption gets nothing', async (t) => {
  let heard = 0;
  const mailer = await open(t, {
    disabledCommands: ['STARTTLS'],
    onMailFrom(_address, _session, done) {
      heard++;
      done();
    },
  });
  await t.throwsAsync(mailer.send(MAIL), { code: 'mail-tls' });
  t.is(heard, 0);
});

test('a sender that is refused, and a configuration without a server', async (t) => {
  const mailer = await open(t, {
    onMailFrom: (_address, _session, done) => done(Object.assign(new Error('who?'), { responseCode: 550 })),
  });
  await t.throwsAsync(mailer.send(MAIL), { code: 'mail-sender-refused', message: /550 who\?/ });
  const none = { settings: () => undefined, files: nodeFiles, clock: new ManualClock() };
  const idle = new SmtpMailer({ ...none, log: new RecordingLog(), metrics: new Metrics() });
  await t.throwsAsync(idle.send(MAIL), { code: 'mail-not-configured' });
});

/** Those that are open. */
function connections(server: SMTPServer): { id: string; close(): void }[] {
  return [...(server as unknown as { connections: Set<{ id: string; close(): void }> }).connections];
}
