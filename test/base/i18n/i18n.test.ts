// Choosing a language, plural forms against CLDR's, and texts with their values.
import test from 'ava';
import { LANGUAGES, type Language, preferredLanguage } from '../../../base/i18n/languages.ts';
import { pluralForm, say } from '../../../base/i18n/texts.ts';

const HEADERS: readonly [string | undefined, Language | undefined][] = [
  [undefined, undefined],
  ['', undefined],
  ['de', 'de'],
  ['de-CH, fr;q=0.9', 'de'],
  ['fr;q=0.5, pl;q=0.8', 'pl'],
  ['it, es;q=0.9, fr;q=0.1', 'fr'],
  ['PL-pl', 'pl'],
  ['en;q=0, de;q=0.1', 'de'],
  ['en;q=2, de;q=0.1', 'de'],
  ['en;q=, de;q=0.1', 'de'],
  ['*', undefined],
  ['deutsch', undefined],
  [`${'x,'.repeat(400)}de`, undefined],
];

for (const [header, expected] of HEADERS) {
  test(`Accept-Language "${(header ?? 'none').slice(0, 40)}" is ${expected ?? 'none of ours'}`, (t) => {
    t.is(preferredLanguage(header), expected);
  });
}

for (const language of LANGUAGES) {
  test(`plural forms of ${language} are those of CLDR`, (t) => {
    const rules = new Intl.PluralRules(language);
    for (let n = 0; n <= 2000; n++) t.is(pluralForm(language, n), rules.select(n) as never);
  });
}

test('a text takes its values, a plural its form', (t) => {
  t.is(say('en', 'Page {page} of {pages}', { page: 2, pages: 9 }), 'Page 2 of 9');
  const documents = { one: '{n} dokument', few: '{n} dokumenty', many: '{n} dokumentów' };
  t.deepEqual(
    [1, 3, 5, 12, 22].map((n) => say('pl', documents, { n })),
    ['1 dokument', '3 dokumenty', '5 dokumentów', '12 dokumentów', '22 dokumenty'],
  );
  t.throws(() => say('en', 'Hello {name}'), { instanceOf: RangeError });
});
