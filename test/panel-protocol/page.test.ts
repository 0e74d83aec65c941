// The page as it is served: languages, headers, caching, size, and a script that a browser of 2012 can read.
import { request } from 'node:http';
import { parse, tokenizer } from 'acorn';
import test from 'ava';
import { LANGUAGES } from '../../base/i18n/languages.ts';
import { compactCss, compactScript } from '../../panel-protocol/page/compact.ts';
import { panel } from './fakes.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { SCRIPTS } from './page-script.ts';

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

test('the script is ES5, and compacting changed nothing but its looks', async (t) => {
  const gateway = await openGateway(t);
  const { body } = await get(gateway, '/panel/ward-3');
  for (const file of filesOf(body).filter((name) => name.endsWith('.js'))) {
    const { body: script } = await get(gateway, file);
    t.notThrows(() => parse(script, { ecmaVersion: 5 }), file);
    if (file.includes('/panel-files/panel-')) {
      const sources = [...SCRIPTS.values()].join('\n');
      t.deepEqual(treeOf(script), treeOf(sources));
      t.true(script.length < sources.length);
    }
  }
  t.throws(() => parse('let x = () => 1;', { ecmaVersion: 5 }));
});

/** The syntax tree without places; the names of variables by the order in which they first come, as compacting changes them. */
function treeOf(script: string): unknown {
  const variables = new Map<string, number>();
  const members = new Map<string, number>();
  const numbered = (names: Map<string, number>, name: string) => {
    if (!names.has(name)) names.set(name, names.size);
    return names.get(name);
  };
  // Sees a node before what is in it, and each identifier once.
  const plain = (node: unknown, property: boolean, ours: boolean): unknown => {
    if (Array.isArray(node)) return node.map((each) => plain(each, false, false));
    if (typeof node !== 'object' || node === null) return node;
    const fields = node as Record<string, unknown>;
    if (fields['type'] === 'Identifier') {
      if (ours) return { member: numbered(members, String(fields['name'])) };
      return property ? fields['name'] : { variable: numbered(variables, String(fields['name'])) };
    }
    if (node instanceof RegExp) return String(node);
    const object = fields['object'] as Record<string, unknown> | undefined;
    const ofPage = object?.['type'] === 'Identifier' && OWN.has(String(object['name']));
    return Object.fromEntries(
      Object.entries(fields)
        .filter(([key]) => !['start', 'end', 'raw'].includes(key))
        .map(([key, value]) => {
          const named =
            (key === 'property' && fields['computed'] !== true) ||
            (key === 'key' && fields['type'] === 'Property');
          return [key, plain(value, named, named && ofPage)];
        }),
    );
  };
  const program = parse(script, { ecmaVersion: 5 });
  // The parameter of each part, which is the page's own object.
  const OWN = new Set(
    program.body.flatMap((part) => {
      const call = part.type === 'ExpressionStatement' ? part.expression : undefined;
      const made =
        call?.type === 'CallExpression' && call.callee.type === 'FunctionExpression'
          ? call.callee
          : undefined;
      const [parameter] = made?.params ?? [];
      return parameter?.type === 'Identifier' ? [parameter.name] : [];
    }),
  );
  return plain(program, false, false);
}

test('names that a browser knows are kept', async (t) => {
  const free = freeNames(compactScript([...SCRIPTS.values()].join('\n')));
  t.deepEqual(free, freeNames([...SCRIPTS.values()].join('\n')));
  t.true(free.includes('window') && free.includes('setTimeout') && !free.some((name) => name.length < 3));
  t.is(
    compactScript(
      "(function (h) {\n  var box = h.byId('box');\n  h.byId = function (id) { return { id: id, box: box }; };\n})(window.holdfast);",
    ),
    "(function(a){var b=a.a('box');a.a=function(c){return{id:c,box:b};};})(window.holdfast);",
  );
});

/** Names that are used and declared nowhere. */
function freeNames(script: string): string[] {
  const declared = new Set<string>();
  const used = new Set<string>();
  const walk = (node: unknown, property: boolean, declares: boolean): void => {
    if (Array.isArray(node)) {
      for (const each of node) walk(each, false, declares);
      return;
    }
    if (typeof node !== 'object' || node === null || node instanceof RegExp) return;
    const fields = node as Record<string, unknown>;
    if (fields['type'] === 'Identifier') {
      if (declares) declared.add(String(fields['name']));
      else if (!property) used.add(String(fields['name']));
      return;
    }
    for (const [key, value] of Object.entries(fields)) {
      const named =
        (key === 'property' && fields['computed'] !== true) ||
        (key === 'key' && fields['type'] === 'Property');
      walk(value, named, key === 'params' || key === 'id' || key === 'param');
    }
  };
  walk(parse(script, { ecmaVersion: 5 }), false, false);
  return [...used].filter((name) => !declared.has(name)).sort();
}

test('the script uses nothing that old browsers lack or that would run text from outside', (t) => {
  const unwanted = [
    /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function/,
    /\bfetch\(|history\.|localStorage|Promise|classList|\.dataset|\.closest\(|event\.key\b/,
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
    '.a .b,.c:focus{margin:0 -1px;color:#fff;}@media (max-width:9px){.d{top:1px;}}',
  );
});

test('what is left out of the scripts is white space, comments and long names', (t) => {
  const script = [...SCRIPTS.values()].join('\n');
  const tokens = (source: string) => [...tokenizer(source, { ecmaVersion: 5 })].map(({ type }) => type.label);
  const compact = compactScript(script);
  t.deepEqual(tokens(compact), tokens(script));
  t.true(compact.length < script.length * 0.6, `${compact.length} of ${script.length}`);
  t.is(
    compactScript("var first = b + +c - -d;\nx = y.replace(/ [/'] /g, ' \\' ');"),
    "var a=b+ +c- -d;x=y.replace(/ [/'] /g,' \\' ');",
  );
});
