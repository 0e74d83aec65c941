/** What people are written about badges: a code to type at the panel, and that a badge was added. Never a link. */
import type { Language } from '../../base/i18n/languages.ts';
import { displayable } from '../../base/text.ts';

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

export interface LetterValues {
  /** Of the person. */
  readonly name: string;
  readonly panel: string;
  readonly gateway: string;
}

interface Wording {
  readonly greeting: string;
  readonly activation: readonly [subject: string, before: string, after: string];
  readonly added: readonly [subject: string, text: string];
}

const LONGEST_VALUE = 255;

const WORDINGS: Readonly<Record<Language, Wording>> = {
  en: {
    greeting: 'Hello %name%,',
    activation: [
      'Your code to add a badge',
      'somebody at the panel "%panel%" wants to add a badge to your name. If it is you, hold the same badge to the reader again and type this code:',
      'It is valid once, for 30 minutes, and for that badge only. If it is not you, do nothing, and tell nobody the code.',
    ],
    added: [
      'A badge was added to your name',
      'on %time% a badge was added to your name at the panel "%panel%". Whoever has it can get your print jobs. If it was not you, tell those who look after the printers at once.',
    ],
  },
  fr: {
    greeting: 'Bonjour %name%,',
    activation: [
      'Votre code pour ajouter un badge',
      'quelqu’un au panneau « %panel% » veut ajouter un badge à votre nom. Si c’est vous, présentez de nouveau ce badge au lecteur et saisissez ce code :',
      'Il est valable une seule fois, pendant 30 minutes et pour ce badge uniquement. Si ce n’est pas vous, ne faites rien et ne donnez ce code à personne.',
    ],
    added: [
      'Un badge a été ajouté à votre nom',
      'le %time%, un badge a été ajouté à votre nom au panneau « %panel% ». Quiconque le possède peut obtenir vos impressions. Si ce n’était pas vous, prévenez immédiatement les responsables des imprimantes.',
    ],
  },
  de: {
    greeting: 'Guten Tag %name%,',
    activation: [
      'Ihr Code für einen neuen Ausweis',
      'jemand möchte am Bedienfeld „%panel%“ Ihrem Namen einen Ausweis hinzufügen. Wenn Sie das sind, halten Sie denselben Ausweis noch einmal an den Leser und geben Sie diesen Code ein:',
      'Er gilt einmal, 30 Minuten lang und nur für diesen Ausweis. Wenn Sie das nicht sind, tun Sie nichts, und sagen Sie niemandem den Code.',
    ],
    added: [
      'Ihrem Namen wurde ein Ausweis hinzugefügt',
      'am %time% wurde Ihrem Namen am Bedienfeld „%panel%“ ein Ausweis hinzugefügt. Wer ihn hat, bekommt Ihre Druckaufträge. Wenn Sie das nicht waren, melden Sie es sofort denen, die die Drucker betreuen.',
    ],
  },
  pl: {
    greeting: 'Dzień dobry %name%,',
    activation: [
      'Twój kod do dodania karty',
      'ktoś przy panelu „%panel%” chce przypisać kartę do Twojego nazwiska. Jeśli to Ty, przyłóż tę samą kartę ponownie do czytnika i wpisz ten kod:',
      'Jest ważny jeden raz, przez 30 minut i tylko dla tej karty. Jeśli to nie Ty, nie rób nic i nie podawaj nikomu kodu.',
    ],
    added: [
      'Przypisano Ci nową kartę',
      '%time% przy panelu „%panel%” przypisano Ci kartę. Kto ją ma, odbierze Twoje wydruki. Jeśli to nie Ty, natychmiast powiadom osoby opiekujące się drukarkami.',
    ],
  },
};

export function activationLetter(code: string, values: LetterValues, language: Language): Letter {
  const { greeting, activation } = WORDINGS[language];
  const [subject, before, after] = activation;
  return letter(subject, [greeting, before, `    ${code}`, after], values);
}

/** @param at milliseconds since 1970; told in the time zone of the gateway */
export function addedLetter(at: number, values: LetterValues, language: Language): Letter {
  const { greeting, added } = WORDINGS[language];
  const [subject, text] = added;
  const locale = language === 'en' ? 'en-GB' : language;
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(at);
  return letter(subject, [greeting, text.replace('%time%', () => time)], values);
}

function letter(subject: string, paragraphs: readonly string[], values: LetterValues): Letter {
  const text = [...paragraphs, values.gateway, ''].join('\n\n');
  const filled = text.replace(/%(name|panel)%/g, (_, field: 'name' | 'panel') =>
    displayable(values[field], LONGEST_VALUE),
  );
  return { subject, text: filled };
}
