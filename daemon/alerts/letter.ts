/** The mail that tells of alerts: what happened, a line each, in the language of whoever gets it. */
import type { Alert, AlertPrinter } from '../../base/alerts.ts';
import type { Language } from '../../base/i18n/languages.ts';
import { say, type Text } from '../../base/i18n/texts.ts';
import { displayable } from '../../base/text.ts';
import type { Notice } from './notice.ts';
import { TEXTS } from './texts/texts.ts';

export interface AlertTemplate {
  readonly subject: string;
  readonly text: string;
}

export interface MailWords {
  readonly gateway: string;
  readonly templates: ReadonlyMap<Language, AlertTemplate>;
}

const LONGEST_VALUE = 1000;
const DEFAULT: AlertTemplate = { subject: '%gateway%: %summary%', text: '%notices%\n\n%gateway%\n' };
const FIELD = /%(%|gateway%|summary%|notices%)/g;

/** @param notices at least one */
export function mailOf(
  notices: readonly Notice[],
  language: Language,
  { gateway, templates }: MailWords,
): AlertTemplate {
  const [only] = notices;
  const summary =
    only !== undefined && notices.length === 1
      ? sentenceOf(only, language)
      : say(language, TEXTS[language].several as Text, { n: notices.length });
  const values = {
    gateway: displayable(gateway),
    summary,
    notices: notices.map((notice) => lineOf(notice, language)).join('\n'),
  };
  const template = templates.get(language) ?? DEFAULT;
  const fill = (text: string) =>
    text.replace(FIELD, (_, name: string) =>
      name === '%' ? '%' : values[name.slice(0, -1) as keyof typeof values],
    );
  return { subject: fill(template.subject), text: fill(template.text) };
}

/** In the time zone of the gateway. */
function lineOf(notice: Notice, language: Language): string {
  const locale = language === 'en' ? 'en-GB' : language;
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
  return `${format.format(notice.at)}  ${sentenceOf(notice, language)}`;
}

function sentenceOf({ event, alert }: Notice, language: Language): string {
  const what = whatOf(event === 'cleared' ? withoutLevel(alert) : alert, language);
  return displayable(
    event === 'raised' ? what : say(language, TEXTS[language].over, { what }),
    LONGEST_VALUE,
  );
}

/** How much was left says nothing of what is there now. */
function withoutLevel(alert: Alert): Alert {
  const { printer } = alert;
  if (printer?.trouble.kind !== 'low') return alert;
  return { ...alert, printer: { ...printer, trouble: { kind: 'low', supply: printer.trouble.supply } } };
}

/** What is not about a printer is in English, as in the log; of an impostor the particulars are too. */
function whatOf({ message, printer }: Alert, language: Language): string {
  if (printer === undefined) return message;
  const { info, location } = printer;
  const place = location === '' || location === info ? info : `${info} (${location})`;
  const trouble = `${place}: ${troubleOf(printer, language)}`;
  return printer.trouble.kind === 'impostor' ? `${trouble} (${message})` : trouble;
}

function troubleOf({ trouble }: AlertPrinter, language: Language): string {
  const texts = TEXTS[language];
  switch (trouble.kind) {
    case 'low':
      return trouble.level === undefined
        ? say(language, texts.isLow, { supply: trouble.supply })
        : say(language, texts.low, { supply: trouble.supply, level: trouble.level });
    case 'reason': {
      const { reasons } = texts;
      const known = Object.hasOwn(reasons, trouble.reason);
      return known ? reasons[trouble.reason as keyof typeof reasons] : trouble.reason;
    }
    case 'silent':
      return texts.silent;
    case 'unwatched':
      return texts.unwatched;
    case 'impostor':
      return texts.impostor;
    default:
      return trouble satisfies never;
  }
}
