/** Who is told of what goes wrong, and how. */

import { z } from 'zod';
import type { AlertKind } from '../base/alerts.ts';
import { isLanguage, LANGUAGES } from '../base/i18n/languages.ts';
import { printable } from '../base/text.ts';
import { Days, Hours, Minutes, Seconds } from '../base/units.ts';
import { group, named } from './groups.ts';
import { mailAddress } from './mail.ts';
import { at, entriesOf, itemsOf } from './plain.ts';
import { checkOnce, printerName } from './printer-names.ts';
import { absolutePath, choice, count, duration, listOf, single, WrongValue } from './values.ts';
import { atKey, atValue, type Finding, kindOf, mustBe, oneOf, type Path, quoted } from './wording.ts';
import type { Plain } from './yaml-reader.ts';

const KINDS = ['supplies', 'printer', 'application', 'directory', 'security'] as const satisfies AlertKind[];
const ALERT_MAIL_FIELDS = ['gateway', 'summary', 'notices'] as const;

const MOST_ADDRESSES = 20;
const LONGEST_URL = 2000;
const LONGEST_SUBJECT = 200;
const LONGEST_BODY = 20_000;
const FIELD = /%(%|[A-Za-z][A-Za-z0-9_]*%)/g;

/** The text is in no error: it may hold a token. */
const webhookUrl = () =>
  single({
    allowed: 'an address such as https://hooks.example.org/printers',
    json: { pattern: '^https://', maxLength: LONGEST_URL },
    read: (text) => {
      const url = text.length > LONGEST_URL ? null : URL.parse(text);
      if (url === null) throw new WrongValue('is no address');
      if (url.protocol !== 'https:') throw new WrongValue('does not begin with https:');
      if (url.username !== '' || url.password !== '') {
        throw new WrongValue('holds a user name or password, and no secret may stand in this file');
      }
      if (url.hash !== '') throw new WrongValue('has a part after "#"');
      return url.href;
    },
  });

const templateText = (longest: number, oneLine: boolean) =>
  single({
    allowed: oneLine
      ? `a line of at most ${longest} characters`
      : `a text of at most ${longest} characters with %notices% in it`,
    json: { maxLength: longest },
    read: (text) => {
      if (text.trim() === '') throw new WrongValue('is empty');
      if (text.length > longest) throw new WrongValue(`has ${text.length} characters`);
      const plain = oneLine ? text : text.replace(/[\n\t]/g, ' ');
      if (printable(plain, longest) !== plain) throw new WrongValue('has characters that cannot be shown');
      const fields = Array.from(text.matchAll(FIELD), ([, name = '']) => name.slice(0, -1));
      const unknown = fields.find(
        (name) => name !== '' && !(ALERT_MAIL_FIELDS as readonly string[]).includes(name),
      );
      if (unknown !== undefined) {
        const known = ALERT_MAIL_FIELDS.map((name) => `%${name}%`).join(', ');
        throw new WrongValue(
          `has ${quoted(`%${unknown}%`)}, and the fields are ${known} (%% is a percent sign)`,
        );
      }
      if (!oneLine && !fields.includes('notices')) throw new WrongValue('does not tell what happened');
      return text;
    },
  });

const template = group({
  subject: templateText(LONGEST_SUBJECT, true).describe(
    'The subject. `%gateway%` stands for the name of the gateway, `%summary%` for what happened in a line.',
  ),
  text: templateText(LONGEST_BODY, false).describe(
    'The mail. `%notices%` stands for what happened, a line each.',
  ),
});

const webhook = group({
  url: webhookUrl().describe(
    'Gets a JSON object by POST for each notice; see operations.md. It is never redirected.',
  ),
  'header-file': absolutePath()
    .exactOptional()
    .meta({ byDefault: 'none' })
    .describe(
      'The file whose first line is a header that proves who sends, such as `Authorization: Bearer …`. Read anew for each notice.',
    ),
  'ca-file': absolutePath()
    .exactOptional()
    .meta({ byDefault: 'the authorities that Node knows' })
    .describe('A PEM file with the authorities that its certificate is checked against.'),
  timeout: duration(Seconds(1), Minutes(1)).prefault('10 s').describe('How long an answer may take in all.'),
});

const PRINTERS_ALLOWED =
  '`all`, or a list of names of printers (pinned ones too) and of printer-groups, such as [mfp-1, floor-2]';

