/** What mails about alerts say, in each language. */
import type { Language } from '../../../base/i18n/languages.ts';
import type { Plural } from '../../../base/i18n/texts.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { pl } from './pl.ts';

export interface AlertTexts<L extends Language = Language> {
  /** `{n}` things in one mail. */
  readonly several: Plural<L>;
  /** `{what}` was told before. */
  readonly over: string;
  /** `{supply}`, `{level}` in percent. */
  readonly low: string;
  /** `{supply}`, of which nobody knows how much is left. */
  readonly isLow: string;
  readonly silent: string;
  readonly unwatched: string;
  readonly impostor: string;
  /** By `printer-state-reasons` without their ends. */
  readonly reasons: Readonly<Record<keyof typeof en.reasons, string>>;
}

export const TEXTS = { en, fr, de, pl } as const satisfies { [L in Language]: AlertTexts<L> };
