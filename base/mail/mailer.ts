/** Mail as a port, and what became of it for each recipient. */
import type { MailMessage } from './message.ts';

/**
 * `accepted`: the server has taken it over. `deferred`: not now (4xx); to be tried again. `refused`: never (5xx).
 * `unknown`: the connection was cut after the last octet and before the answer; whoever tries again may send it twice.
 */
export type MailFate = 'accepted' | 'deferred' | 'refused' | 'unknown';

export interface MailOutcome {
  readonly recipient: string;
  readonly fate: MailFate;
  /** The server's words where it did not accept, made printable. */
  readonly reply: string;
}

export interface MailReport {
  /** With angle brackets. */
  readonly messageId: string;
  /** In the order of the message's recipients. */
  readonly outcomes: readonly MailOutcome[];
}

export interface Mailer {
  /**
   * Hands a mail to the server, once. Resolves when each recipient has a fate; rejects when no octet of it left.
   * @throws Failure `mail-not-configured`, `bad-mail`, `mail-unreachable`, `mail-tls`, `mail-login-refused`,
   *   `mail-sender-refused`, `mail-password-unreadable`, `mail-ca-unreadable`
   */
  send(message: MailMessage): Promise<MailReport>;
}
