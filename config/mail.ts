/** The mail server. */
import { isMailAddress } from '../base/mail/message.ts';
import { Minutes, Seconds } from '../base/units.ts';
import { isHostName } from './addresses.ts';
import { group } from './groups.ts';
import { absolutePath, choice, count, duration, shownText, single, WrongValue } from './values.ts';
import { quoted } from './wording.ts';

export const mailAddress = () =>
  single({
    allowed: 'an address such as printing@example.org',
    read: (text) => {
      if (!isMailAddress(text)) throw new WrongValue(`${quoted(text)} is no mail address`);
      return text;
    },
  });

const serverName = () =>
  single({
    allowed: 'a host name such as mail.example.org',
    read: (text) => {
      if (!isHostName(text)) throw new WrongValue(`${quoted(text)} is no host name`);
      return text.toLowerCase();
    },
  });

export const mail = group({
  host: serverName().describe('The mail server, by the name that stands in its certificate.'),
  port: count(1, 65535)
    .optional()
    .meta({ byDefault: '587 for `starttls`, 465 for `implicit`' })
    .describe('The port for submission.'),
  tls: choice(['starttls', 'implicit'])
    .prefault('starttls')
    .describe(
      '`starttls`: the connection begins in the clear and is upgraded before anything else is said. `implicit`: TLS from the first octet. Nothing is ever sent without it.',
    ),
  from: mailAddress().describe('The sender of all mail.'),
  user: shownText()
    .exactOptional()
    .meta({ byDefault: 'none: no login' })
    .describe('The user name at the mail server.'),
  'password-file': absolutePath()
    .exactOptional()
    .meta({ byDefault: 'none' })
    .describe(
      'The file whose first line is the password, readable by the service only. Read anew for each mail.',
    ),
  'ca-file': absolutePath()
    .exactOptional()
    .meta({ byDefault: 'the authorities that Node knows' })
    .describe('A PEM file with the authorities that the certificate of the mail server is checked against.'),
  timeout: duration(Seconds(1), Minutes(10))
    .prefault('30 s')
    .describe('How long the mail server may take to accept a connection, and for each answer.'),
});
