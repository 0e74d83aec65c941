// What the page says: complete in every language, the same values in each, and a sentence for whatever can happen.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { LANGUAGES } from '../../base/i18n/languages.ts';
import { PLACEHOLDER, pluralForm, say, type Text } from '../../base/i18n/texts.ts';
import { FAMILIES } from '../../panel-protocol/page/page.ts';
import { TEXTS } from '../../panel-protocol/page/texts/texts.ts';
import { REASONS, Words } from '../../panel-protocol/plain/words.ts';
import { PAGE_FOLDER, pageWords, SCRIPTS } from './page-script.ts';

const TROUBLES = [
  'unreachable',
  'busy',
  'not-accepting',
  'refused',
  'format-refused',
  'timeout',
  'cut',
  'aborted-by-printer',
  'canceled-at-printer',
  'protocol',
  'wrong-key',
  'document-unreadable',
  'canceled',
];
type Forms = string | Readonly<Record<string, string>>;
const ENGLISH: Readonly<Record<string, Forms>> = TEXTS.en;
const KEYS = Object.keys(ENGLISH);
const PLAIN_FOLDER = join(PAGE_FOLDER, '../plain');

function formsOf(text: Forms | undefined): string[] {
  return typeof text === 'string' ? [text] : Object.values(text ?? {});
}

function placeholders(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '').sort();
}

for (const language of LANGUAGES) {
  const texts: Readonly<Record<string, Forms>> = TEXTS[language];

  test(`${language}: each text is there, with the values of the English one`, (t) => {
    t.deepEqual(Object.keys(texts).sort(), [...KEYS].sort());
    for (const key of KEYS) {
      const wanted = [...new Set(formsOf(ENGLISH[key]).flatMap(placeholders))].sort();
      const forms = formsOf(texts[key]);
      t.true(forms.length > 0, key);
      for (const form of forms) {
        t.not(form.trim(), '', key);
        t.is(form, form.trim(), key);
        // "this document" for one needs no number, and some put it into words.
        t.true(
          placeholders(form).every((name) => wanted.includes(name)),
          `${key}: ${form}`,
        );
      }
      const all = [...new Set(forms.flatMap(placeholders))].sort();
      t.deepEqual(all, wanted, key);
    }
  });

  test(`${language}: the page's script puts values into texts as base/i18n does`, (t) => {
    const page = pageWords(language);
    const values = {
      page: 2,
      pages: 9,
      name: 'N',
      day: 3,
      month: 'M',
      time: '14:03',
      percent: 50,
      address: 'A',
      printer: 'P',
    };
    for (const [key, text] of Object.entries(texts)) {
      for (const n of [0, 1, 2, 4, 5, 12, 22, 101, 112]) {
        t.is(page.say(key, { ...values, n }), say(language, text as Text<typeof language>, { ...values, n }));
      }
    }
    for (let n = 0; n < 300; n++) {
      const form = pluralForm(language, n);
      t.is(
        page.say('pages', { n }),
        say(language, (texts['pages'] as Record<string, string>)[form] ?? '', { n }),
      );
    }
  });

  test(`${language}: there is a sentence for every trouble, ending and refusal`, (t) => {
    const page = pageWords(language);
    const seen = new Set<string>();
    for (const reason of TROUBLES) {
      for (const outcome of ['not-printed', 'aborted', 'unknown']) {
        const { kind, text } = page.outcomeSentence({ outcome, reason });
        t.is(kind, 'bad');
        t.regex(text, /^\p{Lu}.{15,}\.$/u);
        seen.add(text);
        t.regex(page.troubleLine(outcome, reason), /^\p{Lu}.{10,}\.$/u);
      }
    }
    t.is(seen.size, (TROUBLES.length - 1) * 3 + 1, 'no two say the same');
    for (const outcome of ['completed', 'delivered', 'canceled', 'not-printed']) {
      t.regex(page.outcomeSentence({ outcome }).text, /^\p{Lu}.{3,}\.$/u);
    }
    t.not(page.refusalSentence('job-not-held'), page.refusalSentence('something new'));
  });
}

test('the sentences are those that a nurse needs', (t) => {
  const page = pageWords('en');
  t.is(
    page.outcomeSentence({ outcome: 'not-printed', reason: 'unreachable' }).text,
    'The printer is switched off or cannot be reached. Your document is still here.',
  );
  t.is(
    page.outcomeSentence({ outcome: 'unknown', reason: 'cut' }).text,
    'The connection to the printer broke. Check what came out before printing again.',
  );
  t.is(
    page.outcomeSentence({ outcome: 'completed', 'job-impressions-completed': 1 }).text,
    'Printed: 1 page.',
  );
  t.is(page.outcomeSentence({ outcome: 'delivered' }).text, 'Sent. Please check the pages.');
});

