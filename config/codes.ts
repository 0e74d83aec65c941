/** The codes that people type at panels: how long, by which mail, and what beside them. */
import { LANGUAGES } from '../base/i18n/languages.ts';
import { printable } from '../base/text.ts';
import { fieldsOf, MAIL_FIELDS, unknownFields } from '../identity/codes/mails/templates.ts';
import { LONGEST_CODE, SHORTEST_CODE } from '../identity/credential.ts';
import { group, named } from './groups.ts';
import { choice, count, flag, single, WrongValue } from './values.ts';
import { quoted } from './wording.ts';

const FIELDS = MAIL_FIELDS.map((name) => `%${name}%`).join(', ');
const LONGEST_SUBJECT = 200;
const LONGEST_BODY = 20_000;

const templateText = (longest: number, kind: 'subject' | 'body') =>
  single({
    allowed:
      kind === 'subject'
        ? `a line of at most ${longest} characters`
        : `a text of at most ${longest} characters with %id_number% in it`,
    json: { maxLength: longest },
    read: (text) => {
      if (text.trim() === '') throw new WrongValue('is empty');
      if (text.length > longest) throw new WrongValue(`has ${text.length} characters`);
      const plain = kind === 'subject' ? text : text.replace(/[\n\t]/g, ' ');
      if (printable(plain, longest) !== plain) throw new WrongValue('has characters that cannot be shown');
      const [unknown] = unknownFields(text);
      if (unknown !== undefined) {
        throw new WrongValue(
          `has ${quoted(`%${unknown}%`)}, and the fields are ${FIELDS} (%% is a percent sign)`,
        );
      }
      if (kind === 'body' && !fieldsOf(text).includes('id_number')) {
        throw new WrongValue('does not tell the code');
      }
      return text;
    },
  });

const template = group({
  subject: templateText(LONGEST_SUBJECT, 'subject').describe(
    'The subject. A code in it would stand in the logs of mail servers.',
  ),
  text: templateText(LONGEST_BODY, 'body').describe(
    `The mail as plain text. \`%id_number%\` stands for the code; there are ${FIELDS} too. \`%expires%\` is the last day, \`%validity%\` a sentence with it; both are empty for a code without an end.`,
  ),
  html: templateText(LONGEST_BODY, 'body')
    .exactOptional()
    .meta({ byDefault: 'none: plain text only' })
    .describe('The same as HTML, sent beside the text. Values are escaped.'),
});

const mail = group({
  language: choice(LANGUAGES)
    .prefault('en')
    .describe('The language of mails to people whose language is not known.'),
  'per-minute': count(1, 6000)
    .prefault(300)
    .describe('Mails with codes that are sent in a minute at most, so that a batch does not look like spam.'),
  templates: named(template, 0)
    .prefault({})
    .describe(
      'What is written, in place of the mails that come with Holdfast. The name is the language: `en`, `fr`, `de`, `pl`.',
    ),
});

const forNewPeople = group({
  digits: count(SHORTEST_CODE, LONGEST_CODE).describe('How long the codes are.'),
  rank: choice(['primary', 'secondary'])
    .prefault('primary')
    .describe("Whether it is the person's own code, or one beside it."),
});

export const codes = group({
  'weeks-per-hit': count(1, 520)
    .prefault(1)
    .describe(
      'How long somebody who types codes at all panels day and night must need, on average, to hit one. Codes that are too short for it are not taken; `holdfast codes lengths` shows which are. Delays are those of `limits.code-tries` and `limits.site-tries`.',
    ),
  'accept-risk': flag()
    .prefault(false)
    .describe('Takes codes of any length, and does not warn of those that are too short.'),
  'second-factor': choice(['none', 'pin'])
    .prefault('none')
    .describe(
      'What a code takes beside it at a panel. `pin`: the PIN of its person; who has none cannot sign in by code. Shorter codes are then long enough.',
    ),
  'for-new-people': forNewPeople
    .exactOptional()
    .meta({ byDefault: 'none' })
    .describe(
      'Gives everybody who is new, from whatever source, a code once, and mails it. Needs `mail`. Who has no address gets it when there is one.',
    ),
  mail: mail.prefault({}).describe('The mails that bring codes to people.'),
});
