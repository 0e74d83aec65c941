/** Screens without script before somebody is signed in. */

import type { May, SignInWay } from '../server-messages.ts';
import { type Html, html } from './html.ts';
import { button, dots, type FormContext, field, form, keypad } from './parts.ts';
import type { PlainSession } from './session.ts';
import type { Words } from './words.ts';

export interface Screen {
  readonly heading: string;
  readonly body: Html;
  /** Seconds until the browser shall ask again. */
  readonly refresh?: number;
  /** What was begun here is given up by then. */
  readonly away?: true;
}

/** How often an idle page asks whether a badge was held to a reader; seconds. */
const IDLE_REFRESH = 3;
/** Until a form that nobody fills in gives way to the idle screen; seconds. */
const AWAY = { refresh: 60, away: true } as const;

export function signInScreen(session: PlainSession, words: Words, context: FormContext): Screen {
  const ways: readonly SignInWay[] = session.view.welcome?.['sign-in'] ?? ['code'];
  const { may = [] } = session.view.session;
  const badges = ways.includes('badge') || ways.includes('badge-and-pin');
  switch (session.view.state) {
    case 'code':
      return { heading: words.say('checking-code'), body: html``, refresh: 1 };
    case 'pin':
      return digits(
        session,
        words,
        context,
        'pin',
        words.say('badge-pin-heading'),
        words.say('badge-pin-hint'),
        button('sign-out', words.say('back')),
      );
    case 'bind':
      return bindScreen(session, words, context, may.includes('bind-by-sign-in') ? ways : [], may);
    default:
  }
  if (session.place?.name === 'password' && ways.includes('password'))
    return password(session, words, context);
  if (session.place?.name === 'code' || !badges) {
    if (ways.includes('code')) {
      const others = html`${badges && button('back', words.say('way-badge'))}${
        ways.includes('password') && button('way-password', words.say('way-password'))
      }`;
      return digits(
        session,
        words,
        context,
        'code',
        words.say('idle-heading'),
        words.say('idle-hint'),
        others,
      );
    }
    if (!badges) return password(session, words, context);
  }
  return badge(words, context, ways);
}

function badge(words: Words, context: FormContext, ways: readonly SignInWay[]): Screen {
  const others = html`${ways.includes('code') && button('way-code', words.say('way-code'), 'primary')}${
    ways.includes('password') && button('way-password', words.say('way-password'), 'primary')
  }`;
  // A reader that types like a keyboard types into the field, and presses Enter.
  return {
    heading: words.say('badge-heading'),
    body: form(
      context,
      html`<p class="hint">${words.say('badge-hint')}</p>
<p class="unseen">${button('badge', words.say('key-ok'))}</p>
${field('value', words.say('badge-label'), { kind: 'password', focus: true, length: 256 })}
<p class="actions">${others}</p>`,
    ),
    refresh: IDLE_REFRESH,
  };
}

/** A code, or a PIN: typed into the field, or touched. */
export function digits(
  session: PlainSession,
  words: Words,
  context: FormContext,
  name: 'code' | 'pin' | 'job-password',
  heading: string,
  hint: string,
  others: Html = button('back', words.say('back')),
): Screen {
  const label = words.say(name === 'code' ? 'code-label' : 'pin-label');
  const throttled = session.throttled(name);
  if (throttled > 0) {
    return {
      heading,
      body: html`<p class="note bad" role="alert">${words.say('error-throttled', { n: throttled })}</p>
${form(context, html`<p class="actions">${others}</p>`)}`,
      refresh: throttled,
    };
  }
  return {
    heading,
    body: form(
      context,
      html`<div class="columns"><div class="left"><p class="hint" dir="auto">${hint}</p>
${field('value', label, { kind: 'password', digits: true, focus: true, length: 32 })}${dots(words, session.typed)}
<p class="actions">${button(name, words.say('key-ok'), 'primary')}
${others}</p></div>
<div class="right">${keypad(words)}</div></div>`,
    ),
    ...AWAY,
  };
}

function password(session: PlainSession, words: Words, context: FormContext, back = true): Screen {
  const ways: readonly SignInWay[] = session.view.welcome?.['sign-in'] ?? [];
  return {
    heading: words.say('password-heading'),
    body: html`${throttledNote(session, words, 'password')}${form(
      context,
      html`${field('user-name', words.say('user-name'), { focus: true, length: 255 })}
${field('value', words.say('password'), { kind: 'password', length: 256 })}
<p class="actions">${button('password', words.say('sign-in'), 'primary')}
${back && ways.some((way) => way !== 'password') && button('back', words.say('back'))}</p>`,
    )}`,
    ...AWAY,
  };
}

/** The badge is nobody's yet: it becomes the person's who signs in. */
function bindScreen(
  session: PlainSession,
  words: Words,
  context: FormContext,
  ways: readonly SignInWay[],
  may: readonly May[],
): Screen {
  const heading = words.say('bind-heading');
  const back = button('back', words.say('back'));
  switch (session.place?.name) {
    case 'code':
      return digits(session, words, context, 'code', words.say('idle-heading'), words.say('bind-hint'));
    case 'password':
      return password(session, words, context);
    case 'activation':
      return {
        heading: words.say('activation-heading'),
        body: html`${throttledNote(session, words, 'activation')}${form(
          context,
          html`${field('value', words.say('activation-label'), { focus: true, length: 64 })}
<p class="actions">${button('activation', words.say('key-ok'), 'primary')}${back}</p>`,
        )}`,
        ...AWAY,
      };
    case 'ask-activation':
      return {
        heading: words.say('ask-activation'),
        body: form(
          context,
          html`${field('user-name', words.say('user-name'), { focus: true, length: 255 })}
<p class="actions">${button('ask-activation', words.say('ask-activation'), 'primary')}${back}</p>`,
        ),
        ...AWAY,
      };
    default:
      return {
        heading,
        body: form(
          context,
          html`<p class="hint">${words.say('bind-hint')}</p>
<p class="ways">${ways.includes('password') && button('way-password', words.say('way-password'), 'primary')}
${ways.includes('code') && button('way-code', words.say('way-code'), 'primary')}
${
  may.includes('bind-by-activation') &&
  html`${button('way-activation', words.say('activation-heading'))}
${button('way-ask-activation', words.say('ask-activation'))}`
}
${button('sign-out', words.say('back'))}</p>`,
        ),
        ...AWAY,
      };
  }
}

function throttledNote(session: PlainSession, words: Words, kind: 'password' | 'activation'): Html | false {
  const throttled = session.throttled(kind);
  return (
    throttled > 0 &&
    html`<p class="note bad" role="alert">${words.say('error-throttled', { n: throttled })}</p>`
  );
}
