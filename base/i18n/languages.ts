/** The languages that people may read, and which of them a browser asks for. */

export const LANGUAGES = ['en', 'fr', 'de', 'pl'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const LANGUAGE_NAMES = {
  en: 'English',
  fr: 'Français',
  de: 'Deutsch',
  pl: 'Polski',
} as const satisfies Record<Language, string>;

/** Characters of an Accept-Language header that are looked at; real ones have less than 100. */
const HEADER_LIMIT = 500;

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text);
}

/**
 * The language that an `Accept-Language` header likes best among ours (RFC 9110 §12.5.4). Only the primary subtag
 * counts: `de-CH` is German.
 */
export function preferredLanguage(header: string | undefined): Language | undefined {
  let best: Language | undefined;
  let bestQuality = 0;
  for (const range of (header ?? '').slice(0, HEADER_LIMIT).split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
    const language = tag.split('-')[0]?.trim() ?? '';
    const quality = qualityOf(parameters);
    if (isLanguage(language) && quality > bestQuality) [best, bestQuality] = [language, quality];
  }
  return best;
}

/** 0 to 1; 0, which means "not this one", when it can't be read. */
function qualityOf(parameters: readonly string[]): number {
  const weight = parameters.map((each) => each.trim()).find((each) => each.startsWith('q='));
  if (weight === undefined) return 1;
  return /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight.slice(2)) : 0;
}
