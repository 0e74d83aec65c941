/** A mail as the rooms write it, and the octets that it becomes. Nothing in it can add a header or a recipient. */
import { Failure } from '../errors.ts';
import { displayable } from '../text.ts';

export interface MailMessage {
  /** Each hears of it alone of the header's `To`; at most {@link MOST_RECIPIENTS}. */
  readonly to: readonly string[];
  /** One line; control characters become blanks. */
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** The left half of its Message-ID: the same for the same mail whenever it is tried. Letters, digits, `.` and `-`. */
  readonly id: string;
}

/** RFC 5321 §4.5.3.1.8: as many as any server must take. */
export const MOST_RECIPIENTS = 100;
const LONGEST_ADDRESS = 254;
const LONGEST_SUBJECT = 250;
/** Without quoted local parts and address literals, which no directory has. */
const ADDRESS = /^[^\s@"(),:;<>[\\\]\p{C}]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u;
const ID = /^[A-Za-z0-9][A-Za-z0-9.-]{0,127}$/;

export function isMailAddress(text: string): boolean {
  return text.length <= LONGEST_ADDRESS && ADDRESS.test(text);
}

/** Message-ID as it stands in the header. */
export const messageIdOf = (id: string, from: string): string =>
  `<${id}@${from.slice(from.indexOf('@') + 1)}>`;

/**
 * @param from an address that {@link isMailAddress} takes
 * @param date milliseconds since 1970
 * @throws Failure `bad-mail`
 */
export async function compose(message: MailMessage, from: string, date: number): Promise<Buffer> {
  const { to, subject, text, html, id } = message;
  if (to.length === 0 || to.length > MOST_RECIPIENTS || !to.every(isMailAddress)) {
    throw new Failure('bad-mail', `a mail takes 1 to ${MOST_RECIPIENTS} addresses such as name@example.org`);
  }
  if (!ID.test(id)) throw new RangeError('not an id of a mail');
  // Not before there is mail: the configuration asks this file about addresses.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composer = new MailComposer({
    from: { name: '', address: from },
    to: to.map((address) => ({ name: '', address })),
    subject: displayable(subject, LONGEST_SUBJECT),
    text,
    ...(html === undefined ? {} : { html }),
    messageId: messageIdOf(id, from),
    date: new Date(date),
    // RFC 3834: so that no out-of-office note answers it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
