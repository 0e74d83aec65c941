/** The page of a browser that is no panel yet: a button, then a number. HTML 4 without script, for any MFP's browser. */
import { createHash } from 'node:crypto';
import type { RequestExchange } from '../../base/http/routes.ts';
import { type Language, preferredLanguage } from '../../base/i18n/languages.ts';
import type { Milliseconds } from '../../base/units.ts';
import { colored } from '../page/color.ts';
import { LOOK_AGAIN } from './bounds.ts';

interface Texts {
  readonly title: string;
  readonly ask: string;
  readonly hint: string;
  readonly number: string;
  readonly waiting: string;
  readonly later: string;
}

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    title: 'Set up this screen',
    ask: 'Ask for approval',
    hint: 'This screen is not a panel of the print system yet.',
    number: 'Tell an administrator this number',
    waiting: 'The panel opens by itself once it is approved.',
    later: 'Too many screens are asking now. Try again in a few minutes.',
  },
  de: {
    title: 'Diesen Bildschirm einrichten',
    ask: 'Freigabe anfragen',
    hint: 'Dieser Bildschirm gehört noch nicht zum Drucksystem.',
    number: 'Nennen Sie der Administration diese Nummer',
    waiting: 'Sobald er freigegeben ist, öffnet sich das Bedienfeld von selbst.',
    later: 'Zurzeit fragen zu viele Bildschirme an. Versuchen Sie es in ein paar Minuten wieder.',
  },
  fr: {
    title: 'Installer cet écran',
    ask: 'Demander l’autorisation',
    hint: 'Cet écran ne fait pas encore partie du système d’impression.',
    number: 'Donnez ce numéro à l’administration',
    waiting: 'L’écran d’impression s’ouvrira de lui-même dès l’autorisation.',
    later: 'Trop d’écrans font une demande en ce moment. Réessayez dans quelques minutes.',
  },
  pl: {
    title: 'Skonfiguruj ten ekran',
    ask: 'Poproś o zatwierdzenie',
    hint: 'Ten ekran nie należy jeszcze do systemu drukowania.',
    number: 'Podaj ten numer administratorowi',
    waiting: 'Po zatwierdzeniu panel otworzy się sam.',
    later: 'Zbyt wiele ekranów prosi teraz o zatwierdzenie. Spróbuj za kilka minut.',
  },
};

const STYLE = [
  'body{margin:0;padding:2em;background:#eef2f5;color:#17222b;font:20px sans-serif;text-align:center}',
  'h1{font-size:1.4em}',
  '.number{font-size:3em;font-weight:bold;letter-spacing:.15em;margin:.3em 0}',
  'button{min-height:52px;padding:0 1.5em;border:2px solid #00596b;background:#00596b;color:#fff;font:bold 1em sans-serif}',
  '@media (max-width:640px),(max-height:400px){body{padding:.5em;font-size:17px}h1,p{margin:.6em 0}}',
  '@media (forced-colors:active){button{border-width:4px}}',
].join('');
const policyOf = (style: string): string =>
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** `number`: it waits. `wait`: it may not ask now. Neither: it may ask. */
export function sendEnrolmentPage(
  { request, response }: RequestExchange,
  color: string,
  { number, wait }: { readonly number?: string; readonly wait?: Milliseconds },
): void {
  const style = colored(STYLE, color);
  const language = preferredLanguage(request.headers['accept-language']) ?? 'en';
  const body = Buffer.from(pageOf(style, language, number, wait !== undefined));
  response.writeHead(wait === undefined ? 200 : 429, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': body.length,
    'Content-Language': language,
    Vary: 'Accept-Language, Cookie',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policyOf(style),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    ...(wait === undefined ? {} : { 'Retry-After': Math.ceil(wait / 1000) }),
  });
  response.end(body);
}

function pageOf(style: string, language: Language, number: string | undefined, late: boolean): string {
  const texts = TEXTS[language];
  const refresh =
    number === undefined ? '' : `<meta http-equiv="refresh" content="${LOOK_AGAIN / 1000};url=/panel">\n`;
  const button = `<form method="post" action="/panel"><p><button type="submit">${texts.ask}</button></p></form>`;
  const content =
    number === undefined
      ? `<p>${late ? texts.later : texts.hint}</p>\n${button}`
      : `<p>${texts.number}</p>\n<p class="number">${number.slice(0, 3)} ${number.slice(3)}</p>\n<p>${texts.waiting}</p>`;
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<title>${texts.title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>${texts.title}</h1>
${content}
</main>
</body>
</html>
`;
}