const recipient = group({
  kinds: listOf(choice(KINDS), `a list of ${oneOf(KINDS)}`, KINDS.length)
    .prefault([...KINDS])
    .meta({ byDefault: 'all of them' })
    .describe(
      'What they are told: `supplies` (toner and the like), `printer` (paper, jams, doors, offline), `application` (the gateway itself: its disk, its certificate, its mails), `directory`, `security`.',
    ),
  printers: z
    .union([z.literal('all'), listOf(printerName(), PRINTERS_ALLOWED)], {
      error: (issue) => mustBe(kindOf(issue.input), PRINTERS_ALLOWED),
    })
    .meta({ allowed: PRINTERS_ALLOWED })
    .prefault('all')
    .describe('About which printers. Who is told of some printers only is told of nothing else.'),
  mail: listOf(mailAddress(), 'a list of addresses, such as [it@example.org]', MOST_ADDRESSES)
    .default([])
    .meta({ byDefault: 'none' })
    .describe('Who gets a mail. Each gets one of their own.'),
  language: choice(LANGUAGES)
    .exactOptional()
    .meta({ byDefault: '`alerts.language`' })
    .describe('The language of these mails.'),
  webhook: webhook.exactOptional().meta({ byDefault: 'none' }).describe('A program that is told.'),
});

const printerGroup = group({
  printers: listOf(printerName(), 'a list of names of printers, such as [mfp-1, mfp-2]').describe(
    'The printers of the group: of the configuration, and pinned ones by the names that they were given.',
  ),
});

export const alerts = group({
  'supplies-below': count(1, 90)
    .prefault(10)
    .describe('Percent: of a supply that has less left it is told. It is over when it has 3 more than that.'),
  interval: duration(Minutes(1), Days(7))
    .prefault('60 min')
    .describe(
      'The same thing is told no more often than this. What comes back sooner and still stands then is told then.',
    ),
  'printer-delay': duration(Seconds(0), Hours(1))
    .prefault('2 min')
    .describe(
      'What is wrong with a printer (`printer`: paper, a jam, a door, no answer) is told when it has stood for so long. What is over by then is told to nobody. Supplies are told of at once.',
    ),
  language: choice(LANGUAGES)
    .prefault('en')
    .describe('The language of mails, where a recipient has no other.'),
  'printer-groups': named(printerGroup, 0)
    .prefault({})
    .describe('Printers that somebody looks after together.'),
  recipients: named(recipient, 0)
    .prefault({})
    .describe(
      'Who is told. Without any, what goes wrong stands in the log, in `holdfast health show` and in the metrics only.',
    ),
  templates: named(template, 0)
    .prefault({})
    .describe(
      'What is written, in place of the mails that come with Holdfast. The name is the language: `en`, `fr`, `de`, `pl`.',
    ),
});

export function checkAlerts(root: Plain, printers: ReadonlySet<string>): Finding[] {
  const section = at(root, 'alerts');
  const groups = entriesOf(at(section, 'printer-groups'));
  return [
    ...groups.flatMap(([name, each]) => {
      const path = ['alerts', 'printer-groups', name];
      const taken = printers.has(name) || name === 'all';
      return [
        ...(taken ? [atKey(path, mustBe('is the name of a printer, or of all', 'another name'))] : []),
        ...checkOnce([...path, 'printers'], at(each, 'printers')),
      ];
    }),
    ...entriesOf(at(section, 'recipients')).flatMap(([name, each]) =>
      checkRecipient(['alerts', 'recipients', name], each, at(root, 'mail') !== undefined),
    ),
    ...entriesOf(at(section, 'templates'))
      .filter(([name]) => !isLanguage(name))
      .map(([name]) =>
        atKey(['alerts', 'templates', name], mustBe('is no language of Holdfast', oneOf(LANGUAGES))),
      ),
  ];
}

function checkRecipient(path: Path, each: Plain, hasMail: boolean): Finding[] {
  const printers = at(each, 'printers');
  const findings = printers === 'all' ? [] : checkOnce([...path, 'printers'], printers);
  const mails = itemsOf(at(each, 'mail')).length > 0;
  if (mails && !hasMail) {
    findings.push(atKey([...path, 'mail'], mustBe('has no mail server', 'left out, or beside mail')));
  }
  if (!mails && at(each, 'webhook') === undefined) {
    findings.push(atValue(path, mustBe('tells nobody', 'given mail, or webhook')));
  }
  return findings;
}
