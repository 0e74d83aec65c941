// The page as it is served: languages, headers, caching, size, and a script that a browser of 2012 can read.
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { parse } from 'acorn';
import test from 'ava';
import { z } from 'zod';
import { LANGUAGES } from '../../base/i18n/languages.ts';
import { clientMessage } from '../../panel-protocol/client-messages.ts';
import { compactCss, compactScript, shortTexts } from '../../panel-protocol/page/compact.ts';
import { SERVER_MESSAGES } from '../../panel-protocol/server-messages.ts';
import { panel } from './fakes.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { SCRIPTS } from './page-script.ts';
import { compareScripts } from './same-script.ts';
import { flaws } from './valid-html.ts';

/** "Under 60 kB in all": what one browser loads in one language. */
const LARGEST_PAGE = 60_000;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function get(gateway: Gateway, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const [host, port] = gateway.host.split(':');
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    sent.once('error', reject);
    sent.end();
  });
}

const filesOf = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="(\/panel-files\/[^"]+)"/g)].map((match) => match[1] ?? '');

test('the language is the chosen one, else the panel’s, else the browser’s, else English', async (t) => {
  const { language: _, ...any } = panel({ name: 'any' });
  const gateway = await openGateway(t, { panels: [panel({ name: 'own', language: 'pl' }), any] });
  const language = async (path: string, accept?: string) => {
    const { headers, body } = await get(
      gateway,
      path,
      accept === undefined ? {} : { 'Accept-Language': accept },
    );
    t.regex(body, new RegExp(`<html lang="${headers['content-language']}">`));
    return headers['content-language'];
  };
  t.is(await language('/panel/own?language=fr', 'de'), 'fr');
  t.is(await language('/panel/own', 'de'), 'pl');
  t.is(await language('/panel/own?language=xx', 'de'), 'pl');
  t.is(await language('/panel/any', 'it, de-AT;q=0.8'), 'de');
  t.is(await language('/panel/any'), 'en');
});