test('of several troubles the printer has, the one that stops it is told', (t) => {
  const page = pageWords('en');
  const printer = { 'printer-state': 'idle', 'printer-state-reasons': [], 'printer-is-accepting-jobs': true };
  const told = (...reasons: string[]) =>
    page.printerSentence({ ...printer, 'printer-state-reasons': reasons });
  t.is(told(), undefined);
  t.is(told('none'), undefined);
  t.is(told('something-new-warning'), undefined);
  t.is(told('toner-low-report'), 'The toner is running low.');
  t.is(
    told('toner-low-warning', 'media-jam-error'),
    'Paper is jammed. Please open the printer as its display shows.',
  );
  t.is(page.printerSentence({ ...printer, 'printer-state': 'stopped' }), 'The printer has stopped.');
  t.regex(page.printerSentence({ ...printer, 'printer-state': 'unknown' }) ?? '', /does not answer/);
  t.regex(
    page.printerSentence({ ...printer, 'printer-is-accepting-jobs': false }) ?? '',
    /accepts no documents/,
  );
});

test('sizes and times read as people write them, in the zone of the gateway', (t) => {
  const now = '2026-03-01T09:00:00+01:00';
  const en = pageWords('en');
  t.deepEqual([1, 999, 1000, 5120, 204_800].map(en.size), ['1 kB', '999 kB', '1.0 MB', '5.0 MB', '200 MB']);
  t.is(pageWords('fr').size(1500), '1,5 Mo');
  t.is(en.when('2026-03-01T00:00:00+01:00', now), 'today 00:00');
  t.is(en.when('2026-02-28T23:59:59+01:00', now), 'yesterday 23:59');
  t.is(en.when('2026-02-27T23:59:59+01:00', now), '27 Feb, 23:59');
  t.is(pageWords('de').when('2025-03-01T07:05:00+01:00', now), '1. März, 07:05');
  for (const language of LANGUAGES) {
    const months = pageWords(language).say('months').split(' ');
    t.is(months.length, 12);
  }
});

test('a job is described by what is known of it', (t) => {
  const { describe } = pageWords('en');
  const page = {
    describe: (job: object) => describe({ 'job-state-reasons': ['job-held-for-release'], ...job }),
  };
  t.is(
    page.describe({
      'job-impressions': 3,
      copies: 2,
      'print-color-mode': 'monochrome',
      sides: 'two-sided-short-edge',
      'job-k-octets': 118,
    }),
    '3 pages · 2 copies · black and white · two-sided · 118 kB',
  );
  t.is(page.describe({ copies: 1, 'print-color-mode': 'auto', sides: 'one-sided' }), 'one-sided');
  t.is(page.describe({ claimable: true, 'job-originating-host-name': '10.0.0.7' }), 'from 10.0.0.7');
  t.is(page.describe({}), '');
  t.is(page.describe({ copies: 2, 'job-state-reasons': ['job-password-wait'] }), 'with PIN · 2 copies');
});

test('every text is used, and every text that is used is there', (t) => {
  const sources = [
    ...SCRIPTS.values(),
    readFileSync(join(PAGE_FOLDER, 'index.html'), 'utf8'),
    ...readdirSync(PLAIN_FOLDER)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(PLAIN_FOLDER, name), 'utf8')),
  ].join('\n');
  const unused = KEYS.filter(
    (key) => !FAMILIES.test(key) && !sources.includes(`'${key}'`) && !sources.includes(`{{${key}}}`),
  );
  t.deepEqual(unused, []);
  for (const [, key] of sources.matchAll(/\bsay\('([a-z-]+)'[,)]/g)) t.true(KEYS.includes(key ?? ''), key);
  const known = REASONS.map((reason) => `printer-${reason}`);
  const states = ['printer-unknown', 'printer-stopped', 'printer-not-accepting'];
  t.deepEqual([...known, ...states].sort(), KEYS.filter((key) => key.startsWith('printer-')).sort());
});

test('whose printer is out of order reads why, that the document is safe, and where to go', (t) => {
  const nearest = { 'printer-name': 'mfp-5', 'printer-info': 'MFP 5', 'printer-location': 'Second floor' };
  const of = { type: 'outcome', 'job-id': 1, operation: 'release' } as const;
  const outcome = { ...of, outcome: 'not-printed', reason: 'unreachable', nearest } as const;
  t.is(
    new Words('en').outcome(outcome).text,
    'The printer is switched off or cannot be reached. Your document is still here. Nearest: MFP 5, Second floor.',
  );
  for (const language of LANGUAGES)
    t.regex(new Words(language).outcome(outcome).text, / MFP 5, Second floor\.$/);
});
