/** What is written to people with their codes: `%id_number%` and the like stand for what is theirs. */
import type { Language } from '../../../base/i18n/languages.ts';
import { displayable } from '../../../base/text.ts';

export interface MailTemplate {
  readonly subject: string;
  readonly text: string;
  /** Beside the text; values are escaped in it. */
  readonly html?: string;
}

export const MAIL_FIELDS = [
  'id_number',
  'full_name',
  'first_name',
  'last_name',
  'user_name',
  'email',
  'department',
  'office',
  'cost_center',
  'expires',
  'validity',
  'gateway',
] as const;
export type MailField = (typeof MAIL_FIELDS)[number];
export type MailValues = Readonly<Record<MailField, string>>;

/** `%%` is a percent sign; `100 %` too, as no letter follows. */
const FIELD = /%(%|[A-Za-z][A-Za-z0-9_]*%)/g;
const LONGEST_VALUE = 255;

/** Fields of a template that there are not. */
export function unknownFields(template: string): string[] {
  return fieldsOf(template).filter((name) => !(MAIL_FIELDS as readonly string[]).includes(name));
}

export function fieldsOf(template: string): string[] {
  return Array.from(template.matchAll(FIELD), ([, name = '']) => name.slice(0, -1)).filter(
    (name) => name !== '',
  );
}

export interface Written {
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

export function fill({ subject, text, html }: MailTemplate, values: MailValues): Written {
  return {
    subject: filled(subject, values),
    text: filled(text, values),
    ...(html === undefined ? {} : { html: filled(html, values, escaped) }),
  };
}

function filled(template: string, values: MailValues, form = (value: string) => value): string {
  return template.replace(FIELD, (whole, name: string) => {
    if (name === '%') return '%';
    const value = values[name.slice(0, -1) as MailField];
    return value === undefined ? whole : form(displayable(value, LONGEST_VALUE));
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (value: string): string => value.replace(/[&<>"']/g, (each) => ESCAPES[each] ?? '');

/** `31 December 2026`, in the time zone of the gateway; '' when there is no end. @param end milliseconds since 1970 */
export function dateOf(end: number | undefined, language: Language): string {
  if (end === undefined) return '';
  const locale = language === 'en' ? 'en-GB' : language;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(end - 1));
}

/** A sentence, or '' when there is no end. */
export function validityOf(end: number | undefined, language: Language): string {
  return end === undefined ? '' : VALID[language](dateOf(end, language));
}

const VALID: Readonly<Record<Language, (date: string) => string>> = {
  en: (date) => `It is valid until ${date}.`,
  fr: (date) => `Il est valable jusqu’au ${date}.`,
  de: (date) => `Er gilt bis zum ${date}.`,
  pl: (date) => `Jest ważny do ${date}.`,
};

/** Paragraphs of both forms alike. */
function template(subject: string, greeting: string, code: string, use: string): MailTemplate {
  const paragraph = (text: string) => `<p>${text}</p>`;
  return {
    subject,
    text: [greeting, `${code}\n\n    %id_number%`, `${use} %validity%`, '%gateway%', ''].join('\n\n'),
    html: [
      paragraph(greeting),
      paragraph(code),
      '<p style="font-size: 1.5em"><strong>%id_number%</strong></p>',
      paragraph(`${use} %validity%`),
      paragraph('%gateway%'),
    ].join('\n'),
  };
}

export const DEFAULT_TEMPLATES: Readonly<Record<Language, MailTemplate>> = {
  en: template(
    'Your code for printing',
    'Hello %full_name%,',
    'this is your code for the printers:',
    'Type it at the panel of a printer to get your print jobs. Keep it to yourself: whoever has it gets your documents.',
  ),
  fr: template(
    'Votre code d’impression',
    'Bonjour %full_name%,',
    'voici votre code pour les imprimantes :',
    'Saisissez-le sur le panneau d’une imprimante pour obtenir vos impressions. Gardez-le pour vous : quiconque le connaît obtient vos documents.',
  ),
  de: template(
    'Ihr Code zum Drucken',
    'Guten Tag %full_name%,',
    'dies ist Ihr Code für die Drucker:',
    'Geben Sie ihn am Bedienfeld eines Druckers ein, um Ihre Aufträge zu bekommen. Behalten Sie ihn für sich: Wer ihn hat, bekommt Ihre Dokumente.',
  ),
  pl: template(
    'Twój kod do drukowania',
    'Dzień dobry %full_name%,',
    'oto Twój kod do drukarek:',
    'Wpisz go na panelu drukarki, aby odebrać swoje wydruki. Nie podawaj go nikomu: kto go zna, odbierze Twoje dokumenty.',
  ),
};
