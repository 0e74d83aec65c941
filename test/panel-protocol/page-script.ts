/** Parts of the page's script in a bare world of their own, for tests without a browser. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import type { Language } from '../../base/i18n/languages.ts';
import { orderedTexts } from '../../panel-protocol/page/page.ts';

export const PAGE_FOLDER = join(import.meta.dirname, '../../panel-protocol/page');

/** The sources by name, in the order in which they are served. */
export const SCRIPTS: ReadonlyMap<string, string> = new Map(
  readdirSync(join(PAGE_FOLDER, 'script'))
    .sort()
    .map((name) => [name, readFileSync(join(PAGE_FOLDER, 'script', name), 'utf8')]),
);

/** What the parts that need no elements offer. */
export interface PageWords {
  say(key: string, values?: Readonly<Record<string, string | number>>): string;
  size(kiloOctets: number): string;
  when(time: string, now: string): string;
  printerSentence(printer: object): string | undefined;
  troubleSentence(outcome: string, reason: string): string;
  troubleLine(outcome: string, reason: string): string;
  refusalSentence(reason: string): string;
  outcomeSentence(outcome: object): { kind: string; text: string };
  describe(job: object): string;
}

export function pageWords(language: Language): PageWords {
  const context = createContext({
    // As they are served: the most urgent trouble of a printer first.
    window: { holdfastTexts: orderedTexts(language) },
    document: { documentElement: { lang: language }, getElementById: () => ({}) },
  });
  for (const name of ['01-core.js', '02-sentences.js']) runInContext(SCRIPTS.get(name) ?? '', context);
  return runInContext('window.holdfast', context) as PageWords;
}
