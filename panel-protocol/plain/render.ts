/** One page without script: the frame that all screens stand in. */
import { LANGUAGE_NAMES, LANGUAGES } from '../../base/i18n/languages.ts';
import { documentScreen } from './documents.ts';
import { type Html, html } from './html.ts';
import { noteSentence } from './notes.ts';
import { button, type FormContext, form } from './parts.ts';
import type { PlainSession } from './session.ts';
import { type Screen, signInScreen } from './sign-in.ts';
import { Words } from './words.ts';

/** Seconds between two loads where nobody is signed in and somebody wants them seldom. */
const SELDOM = 60;

export interface Frame {
  /** Path of the pages without script, not of this session: `/panel/NAME/plain`. */
  readonly base: string;
  /** Style sheets, in their order. */
  readonly styles: readonly string[];
}

/** The page of the session as it is now. What it says once is said by that. */
export function render(session: PlainSession, { base, styles }: Frame): string {
  const words = new Words(session.language);
  const { view } = session;
  const action = `${base}/${session.id}`;
  const context: FormContext = { action, token: session.newToken() };
  const screen = screenOf(session, words, context, base);
  const note = session.note === undefined ? undefined : noteSentence(session.note, words);
  session.note = undefined;
  const trouble = view.printer === undefined || session.over ? undefined : words.printer(view.printer);
  const refresh = refreshOf(session, screen);
  const refreshed = session.over ? base : `${action}${screen.away || refresh === SELDOM ? '?away=1' : ''}`;
  const person = view.session.person?.['display-name'];
  const page = html`<!DOCTYPE html>
<html lang="${session.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh !== undefined && html`<meta http-equiv="refresh" content="${refresh}; url=${refreshed}">\n`}
<title>${[screen.heading, view.welcome?.name].filter(Boolean).join(' – ')}</title>
<link rel="icon" href="data:,">
${styles.map((href) => html`<link rel="stylesheet" href="${href}">\n`)}
</head>
<body>
<header>
<div id="printer"><strong>${view.printer?.['printer-info'] || view.printer?.['printer-name']}</strong>
<span>${view.printer?.['printer-location']}</span></div>
${
  person !== undefined
    ? html`<div id="who"><span>${person}</span> ${form(context, button('sign-out', words.say('sign-out')))}</div>`
    : languages(session, words, action)
}
</header>
${trouble !== undefined && html`<p id="banner" role="status">${trouble}</p>\n`}
<main>
<h1>${screen.heading}</h1>
${note !== undefined && note.text !== '' && html`<p class="note ${note.kind}" role="${note.kind === 'bad' ? 'alert' : 'status'}">${note.text}</p>\n`}
${screen.body}
${foot(session, screen, words, action)}
</main>
</body>
</html>
`;
  return page.text.replace(/\n{2,}/g, '\n');
}

/**
 * A page that comes again by itself takes a screen reader back to its top, so that somebody may want it seldom (WCAG
 * 2.2, 2.2.1): then it comes when the session ends, as nothing of anybody may stay on the screen, and each
 * {@link SELDOM} where nobody is signed in.
 */
function refreshOf({ seldom, view }: PlainSession, { refresh }: Screen): number | undefined {
  if (refresh === undefined || !seldom) return refresh;
  return view.signedIn ? (view.timeLeft ?? SELDOM) + 1 : Math.max(refresh, SELDOM);
}

/** What a page offers that comes again soon: seldom; and in its place, to look again when one likes. */
function foot(session: PlainSession, screen: Screen, words: Words, action: string): Html | false {
  if (session.over || screen.refresh === undefined || screen.refresh >= SELDOM) return false;
  return session.seldom
    ? html`<p class="foot"><a class="button" href="${action}">${words.say('look-again')}</a></p>`
    : html`<p class="foot"><a class="button" href="${action}?seldom=1">${words.say('refresh-seldom')}</a></p>`;
}

function screenOf(session: PlainSession, words: Words, context: FormContext, base: string): Screen {
  const { view } = session;
  if (view.bye === 'taken-over') {
    return {
      heading: words.say('taken-over-heading'),
      body: html`<p class="hint">${words.say('taken-over-hint')}</p>
<p class="actions"><a class="button primary" href="${base}">${words.say('use-here')}</a></p>`,
    };
  }
  if (view.bye !== undefined || view.welcome === undefined) {
    return {
      heading: words.say('lost-heading'),
      body: html`<p class="hint">${words.say('lost-hint')}</p>
<p class="actions"><a class="button primary" href="${base}">${words.say('retry-now')}</a></p>`,
      refresh: 10,
    };
  }
  return view.signedIn ? documentScreen(session, words, context) : signInScreen(session, words, context);
}

function languages(session: PlainSession, words: Words, action: string): Html {
  return html`<nav aria-label="${words.say('languages')}">
${LANGUAGES.map(
  (each) =>
    html`<a href="${action}?language=${each}" lang="${each}" hreflang="${each}"${each === session.language && html` aria-current="true"`}>${LANGUAGE_NAMES[each]}</a>\n`,
)}</nav>`;
}
