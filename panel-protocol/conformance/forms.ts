/** The same session by forms, as a browser without script would go through it: what is on the page is all it knows. */
import assert from 'node:assert/strict';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { NO_CODES, Skipped } from './skipped.ts';
import { LONGEST_THROTTLE, needed, unlike } from './steps.ts';
import type { Target } from './wire.ts';

interface Page {
  readonly path: string;
  readonly html: string;
}

const MOST_REDIRECTS = 5;
/** Pages that are asked again while a document is printed. */
const MOST_PAGES = 40;
/** Seconds. */
const WAIT = 10;
const ASK_AGAIN = 250;

export interface FormCheck {
  readonly title: string;
  run(target: Target, code: string | undefined): Promise<void>;
}

export const FORM_CHECKS: readonly FormCheck[] = [
  {
    title: 'the page has no script, and its forms are posted back to it',
    async run(target) {
      const page = await open(target);
      assert.doesNotMatch(page.html, /<script|\son[a-z]+=|javascript:/i);
      for (const [, action] of page.html.matchAll(/<form[^>]* action="([^"]*)"/g)) {
        assert.equal(action, page.path);
      }
    },
  },
  {
    title: 'a session: code, list, out; and nothing after it',
    async run(target, code) {
      const page = await signedIn(target, code);
      assert.match(page.html, /do-sign-out/, 'nobody is signed in');
      const out = await press(target, page, 'sign-out');
      assert.doesNotMatch(out.html, /do-sign-out|name="job"/);
      const back = await press(target, page, 'list');
      assert.doesNotMatch(back.html, /do-sign-out|name="job"/, 'an old page signs in again');
    },
  },
  {
    title: 'a release comes to its end',
    async run(target, code) {
      let page = await signedIn(target, code);
      const [job] = jobsOf(page);
      if (job === undefined || !page.html.includes('do-print-keep')) {
        await press(target, page, 'sign-out');
        throw new Skipped('the person has no held job that may be kept');
      }
      page = await press(target, page, 'print-keep', { job });
      for (let asked = 0; !page.html.includes('name="do-list"'); asked++) {
        assert.ok(asked < MOST_PAGES, 'it did not come to its end');
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
        page = await get(target, page.path);
      }
      page = await press(target, page, 'list');
      assert.ok(jobsOf(page).includes(job), 'the kept job is still there');
      await press(target, page, 'sign-out');
    },
  },
  {
    title: 'a form works once',
    async run(target, code) {
      const page = await signedIn(target, code);
      await press(target, page, 'sign-out');
      const again = await press(target, await open(target), 'code', { value: needed(code) }, page);
      assert.doesNotMatch(again.html, /do-sign-out/, 'a used token was taken');
    },
  },
  {
    title: 'an unknown code is refused',
    async run(target, code) {
      const isTaken = /name="do-(?:way-)?code"/.test((await open(target)).html);
      if (code === undefined && !isTaken) throw new Skipped(NO_CODES);
      const page = await signIn(target, unlike(code));
      assert.match(page.html, /role="alert"/);
      assert.doesNotMatch(page.html, /do-sign-out/);
    },
  },
];

const open = (target: Target): Promise<Page> => get(target, `${target.url.pathname}/plain`);

/** Where wrong codes of an earlier run are not forgiven yet, after a while. */
async function signedIn(target: Target, code: string | undefined): Promise<Page> {
  const typed = needed(code);
  for (let waited = 0; ; waited += WAIT) {
    const page = await signIn(target, typed);
    if (page.html.includes('do-sign-out') || waited >= LONGEST_THROTTLE) return page;
    await new Promise((resolve) => setTimeout(resolve, WAIT * 1000));
  }
}

async function signIn(target: Target, code: string): Promise<Page> {
  let page = await open(target);
  if (page.html.includes('do-way-code')) page = await press(target, page, 'way-code');
  assert.match(page.html, /name="do-code"/, NO_CODES);
  page = await press(target, page, 'code', { value: code });
  for (let asked = 0; asked < MOST_PAGES && !/do-sign-out|role="alert"/.test(page.html); asked++) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
    page = await get(target, page.path);
  }
  return page;
}

const jobsOf = ({ html }: Page): string[] =>
  [...html.matchAll(/<input[^>]*name="job"[^>]*>/g)].flatMap(
    ([input]) => /value="(\d+)"/.exec(input)?.[1] ?? [],
  );

/** Posts the form that has the button. @param tokenOf a page whose token is sent instead */
function press(
  target: Target,
  page: Page,
  button: string,
  fields: Readonly<Record<string, string>> = {},
  tokenOf: Page = page,
): Promise<Page> {
  const token = /name="token" value="([^"]*)"/.exec(tokenOf.html)?.[1] ?? '';
  const list = [...page.html.matchAll(/<input[^>]*type="hidden"[^>]*name="list"[^>]*value="([^"]*)"/g)];
  const body = new URLSearchParams({ token, ...fields, [`do-${button}`]: '' });
  for (const [, value] of list) body.append('list', value ?? '');
  return ask(target, 'POST', page.path, body.toString());
}

const get = (target: Target, path: string): Promise<Page> => ask(target, 'GET', path);

async function ask(target: Target, method: string, path: string, body?: string): Promise<Page> {
  let next = { method, path, body };
  for (let redirects = 0; ; redirects++) {
    assert.ok(redirects < MOST_REDIRECTS, 'redirected for ever');
    const { status, location, html } = await once(target, next.method, next.path, next.body);
    if (status === 200) return { path: next.path, html };
    assert.ok(status === 303 && location !== undefined, `${next.method} ${next.path} was answered ${status}`);
    next = { method: 'GET', path: new URL(location, target.url).pathname, body: undefined };
  }
}

function once(
  { url, ca, key }: Target,
  method: string,
  path: string,
  body: string | undefined,
): Promise<{ status: number; location: string | undefined; html: string }> {
  const request = url.protocol === 'https:' ? requestTls : requestPlain;
  const headers = {
    ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, headers, ca }, async (response) => {
      const html = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 0, location: response.headers.location, html });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
