/** The script by which a page that is shown goes over to another language: whoever has signed in reads that one. */
import type { Language } from '../../base/i18n/languages.ts';
import type { Text } from '../../base/i18n/texts.ts';
import { TEXTS, type TextKey } from './texts/texts.ts';

/** What the page came with, and its script draws once or not at all; by a selector. */
const LABELS: Readonly<Record<string, TextKey>> = {
  '#sign-out': 'sign-out',
  '#stay-button': 'stay',
  '#offline-button+a': 'simple-page',
  '#code-back': 'back',
  '#to-password': 'way-password',
  '#key-ok': 'key-ok',
  '#jobs-empty h2': 'no-documents',
  '#jobs-empty p': 'no-documents-hint',
  '#stop': 'stop-short',
  '#more': 'my-documents',
  '#finish': 'sign-out',
};
/** The same, read by a screen reader only. */
const NAMES: Readonly<Record<string, TextKey>> = {
  '#languages': 'languages',
  '#keypad': 'keypad',
  '#key-delete': 'key-delete',
  '#options': 'options',
  '.pager button:first-child': 'previous-page',
  '.pager button:last-child': 'next-page',
};

/** ES5. The texts change in their place, where the page's own script has them. */
const CHANGE = `function(language,texts,title,labels,names){
function each(all,change){for(var selector in all){var found=document.querySelectorAll(selector);
for(var i=0;i<found.length;i++)change(found[i],all[selector])}}
for(var key in texts)window.holdfastTexts[key]=texts[key];
document.documentElement.lang=language;
document.getElementById('live').textContent='';
document.title=document.title.replace(/^[^–]*/,title+' ');
each(labels,function(element,text){element.textContent=text});
each(names,function(element,text){element.setAttribute('aria-label',text)})}`;

/** @param texts those that the page's script asks for, by the names that it has for them */
export function languageScript(language: Language, texts: Readonly<Record<string, Text>>): string {
  const said = (all: Readonly<Record<string, TextKey>>) =>
    Object.fromEntries(Object.entries(all).map(([selector, key]) => [selector, TEXTS[language][key]]));
  const values = [language, texts, TEXTS[language].title, said(LABELS), said(NAMES)];
  return `(${CHANGE})(${values.map((value) => JSON.stringify(value)).join(',')});`;
}
