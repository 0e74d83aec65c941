/** The panel's page in a real browser: opened, signed in, looked at, and checked for what every screen must keep. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import type { Panel } from '../../panel-protocol/ports.ts';
import { Chromium } from '../peers/chromium.ts';
import { CODE, panel } from './fakes.ts';
import type { Gateway } from './gateway.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const SMALLEST: Size = { width: 480, height: 272 };
export const USUAL: Size = { width: 800, height: 480 };
export const LARGER: Size = { width: 1024, height: 600 };
export const LARGEST: Size = { width: 1280, height: 800 };

/** A panel where codes are typed, and documents are marked by hand. */
export const codesPanel = (change: Partial<Panel> = {}): Panel =>
  panel({ signIn: ['code'], marked: 'none', ...change });

/** How long something on the screen is waited for. */
const PATIENCE = 10_000;
const ARTIFACTS = join(import.meta.dirname, '../../artifacts/panel');

/** One browser for all tests of a file. */
export class Browser {
  #started: Promise<Chromium> | undefined;

  /** A fresh page at the gateway's panel. Fails the test at any error in the page. */
  async open(
    t: ExecutionContext,
    gateway: Gateway,
    size = USUAL,
    query = '',
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<Page> {
    this.#started ??= Chromium.start();
    const { context } = await this.#started;
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      // What is refused or lost on the way is written there by the browser itself.
      const text = message.text();
      if (message.type() === 'error' && !/WebSocket|net::ERR_FAILED/.test(text)) errors.push(text);
    });
    t.teardown(async () => {
      await page.close();
      if (errors.length > 0) throw new Error(`errors in the page:\n${errors.join('\n')}`);
    });
    await page.setViewportSize(size);
    await prepare?.(page);
    await page.goto(`http://${gateway.host}/panel/ward-3${query}`);
    await visible(page, '#screen-code');
    return page;
  }

  async close(): Promise<void> {
    await (await this.#started)?.[Symbol.asyncDispose]();
  }
}

/** Waits until it is on the screen. */
export async function visible(page: Page, selector: string): Promise<void> {
  await page.waitForSelector(selector, { state: 'visible' });
}

/** Waits until the first such element has this text, or one that fits. */
export async function says(page: Page, selector: string, text: string | RegExp): Promise<void> {
  const whole =
    typeof text === 'string' ? new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) : text;
  await page.locator(selector).filter({ hasText: whole }).first().waitFor({ state: 'attached' });
}

export async function touchCode(page: Page, code = CODE): Promise<void> {
  for (const digit of code) await page.click(`#keypad button:text-is("${digit}")`);
  await page.click('#key-ok');
}

/** Signs in by touch; resolves when the list is drawn. */
export async function signIn(page: Page): Promise<void> {
  await touchCode(page);
  await visible(page, '#screen-jobs');
  await page.waitForSelector('#jobs-rows .row, #jobs-empty:not(.gone)');
}

/** Names on this page of the list. */
export function rowNames(page: Page, list = '#jobs-rows'): Promise<string[]> {
  return page.locator(`${list} .name`).allTextContents();
}

export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(ARTIFACTS, { recursive: true });
  const { width, height } = page.viewportSize() ?? USUAL;
  await page.screenshot({ path: join(ARTIFACTS, `${name}-${width}x${height}.png`) });
}

/** What axe finds, but for the rules of `except`, and {@link misfits}. Empty is good. */
export async function troubles(page: Page, ...except: readonly string[]): Promise<string[]> {
  return [...(await barriers(page, ...except)), ...(await misfits(page))];
}

/** What axe finds, but for the rules of `except`. Empty is good. */
export async function barriers(page: Page, ...except: readonly string[]): Promise<string[]> {
  // Half a megabyte: once for each document.
  if (!(await page.evaluate('!!window.axe'))) await page.evaluate(axe.source);
  const rules = Object.fromEntries(except.map((rule) => [rule, { enabled: false }]));
  return page.evaluate(
    `axe.run(document, { resultTypes: ['violations'], rules: ${JSON.stringify(rules)} }).then((result) =>
      result.violations.map((each) => each.id + ': ' + each.nodes.map((node) => node.html).join(' ')))`,
  );
}

