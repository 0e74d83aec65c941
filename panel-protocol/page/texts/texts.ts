/** The page's texts in every language. */
import type { Language } from '../../../base/i18n/languages.ts';
import type { Text } from '../../../base/i18n/texts.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { pl } from './pl.ts';

export type TextKey = keyof typeof en;

export const TEXTS = { en, fr, de, pl } as const satisfies { [L in Language]: Record<TextKey, Text<L>> };
