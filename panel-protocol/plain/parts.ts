/** Pieces that the screens without script are made of. */
import { type Html, html } from './html.ts';
import type { Words } from './words.ts';

export interface FormContext {
  /** Where it is posted to. */
  readonly action: string;
  readonly token: string;
}

/** A form of the page; all of a page's forms share its token, of which one is used. */
export function form({ action, token }: FormContext, content: Html): Html {
  return html`<form method="post" action="${action}" autocomplete="off">
<input type="hidden" name="token" value="${token}">
${content}
</form>`;
}

/** What the form's button does is its name, as old browsers send the label of a `button` for its value. */
export function button(name: string, label: string, kind: '' | 'primary' | 'danger' = ''): Html {
  return html`<input type="submit" class="${`button ${kind}`.trim()}" name="do-${name}" value="${label}">\n`;
}

export interface FieldOptions {
  readonly kind?: 'password' | 'text' | 'number';
  readonly digits?: boolean;
  readonly focus?: boolean;
  readonly value?: string;
  readonly length?: number;
  readonly most?: number;
}

export function field(name: string, label: string, options: FieldOptions = {}): Html {
  const { kind = 'text', digits, focus, value, length, most } = options;
  return html`<p class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${kind}"${attribute('value', value)}${attribute('inputmode', digits && 'numeric')}${attribute('maxlength', length)}${most !== undefined && html` min="1" max="${most}"`}${focus && html` autofocus`} autocomplete="${kind === 'password' ? 'new-password' : 'off'}"></p>\n`;
}

const attribute = (name: string, value: string | number | false | undefined): Html | false =>
  value !== undefined && value !== false && html` ${name}="${value}"`;

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export function select(name: string, label: string, choices: readonly Choice[], current: string): Html {
  const options = choices.map(
    (each) =>
      html`<option value="${each.value}"${each.value === current && html` selected`}>${each.label}</option>`,
  );
  return html`<p class="field"><label for="${name}">${label}</label>
<select id="${name}" name="${name}">${options}</select></p>\n`;
}

/** How much the keypad has typed, and nothing of what. */
export function dots(words: Words, typed: string): Html {
  return html`<p class="dots" role="status">${
    typed !== '' &&
    html`<span aria-hidden="true">${'•'.repeat(typed.length)}</span> <span class="unseen">${words.say('code-length', { n: typed.length })}</span>`
  }</p>\n`;
}

/** Ten digits, each a form's button: for a screen without a keyboard. */
export function keypad(words: Words): Html {
  const key = (digit: number) => html`<input type="submit" class="key" name="key" value="${digit}">\n`;
  return html`<div class="keypad" role="group" aria-label="${words.say('keypad')}">
${[1, 2, 3].map(key)}<br>
${[4, 5, 6].map(key)}<br>
${[7, 8, 9].map(key)}<br>
<input type="submit" class="key" name="do-erase" value="←" aria-label="${words.say('key-delete')}">
${key(0)}<span class="key none"></span>
</div>\n`;
}
