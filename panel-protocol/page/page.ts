/** The page that an MFP's browser loads, made at start for each language and served from memory. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pathOf } from '../../base/http/request-target.ts';
import { sendText } from '../../base/http/responses.ts';
import type { Exchange, RequestExchange, RequestRoute } from '../../base/http/routes.ts';
import {
  isLanguage,
  LANGUAGE_NAMES,
  LANGUAGES,
  type Language,
  preferredLanguage,
} from '../../base/i18n/languages.ts';
import type { Text } from '../../base/i18n/texts.ts';
import { REASONS } from '../plain/words.ts';
import type { Panel } from '../ports.ts';
import { colored } from './color.ts';
import { type Compacted, compacted } from './compacted.ts';
import { languageScript } from './language.ts';
import { TEXTS } from './texts/texts.ts';

/** Digits of a file's hash in its name, and of the page's version. */
const HASH_LENGTH = 12;
/** Texts whose names the script makes of words of the protocol, or of its own states. */
export const FAMILIES =
  /^(?:trouble|tail|refused|printer|ended|document|lost|connecting|taken-over|error|value|option|conflict)-/;
/** Stands for the path of the pages without script, which is another for each panel. */
const PLAIN = '[plain]';
/** Stands for the name of the style sheet, which is another for each colour. */
const STYLE = '[style]';
const SCRIPT_TYPE = 'text/javascript; charset=utf-8';
const FALLBACK_LANGUAGE: Language = 'en';

interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

export class PanelPage {
  /** Changes with any of its files. */
  readonly version: string;
  readonly routes: readonly RequestRoute[];
  readonly #find: (name: string) => Panel | undefined;
  /** By name with hash; the same name always means the same content. */
  readonly #files = new Map<string, PageFile>();
  readonly #html = new Map<Language, string>();
  readonly #css: string;
  readonly #plainCss: string;

  static async read(find: (name: string) => Panel | undefined): Promise<PanelPage> {
    const folder = import.meta.dirname;
    const [html, css, script, plainCss] = await Promise.all([
      readFile(join(folder, 'index.html'), 'utf8'),
      readAll(join(folder, 'style')),
      readAll(join(folder, 'script')),
      readFile(join(folder, '../plain/style.css'), 'utf8'),
    ]);
    const keys = Object.keys(TEXTS.en).filter((key) => !FAMILIES.test(key));
    return new PanelPage(find, { html, css, script }, await compacted({ css, plainCss, script, keys }));
  }

  private constructor(
    find: (name: string) => Panel | undefined,
    { html, css, script }: Readonly<Record<'html' | 'css' | 'script', string>>,
    made: Compacted,
  ) {
    this.#find = find;
    // There is no form that a button could send, and no words that a new line keeps apart.
    const compactHtml = html.replaceAll(' type="button"', '').replaceAll('\n<', '<');
    const asked = LANGUAGES.map((language) => askedTexts(language, script, made.names));
    const texts = asked.map((each) => `window.holdfastTexts=${literal(each)};`);
    const others = LANGUAGES.map((language, index) => languageScript(language, asked[index] ?? {}));
    this.version = hash([html, css, script, ...texts, ...others].join('\n'));
    this.#css = made.css;
    this.#plainCss = made.plainCss;
    const scriptName = this.#keep('panel', 'js', SCRIPT_TYPE, made.script);
    for (const [index, language] of LANGUAGES.entries()) {
      const textsName = this.#keep(`texts-${language}`, 'js', SCRIPT_TYPE, texts[index] ?? '');
      const values = { version: this.version, css: STYLE, script: scriptName, texts: textsName };
      this.#html.set(language, filled(compactHtml, language, values));
      // By a name that a page of this version knows.
      const other = Buffer.from(others[index] ?? '');
      this.#files.set(`${language}-${this.version}.js`, { type: SCRIPT_TYPE, body: other });
    }
    this.routes = [
      {
        method: 'GET',
        path: '/panel/:panel',
        authentication: 'panel',
        handle: (exchange) => this.#sendPage(exchange),
      },
      // The same for everybody, and no secret.
      {
        method: 'GET',
        path: '/panel-files/:file',
        authentication: 'anyone',
        handle: (exchange) => this.#sendFile(exchange),
      },
    ];
  }