/** What a finger cannot hit, what lies over something else, and what does not fit. Empty is good. */
export function misfits(page: Page): Promise<string[]> {
  return page.evaluate(`(${misfitsInPage})()`);
}

const misfitsInPage = `function () {
  var found = [];
  // A form that is longer than its box is scrolled.
  var scrolled = document.getElementById('form-body');
  var shown = function (element) {
    if (element.offsetParent === null) return false;
    return !scrolled || !scrolled.contains(element) || within(element.getBoundingClientRect(), 0);
  };
  var within = function (box, ring) {
    var around = scrolled.getBoundingClientRect();
    return box.top - ring >= around.top && box.bottom + ring <= around.bottom &&
      box.left - ring >= around.left && box.right + ring <= around.right;
  };
  var all = function (selector) { return [].slice.call(document.querySelectorAll(selector)).filter(shown); };
  all('button, a, .row, input, select').forEach(function (element) {
    var box = element.getBoundingClientRect();
    var name = (element.id || element.className || element.tagName) + ' "' + element.textContent.slice(0, 20) + '"';
    if (box.width < 44 || box.height < 44) found.push('small: ' + name + ' ' + box.width + 'x' + box.height);
    if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) found.push('outside: ' + name);
    if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1) {
      found.push('cut: ' + name);
    }
  });
  if (scrolled && scrolled.offsetParent) {
    if (scrolled.scrollWidth > scrolled.clientWidth) found.push('scrolls sideways: form-body');
    // Of a label below the edge too: it comes into sight as it is.
    [].slice.call(scrolled.querySelectorAll('label')).forEach(function (label) {
      if (label.scrollWidth > label.clientWidth || label.scrollHeight > label.clientHeight) found.push('cut: label ' + label.textContent);
    });
    // 4 pixels of a ring, 2 beside the border.
    var focused = document.activeElement;
    if (scrolled.contains(focused) && !within(focused.getBoundingClientRect(), 6)) found.push('cut ring: ' + focused.id);
    var said = document.getElementById('form-message');
    if (said.textContent && !shown(said)) found.push('out of sight: ' + said.textContent);
  }
  var apart = all('button, a, .row, #dialog-question, .screen h1, #code-message, #form-message, #stay p');
  if (document.querySelector('#curtain:not(.gone)')) {
    apart = all('#dialog button, #dialog h2, #dialog p');
    var dialog = document.getElementById('dialog').getBoundingClientRect();
    apart.forEach(function (element) {
      var box = element.getBoundingClientRect();
      if (box.left < dialog.left || box.right > dialog.right || box.bottom > dialog.bottom) {
        found.push('outside its dialog: ' + (element.id || element.textContent));
      }
    });
  }
  apart.forEach(function (one, index) {
    apart.slice(index + 1).forEach(function (other) {
      var a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
      var over = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      var down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (over > 1 && down > 1) found.push('overlap: ' + (one.id || one.textContent) + ' / ' + (other.id || other.textContent));
    });
  });
  all('h1, h2, p').forEach(function (element) {
    var box = element.getBoundingClientRect();
    if (box.right > innerWidth || box.bottom > innerHeight) found.push('outside: ' + element.textContent);
  });
  var root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) found.push('scrolls: ' + root.scrollWidth + 'x' + root.scrollHeight);
  all('#code-message, #form-message, .notice, .has-bad .about, #dialog-warning, #stay p, #banner').forEach(function (element) {
    var box = element.getBoundingClientRect();
    if (box.bottom > innerHeight || element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1) {
      found.push('cut: ' + element.textContent);
    }
  });
  return found;
}`;
