/** `holdfast terminal`: beside a printer, a panel of a gateway elsewhere: its readers, or a keypad and two lines. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import { type LogOutput, openLog } from '../../base/log.ts';
import type { ServerMessage } from '../../panel-protocol/server-messages.ts';
import { hear, key, lines, NOTHING } from './display.ts';
import { enrol } from './enrol.ts';
import { readIdentity, type TerminalIdentity, writeIdentity } from './identity-file.ts';
import { LineConnection } from './line-connection.ts';
import { readerSpec, TerminalReaders } from './readers.ts';
import type { Trust } from './trust.ts';

export interface TerminalOptions {
  readonly gateway: string;
  /** The screen is the page that the printer itself shows; here are only its readers. */
  readonly printerPanel?: boolean;
  /** PEM file of the authority that the gateway's certificate is checked against. */
  readonly ca?: string;
  readonly identity?: string;
  /** Readers that are plugged in: `KIND@DEVICE`. */
  readonly reader?: readonly string[];
  /** Under which of its `readers` the gateway has their conversion. */
  readonly readerName?: string;
}

const STDERR = 2;
/** UTF-16 units of a line on standard input. */
const LONGEST_TYPED = 256;
const LONGEST_INTERVAL = 2 ** 31 - 1;

/** Resolves when a signal comes, or when the keypad's standard input ends. @throws Failure */
export async function terminal(options: TerminalOptions): Promise<void> {
  // No timer of ours keeps the process, which may wait for an administrator, or for the gateway to be back.
  const alive = setInterval(() => {}, LONGEST_INTERVAL);
  try {
    await run(options);
  } finally {
    clearInterval(alive);
  }
}

async function run(options: TerminalOptions): Promise<void> {
  const gateway = gatewayOf(options.gateway);
  const specs = (options.reader ?? []).map(readerSpec);
  const log = openLog({ level: 'info', format: 'text', descriptor: STDERR });
  const file = options.identity ?? join(homedir(), '.config/holdfast/terminal.json');
  const ca = options.ca === undefined ? undefined : await readFile(options.ca, 'utf8');
  const identity = (await known(file, gateway)) ?? (await enrolled(file, gateway, ca));
  const trust: Trust = ca === undefined ? { publicKey: identity.publicKey } : { ca };
  process.stdout.write(`This terminal is the panel "${identity.panel}" of ${identity.gateway}\n`);
  const screen = options.printerPanel === true ? readerOf(log) : keypad();
  const connection = new LineConnection({
    identity,
    trust,
    role: options.printerPanel === true ? 'reader' : 'screen',
    clock: systemClock,
    log,
    hear: (message) => {
      screen.hear(message);
      readers.hear(message);
    },
  });
  const readers = new TerminalReaders({
    specs,
    name: options.readerName,
    log,
    send: (message) => connection.send(message),
  });
  await readers.watch();
  const typed = createInterface({ input: process.stdin, terminal: false });
  typed.on('line', (line) => {
    const message = line.length > LONGEST_TYPED ? undefined : screen.typed(line);
    if (message === 'come-back') connection.comeBack();
    else if (message !== undefined && connection.send(message) === undefined) {
      log.warn('not sent: there is no connection to the gateway');
    }
  });
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    // As a service it has no standard input.
    if (options.printerPanel !== true) typed.once('close', resolve);
  });
  typed.close();
  process.stdin.destroy();
  await readers.close();
  connection.close();
  await log.close();
}

interface Screen {
  hear(message: ServerMessage | undefined): void;
  typed(line: string): ReturnType<typeof key>;
}

/** Each line on standard input is a swipe: what a reader that works as a keyboard types. */
function readerOf(log: LogOutput): Screen {
  return {
    hear(message) {
      if (message?.type === 'welcome') log.info('connected', { panel: message.panel });
      if (message?.type === 'error') log.warn('swipe refused', { code: message.code });
      if (message?.type === 'bye') log.warn('the gateway ended the connection', { reason: message.reason });
    },
    typed: (line) =>
      line.trim() === '' ? undefined : { type: 'credential', kind: 'badge', value: line.trim() },
  };
}

/** Redrawn whenever they change. What is typed is not shown. */
function keypad(): Screen {
  let shown = NOTHING;
  let drawn = '';
  const draw = () => {
    const text = lines(shown).join('\n');
    if (text !== drawn) process.stdout.write(`\n${text}\n`);
    drawn = text;
  };
  return {
    hear(message) {
      shown = hear(shown, message);
      draw();
    },
    typed: (line) => key(shown, line),
  };
}

async function known(file: string, gateway: URL): Promise<TerminalIdentity | undefined> {
  const identity = await readIdentity(file);
  if (identity === undefined || identity.gateway === gateway.origin) return identity;
  throw new Failure('other-gateway', `this terminal is a panel of ${identity.gateway}`, {
    advice: `Delete ${file} to enrol it with ${gateway.origin}, or name another file with --identity`,
  });
}

async function enrolled(file: string, gateway: URL, ca: string | undefined): Promise<TerminalIdentity> {
  const identity = await enrol({
    gateway,
    trust: ca === undefined ? {} : { ca },
    clock: systemClock,
    show: (text) => process.stdout.write(`${text}\n`),
  });
  try {
    await writeIdentity(file, identity);
  } catch (error) {
    throw new Failure('identity-not-written', `the terminal's key cannot be written: ${messageOf(error)}`, {
      advice: `Make ${file} writable, revoke the panel's device at the gateway, and enrol it again`,
    });
  }
  return identity;
}

/** @throws Failure `bad-gateway` */
function gatewayOf(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && url.pathname === '/' && url.search === '') return url;
  throw new Failure('bad-gateway', `"${text}" is not the address of a gateway's web port`, {
    advice: 'It is like https://print.example.org:8632',
  });
}
