/** Debian's Chromium without a screen, for tests of pages; a fresh profile each, nothing fetched from outside. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { programPath } from './require-peer.ts';

const PARAMETERS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export class Chromium implements AsyncDisposable {
  /** Its pages share nothing with another's. */
  readonly context: BrowserContext;
  readonly #profile: string;

  private constructor(context: BrowserContext, profile: string) {
    this.context = context;
    this.#profile = profile;
  }

  static async start(options: BrowserContextOptions = {}): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'holdfast-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: programPath('chromium'),
      args: PARAMETERS,
      ...options,
    });
    return new Chromium(context, profile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
    await rm(this.#profile, { recursive: true, force: true });
  }
}
