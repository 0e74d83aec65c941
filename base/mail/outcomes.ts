/** What the answers of an SMTP server mean for each recipient. */
import { printable } from '../text.ts';
import type { MailFate, MailOutcome } from './mailer.ts';

/** What the SMTP client tells of an error. */
export interface SmtpTrouble extends Error {
  readonly code?: string | undefined;
  readonly originalCode?: string | undefined;
  /** In answer to which command. */
  readonly command?: string | undefined;
  readonly response?: string | undefined;
  /** Undefined when there was no answer. */
  readonly responseCode?: number | undefined;
  readonly recipient?: string | undefined;
  readonly rejectedErrors?: readonly SmtpTrouble[] | undefined;
}

const LONGEST_REPLY = 300;

/**
 * @param rejected of single recipients: a list that is refused in part counts as sent with many clients, so each is
 *   looked at
 * @param failed the whole mail; `sent`: its last octet had left
 */
export function outcomesOf(
  recipients: readonly string[],
  rejected: readonly SmtpTrouble[],
  failed?: { readonly error: SmtpTrouble; readonly sent: boolean },
): MailOutcome[] {
  const own = new Map(rejected.map((each) => [each.recipient, each]));
  return recipients.map((recipient) => {
    const error = own.get(recipient) ?? failed?.error;
    if (error === undefined) return { recipient, fate: 'accepted', reply: '' };
    const sent = error === failed?.error && failed.sent;
    return { recipient, fate: fateOf(error, sent), reply: wordsOf(error) };
  });
}

/** RFC 5321 §4.2.1: 4yz may go later, 5yz never. Without an answer to a whole mail nobody knows. */
function fateOf({ code, responseCode }: SmtpTrouble, sent: boolean): MailFate {
  if (responseCode === undefined) return sent ? 'unknown' : code === 'EMESSAGE' ? 'refused' : 'deferred';
  return responseCode >= 500 && responseCode !== 503 ? 'refused' : 'deferred';
}

const wordsOf = ({ response, message }: SmtpTrouble): string =>
  printable((response ?? message).trim(), LONGEST_REPLY);
