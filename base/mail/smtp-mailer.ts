/** Mail over SMTP, always encrypted: a connection for each mail, settings and secrets read anew for each. */
import { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { Failure, messageOf, systemCode } from '../errors.ts';
import type { FilePort } from '../files/port.ts';
import { readSmallFile } from '../files/small-files.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { Secret } from '../secrets/secret.ts';
import { printable } from '../text.ts';
import type { Milliseconds } from '../units.ts';
import type { Mailer, MailReport } from './mailer.ts';
import { compose, type MailMessage, messageIdOf } from './message.ts';
import { outcomesOf, type SmtpTrouble } from './outcomes.ts';

export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** `implicit`: TLS from the first octet. `starttls`: no mail and no password before the upgrade. */
  readonly tls: 'implicit' | 'starttls';
  readonly from: string;
  readonly user?: string;
  /** Its first line is the password. */
  readonly passwordFile?: string;
  /** PEM; in place of the system's authorities. */
  readonly caFile?: string;
  /** For connecting, for the greeting, and for each answer. */
  readonly timeout: Milliseconds;
}

export interface SmtpMailerOptions {
  /** As they are now; undefined when there is no mail server. */
  readonly settings: () => MailSettings | undefined;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const LARGEST_SECRET = 4096;
const LARGEST_CA = 1024 * 1024;
const LONGEST_REPLY = 300;

export class SmtpMailer implements Mailer {
  readonly #options: SmtpMailerOptions;
  readonly #mails;

  constructor(options: SmtpMailerOptions) {
    this.#options = options;
    this.#mails = options.metrics.counter('mails_total', 'Mails by recipient and by what became of them', [
      'fate',
    ]);
  }

  async send(message: MailMessage): Promise<MailReport> {
    const settings = this.#options.settings();
    if (settings === undefined) {
      throw new Failure('mail-not-configured', 'there is no mail server in the configuration', {
        advice: 'Add mail: with host and from; see docs/configuration.md',
      });
    }
    const content = await compose(message, settings.from, this.#options.clock.now());
    const messageId = messageIdOf(message.id, settings.from);
    const { log } = this.#options;
    try {
      const outcomes = await this.#deliver(settings, message.to, content);
      for (const { fate } of outcomes) this.#mails.inc({ fate });
      const count = (fate: string) => outcomes.filter((each) => each.fate === fate).length;
      log.info('mail handed over', {
        messageId,
        accepted: count('accepted'),
        deferred: count('deferred'),
        refused: count('refused'),
        unknown: count('unknown'),
      });
      return { messageId, outcomes };
    } catch (error) {
      this.#mails.inc({ fate: 'failed' });
      log.warn('mail server failed', { messageId, error: messageOf(error) });
      throw error;
    }
  }

  async #deliver(settings: MailSettings, to: readonly string[], content: Buffer) {
    const { host, port, tls, timeout } = settings;
    const { password, ca } = await this.#secrets(settings);
    const { default: SmtpConnection } = await import('nodemailer/lib/smtp-connection');
    const connection = new SmtpConnection({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: true,
      tls: { minVersion: 'TLSv1.2', servername: host, ...(ca === undefined ? {} : { ca }) },
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
      dnsTimeout: timeout,
    });
    // An error outside of a step ends that step too; without a listener it would end the process.
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => {});
    connection.on('error', (error: SmtpTrouble) => broken.reject(error));
    connection.once('end', () => broken.reject(new Error('the server ended the connection')));
    const step = <T>(start: (done: (error?: SmtpTrouble | null, result?: T) => void) => void) =>
      Promise.race([
        broken.promise,
        new Promise<T | undefined>((resolve, reject) => {
          start((error, result) => (error ? reject(error) : resolve(result)));
        }),
      ]);
    try {
      try {
        await step((done) => connection.connect(done));
        if (settings.user !== undefined) {
          const credentials = { user: settings.user, pass: password?.reveal() ?? '' };
          await step((done) => connection.login({ credentials }, done));
        }
      } catch (error) {
        throw this.#failureOf(error as SmtpTrouble, settings);
      }
      const sent = { whole: false };
      const stream = Readable.from([content], { objectMode: false });
      stream.once('end', () => {
        sent.whole = true;
      });
      try {
        const envelope = { from: settings.from, to: [...to], size: content.length };
        const info = await step<{ rejectedErrors?: SmtpTrouble[] | undefined }>((done) =>
          connection.send(envelope, stream, done),
        );
        return outcomesOf(to, info?.rejectedErrors ?? []);
      } catch (thrown) {
        const error = thrown as SmtpTrouble;
        if (isSenderRefused(error)) throw this.#failureOf(error, settings);
        return outcomesOf(to, error.rejectedErrors ?? [], { error, sent: sent.whole });
      }
    } finally {
      connection.close();
    }
  }

  async #secrets({ user, passwordFile, caFile }: MailSettings) {
    const { files } = this.#options;
    const read = async (path: string, limit: number, code: string) => {
      const content = await readSmallFile(files, path, limit).catch((cause: unknown) => {
        throw new Failure(code, `${path} cannot be read (${systemCode(cause) ?? messageOf(cause)})`, {
          cause,
        });
      });
      if (content === undefined) throw new Failure(code, `there is no file ${path}`);
      return content.toString('utf8');
    };
    const password =
      user === undefined || passwordFile === undefined
        ? undefined
        : new Secret(
            (await read(passwordFile, LARGEST_SECRET, 'mail-password-unreadable')).split(/\r?\n/, 1)[0],
          );
    const ca = caFile === undefined ? undefined : await read(caFile, LARGEST_CA, 'mail-ca-unreadable');
    return { password, ca };
  }

  /** Never with the cause: it may hold what was sent. */
  #failureOf(error: SmtpTrouble, { host, port }: MailSettings): Failure {
    const server = `the mail server ${host}:${port}`;
    const words = printable(error.response ?? error.message, LONGEST_REPLY);
    if (isSenderRefused(error)) {
      return new Failure('mail-sender-refused', `${server} does not take mail from mail.from: ${words}`);
    }
    if (error.code === 'EAUTH' || error.code === 'ENOAUTH') {
      return new Failure('mail-login-refused', `${server} does not take mail.user: ${words}`, {
        advice: 'Look at mail.user and the file of mail.password-file',
      });
    }
    if (error.code === 'ETLS' || isCertificateTrouble(error)) {
      return new Failure('mail-tls', `no encrypted connection to ${server}: ${words}`, {
        advice: 'Look at mail.tls and mail.ca-file; mail is never sent in the clear',
      });
    }
    return new Failure('mail-unreachable', `${server} cannot be reached: ${words}`);
  }
}

/** For good, and not because of the mail's size, which is told in the same answer (RFC 1870 §6.1). */
const isSenderRefused = ({ command, responseCode = 0 }: SmtpTrouble): boolean =>
  command === 'MAIL FROM' && responseCode >= 500 && responseCode !== 552;

/** Node's own codes for certificates that do not hold. */
function isCertificateTrouble({ code, originalCode }: SmtpTrouble): boolean {
  const CODES = /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|SSL/;
  return CODES.test(originalCode ?? '') || CODES.test(code ?? '');
}