test('the page is safe by its headers and is never kept, its files are kept for good', async (t) => {
  const gateway = await openGateway(t);
  const page = await get(gateway, '/panel/ward-3');
  t.is(
    page.headers['content-security-policy'],
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; ` +
      `connect-src 'self' ws://${gateway.host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  t.like(page.headers, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  });
  const files = filesOf(page.body);
  t.is(files.length, 3);
  for (const file of files) {
    t.regex(file, /^\/panel-files\/[a-z-]+-[0-9a-f]{12}\.(css|js)$/);
    const { status, headers } = await get(gateway, file);
    t.is(status, 200);
    t.like(headers, {
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    t.regex(headers['content-type'] ?? '', /^text\/(css|javascript); charset=utf-8$/);
  }
});

test('the pages have the colour of the configuration, each panel its own', async (t) => {
  const own = panel({ name: 'own', color: '#0a5c2e' });
  const gateway = await openGateway(t, { panels: [panel(), own] });
  const style = async (path: string) => {
    const { status, body } = await get(gateway, path);
    const plain =
      status === 303 ? await fetch(`http://${gateway.host}${path}`).then((each) => each.text()) : body;
    const file = filesOf(plain).find((name) => name.endsWith('.css')) ?? '';
    return (await get(gateway, file)).body;
  };
  for (const page of ['', '/plain']) {
    t.regex(await style(`/panel/ward-3${page}`), /#00596b[\s\S]*#003d4a|#003d4a[\s\S]*#00596b/);
    const green = await style(`/panel/own${page}`);
    t.regex(green, /#0a5c2e/);
    t.regex(green, /#073f20/);
    t.notRegex(green, /#00596b|#003d4a/);
  }
  const enrolment = await get(gateway, '/panel');
  const [, sheet = ''] = /<style>(.*)<\/style>/.exec(enrolment.body) ?? [];
  t.regex(sheet, /background:#5b2a86/);
  const digest = createHash('sha256').update(sheet).digest('base64');
  t.true(enrolment.headers['content-security-policy']?.includes(`'sha256-${digest}'`));
});

test('every page is HTML by the standard: with script, without, and to be enrolled', async (t) => {
  const gateway = await openGateway(t);
  t.regex((await flaws('<!DOCTYPE html><html lang="en"><p>a<div>b</p></html>')).join('\n'), /close-order/);
  for (const language of LANGUAGES) {
    for (const path of ['/panel/ward-3', '/panel']) {
      const asked = `${path}?language=${language}`;
      const { status, headers, body } = await get(gateway, asked, { 'Accept-Language': language });
      t.deepEqual([status, headers['content-language']], [200, language]);
      t.deepEqual(await flaws(body), [], `${path} in ${language}`);
    }
  }
});

test('a Host header adds nothing of its own to the policy', async (t) => {
  const gateway = await openGateway(t);
  const { status, headers } = await get(gateway, '/panel/ward-3', {
    Host: "[::1]; script-src 'unsafe-inline'",
  });
  t.is(status, 421);
  t.notRegex(headers['content-security-policy'] ?? '', /unsafe-inline/);
});

for (const language of LANGUAGES) {
  test(`${language}: the whole page is small, and nothing in it is left to fill in`, async (t) => {
    const gateway = await openGateway(t);
    const { body } = await get(gateway, `/panel/ward-3?language=${language}`);
    const files = await Promise.all(filesOf(body).map((file) => get(gateway, file)));
    const size = [body, ...files.map((file) => file.body)].reduce(
      (sum, each) => sum + Buffer.byteLength(each),
      0,
    );
    t.log(`${size} octets`);
    t.true(size < LARGEST_PAGE, `${size} octets`);
    t.notRegex(body, /\{\{|<script>| on[a-z]+=|style=/);
  });
}

test('the script is ES5', async (t) => {
  const gateway = await openGateway(t);
  const { body } = await get(gateway, '/panel/ward-3');
  for (const file of filesOf(body).filter((name) => name.endsWith('.js'))) {
    const { body: script } = await get(gateway, file);
    t.notThrows(() => parse(script, { ecmaVersion: 5 }), file);
  }
  t.throws(() => parse('let x = () => 1;', { ecmaVersion: 5 }));
});

test('every language has a script that takes a page over to it, for a page of the same version', async (t) => {
  const gateway = await openGateway(t);
  const { body } = await get(gateway, '/panel/ward-3');
  const [, version = ''] = /name="holdfast-page" content="([0-9a-f]{12})"/.exec(body) ?? [];
  for (const language of LANGUAGES) {
    const { status, headers, body: script } = await get(gateway, `/panel-files/${language}-${version}.js`);
    t.is(status, 200, language);
    t.like(headers, { 'content-type': 'text/javascript; charset=utf-8' });
    t.notThrows(() => parse(script, { ecmaVersion: 5 }), language);
  }
  t.is((await get(gateway, '/panel-files/de-000000000000.js')).status, 404);
});

test('compacting changes names, each into one of its own, and none that browsers or messages know', (t) => {
  const written = [...SCRIPTS.values()].join('\n');
  const { variable, property } = compareScripts(written, `'use strict';var H;${compactScript(written)}`);
  for (const name of ['window', 'document', 'setTimeout', 'XMLHttpRequest', 'JSON', 'H'])
    t.is(variable.get(name), name);
  t.is(variable.get('connection')?.length, 1);
  const changed = [...property].filter(([name, to]) => name !== to).map(([name]) => name);
  t.true(changed.includes('isReleasable'));
  // What messages carry, and what strings, arrays and the like can do.
  const schemas = [clientMessage, ...Object.values(SERVER_MESSAGES)].map((each) =>
    z.toJSONSchema(each, { io: 'input' }),
  );
  const fields = new Set<string>();
  JSON.stringify(schemas, (key, value) => {
    if (key === 'properties') for (const name of Object.keys(value)) fields.add(name);
    return value;
  });
  t.true(fields.has('job-id') && fields.has('kind'));
  t.deepEqual(
    changed.filter((name) => fields.has(name)),
    [],
  );
  const builtIn = [String, Array, Number, Date, Object, RegExp].flatMap((each) => [
    ...Object.getOwnPropertyNames(each),
    ...Object.getOwnPropertyNames(each.prototype),
  ]);
  for (const name of changed.filter((each) => builtIn.includes(each))) {
    const elsewhere = new RegExp(`(?<!\\b(?:${PARTS}))\\.${name}\\(`);
    t.notRegex(written, elsewhere, name);
  }
});

/** Objects of the page's parts, as they are called in its script. */
const PARTS = 'connection|screens|code|form|signIn|options|documents|screen|printing|rows|here|jobs';

test('the script uses nothing that old browsers lack or that would run text from outside', (t) => {
  const unwanted = [
    /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function/,
    /\bfetch\(|history\.|localStorage|Promise|classList|\.dataset|\.closest\(|event\.key\b/,
    /Object\.(hasOwn|assign|entries|values|fromEntries|is)\b|Array\.(from|of)\b|Number\.is|\.(at|padStart|repeat|flat)\(/,
    /\.(append|prepend|remove|replaceWith|includes|startsWith|find|flatMap)\(/,
  ];
  for (const [name, source] of SCRIPTS) {
    for (const pattern of unwanted) t.is(pattern.exec(source)?.[0], undefined, name);
  }
});

test('compacting a style sheet keeps what has a meaning', (t) => {
  t.is(
    compactCss(
      '/* a */\n.a .b,\n.c:focus {\n  margin: 0 -1px;\n  color: #fff;\n}\n@media (max-width: 9px) {\n  .d { top: 1px; }\n}\n',
    ),
    '.a .b,.c:focus{margin:0 -1px;color:#fff}@media (max-width:9px){.d{top:1px}}',
  );
});

test('what is left out of a script is white space, comments and long names', (t) => {
  t.is(
    compactScript("var first = b + +c - -d;\nx = y.replace(/ [/'] /g, ' \\' ');"),
    "var a=b+ +c- -d;x=y.replace(/ [/'] /g,' \\' ');",
  );
  t.is(
    compactScript(
      "// A part.\n(function (h) {\n  var box = h.byId('box');\n  h.byId = function (id) {\n    return { id: id, box: box };\n  };\n})(window.holdfast);\n",
    ),
    "(function(a){var b=a.a('box');a.a=function(c){return{id:c,box:b}}})(H);",
  );
  const short = shortTexts("h.say('long-name'); h.say(x ? 'other' : 'one'); h.say('other');", [
    'long-name',
    'other',
    'one',
  ]);
  t.is(short.script, "h.say(0); h.say(x ? 'other' : 'one'); h.say('other');");
  t.deepEqual([...short.names], [['long-name', '0']]);
});
