/** Typed catalogues of texts: a translation that lacks a key or a plural form does not compile. */
import type { Language } from './languages.ts';

/** The plural forms that each language has for whole numbers (CLDR). */
export interface PluralForms {
  en: 'one' | 'other';
  fr: 'one' | 'other';
  de: 'one' | 'other';
  pl: 'one' | 'few' | 'many';
}

/** A text that depends on the number `{n}` in it. */
export type Plural<L extends Language> = Readonly<Record<PluralForms[L], string>>;

/** A text or a plural; `{name}` stands for a value. */
export type Text<L extends Language = Language> = string | Plural<L>;

/** The same keys as the source, each in the forms that language `L` needs. */
export type Translation<Source, L extends Language> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Plural<L>;
};

export type Values = Readonly<Record<string, string | number>>;

/** Which form a whole number ≥ 0 takes. */
export function pluralForm<L extends Language>(language: L, n: number): PluralForms[L];
export function pluralForm(language: Language, n: number): PluralForms[Language] {
  switch (language) {
    case 'en':
    case 'de':
      return n === 1 ? 'one' : 'other';
    case 'fr':
      return n < 2 ? 'one' : 'other';
    case 'pl': {
      if (n === 1) return 'one';
      const few = n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14);
      return few ? 'few' : 'many';
    }
  }
}

/** The text with its values. A plural takes its form from the value `n`. @throws RangeError when a value is missing. */
export function say<L extends Language>(language: L, text: Text<L>, values: Values = {}): string {
  const form = typeof text === 'string' ? text : text[pluralForm(language, Number(values['n']))];
  return form.replace(PLACEHOLDER, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`no value for {${name}}`);
    return String(value);
  });
}

/** `{name}` in a text. */
export const PLACEHOLDER = /\{([a-z-]+)\}/g;
