/** A browser without script, cookies or patience: gets pages, follows what leads on, presses buttons of forms. */
import type { Gateway } from '../gateway.ts';

export interface Field {
  readonly name: string;
  readonly value: string;
}

export class PlainBrowser {
  readonly #host: string;
  /** Path of the page that is shown, with its query. */
  path = '';
  html = '';
  status = 0;
  headers = new Headers();

  constructor(host: string) {
    this.#host = host;
  }

  static async at(gateway: Pick<Gateway, 'host'>, path = '/panel/ward-3/plain'): Promise<PlainBrowser> {
    const browser = new PlainBrowser(gateway.host);
    await browser.get(path);
    return browser;
  }

  get(path = this.path): Promise<void> {
    return this.#load(path, {});
  }

  /** As the page's own refresh does. */
  refresh(): Promise<void> {
    const target = /http-equiv="refresh" content="\d+; url=([^"]+)"/.exec(this.html)?.[1];
    if (target === undefined) throw new Error(`no refresh in ${this.html}`);
    return this.get(unescaped(target));
  }

  /** Presses a button by its name, with what was filled in; marked boxes and chosen values go along as they are. */
  press(name: string, filled: Readonly<Record<string, string>> = {}): Promise<void> {
    const form = this.forms().find((each) => each.includes(`name="${name}"`));
    if (form === undefined) throw new Error(`no button ${name} in ${this.html}`);
    const fields = new URLSearchParams();
    for (const [field, value] of fieldsOf(form)) fields.append(field, filled[field] ?? value);
    fields.append(name, filled[name] ?? 'x');
    return this.post(fields);
  }

  /** Presses a digit of the keypad. */
  digit(value: string): Promise<void> {
    return this.press('key', { key: value });
  }

  post(fields: URLSearchParams, headers: Record<string, string> = {}): Promise<void> {
    return this.#load(this.path.split('?', 1)[0] ?? '', { method: 'POST', body: fields, headers });
  }

  forms(): string[] {
    return [...this.html.matchAll(/<form[\s\S]*?<\/form>/g)].map(([form]) => form);
  }

  get token(): string {
    return /name="token" value="([^"]+)"/.exec(this.html)?.[1] ?? '';
  }

  get heading(): string {
    return unescaped(/<h1>([^<]*)<\/h1>/.exec(this.html)?.[1] ?? '');
  }

  /** What the page shows, as text. */
  get text(): string {
    return unescaped(this.html.replace(/[\s\S]*<body>/, '').replace(/<[^>]*>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim();
  }

  async #load(path: string, init: RequestInit): Promise<void> {
    const answer = await fetch(`http://${this.#host}${path}`, { ...init, redirect: 'manual' });
    this.status = answer.status;
    this.headers = answer.headers;
    const body = await answer.text();
    const location = answer.headers.get('location');
    if (answer.status === 303 && location !== null) return this.#load(location, {});
    this.path = path;
    this.html = body;
  }
}

/** Fields of a form that would be sent without a touch; buttons are none of them. */
function fieldsOf(form: string): [string, string][] {
  const fields: [string, string][] = [];
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const type = attribute(tag, 'type');
    if (type === 'submit' || (type === 'checkbox' && !/ checked/.test(tag)) || / disabled/.test(tag))
      continue;
    fields.push([attribute(tag, 'name'), attribute(tag, 'value')]);
  }
  for (const [, name = '', options = ''] of form.matchAll(
    /<select[^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g,
  )) {
    const chosen =
      /<option value="([^"]*)" selected>/.exec(options) ?? /<option value="([^"]*)"/.exec(options);
    fields.push([name, unescaped(chosen?.[1] ?? '')]);
  }
  return fields;
}

const attribute = (tag: string, name: string): string =>
  unescaped(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

const unescaped = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