  #keep(stem: string, extension: string, type: string, content: string): string {
    const name = `${stem}-${hash(content)}.${extension}`;
    this.#files.set(name, { type, body: Buffer.from(content) });
    return name;
  }

  /** What the person chose on the page, else the panel's own, else what the browser likes best. */
  languageOf(exchange: Exchange): Language {
    return languageOf(exchange.request, this.#find(exchange.parameters['panel'] ?? ''));
  }

  /** Paths of the style sheets of the pages without script. */
  plainStyles(exchange: Exchange): string[] {
    return [`/panel-files/${this.#style('plain', this.#plainCss, exchange)}`];
  }

  /** The name of a style sheet in the panel's colour. */
  #style(stem: string, css: string, { parameters }: Exchange): string {
    return this.#keep(
      stem,
      'css',
      'text/css; charset=utf-8',
      colored(css, this.#find(parameters['panel'] ?? '')?.color),
    );
  }

  #sendPage(exchange: RequestExchange): void {
    const language = this.languageOf(exchange);
    const path = pathOf(exchange.request.url ?? '');
    const html = (this.#html.get(language) ?? '').replace(STYLE, this.#style('panel', this.#css, exchange));
    const body = Buffer.from(html.replaceAll(PLAIN, escaped(`${path}/plain`)));
    exchange.response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': body.length,
      'Content-Language': language,
      Vary: 'Accept-Language',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': contentSecurityPolicy(exchange),
      ...SAFE_HEADERS,
    });
    exchange.response.end(body);
  }

  #sendFile({ response, parameters }: RequestExchange): void {
    const file = this.#files.get(parameters['file'] ?? '');
    if (file === undefined) return sendText(response, 404, 'no such file');
    response.writeHead(200, {
      'Content-Type': file.type,
      'Content-Length': file.body.length,
      'Cache-Control': 'public, max-age=31536000, immutable',
      ...SAFE_HEADERS,
    });
    response.end(file.body);
  }
}

/** All files of a folder as one, in the order of their names. */
async function readAll(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

const SAFE_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
};

/** What the person chose on the page, else the panel's own, else what the browser likes best. */
function languageOf(request: IncomingMessage, panel: Panel | undefined): Language {
  const chosen = new URLSearchParams(request.url?.split('?', 2)[1]).get('language') ?? '';
  if (isLanguage(chosen)) return chosen;
  return panel?.language ?? preferredLanguage(request.headers['accept-language']) ?? FALLBACK_LANGUAGE;
}

function contentSecurityPolicy({ request, secure }: Exchange): string {
  // Older browsers do not count a WebSocket to the same host as 'self'.
  const host = request.headers.host ?? '';
  const socket = /^[A-Za-z0-9.:[\]-]+$/.test(host) ? ` ${secure ? 'wss' : 'ws'}://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    'img-src data:',
    `connect-src 'self'${socket}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The texts that the script may ask for: by their whole name, or by the beginning of one that it makes. */
function askedTexts(
  language: Language,
  script: string,
  shortNames: Readonly<Record<string, string>>,
): Readonly<Record<string, Text>> {
  const texts = Object.entries(orderedTexts(language))
    .filter(([key]) => script.includes(`'${key}'`) || FAMILIES.test(key))
    .map(([key, text]): [string, Text] => [shortNames[key] ?? key, text]);
  return Object.fromEntries(texts);
}

/** As JavaScript, in which most names need no quotes. */
function literal(texts: Readonly<Record<string, Text>>): string {
  const fields = Object.entries(texts).map(([key, text]) => {
    const name = /^(?:[a-z]+|\d+)$/.test(key) ? key : JSON.stringify(key);
    return `${name}:${typeof text === 'string' ? JSON.stringify(text) : literal(text)}`;
  });
  return `{${fields.join(',')}}`;
}

/** The page's texts, of which a printer's troubles come with the most urgent first. */
export function orderedTexts(language: Language): Readonly<Record<string, Text>> {
  const urgency = (key: string) => (REASONS as readonly string[]).indexOf(key.replace(/^printer-/, ''));
  const texts: [string, Text][] = Object.entries(TEXTS[language]);
  return Object.fromEntries(texts.sort(([a], [b]) => urgency(a) - urgency(b)));
}

/** `{{name}}` becomes one of `values` or the text of that name; a page that names another is a defect. */
function filled(html: string, language: Language, values: Readonly<Record<string, string>>): string {
  const texts: Readonly<Record<string, unknown>> = TEXTS[language];
  return html.replace(/\{\{([a-z-]+)\}\}/g, (_, name: string) => {
    if (name === 'language') return language;
    if (name === 'language-links') return languageLinks(language);
    const value = values[name] ?? texts[name];
    if (typeof value !== 'string') throw new TypeError(`the panel page names {{${name}}}, which has no text`);
    return escaped(value);
  });
}

function languageLinks(current: Language): string {
  return LANGUAGES.map((language) => {
    const here = language === current ? ' aria-current="true"' : '';
    return `<a href="?language=${language}" lang="${language}"${here}>${escaped(LANGUAGE_NAMES[language])}</a>`;
  }).join('\n');
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const hash = (content: string): string =>
  createHash('sha256').update(content).digest('hex').slice(0, HASH_LENGTH);
