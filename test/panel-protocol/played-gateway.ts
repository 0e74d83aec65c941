/** A gateway that a test plays: its messages reach the page with script, and the one without, as if it had sent them. */
import type { Page, WebSocketRoute } from 'playwright-core';
import type { PanelConnection, Transport } from '../../panel-protocol/connection.ts';
import type { ServerMessage, WireJob } from '../../panel-protocol/server-messages.ts';

type Sent = Readonly<Record<string, unknown>> & { readonly type: string; readonly id: number };
type Typed<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** What a panel is told first; `change` is of the welcome. */
export const welcome = (change: Partial<Typed<'welcome'>> = {}): Typed<'welcome'> => ({
  type: 'welcome',
  version: 1,
  name: 'St. Mary',
  panel: 'ward-3',
  role: 'screen',
  'sign-in': ['badge', 'code', 'password'],
  marked: 'none',
  page: '',
  printer: PRINTER,
  printers: [PRINTER, OTHER],
  ...change,
});

export const PRINTER = {
  'printer-name': 'mfp-2',
  'printer-info': 'MFP 2',
  'printer-location': 'Ward 3',
  'printer-state': 'idle',
  'printer-state-reasons': [],
  'printer-is-accepting-jobs': true,
} as const;
export const OTHER = {
  ...PRINTER,
  'printer-name': 'mfp-5',
  'printer-info': 'MFP 5',
  'printer-location': 'Second floor',
} as const;

export function wireJob(id: number, change: Partial<WireJob> = {}): WireJob {
  return {
    'job-id': id,
    'job-name': `Document ${id}`,
    'job-state': 'pending-held',
    'job-state-reasons': ['job-held-for-release'],
    'date-time-at-creation': '2026-01-01T09:30:00+01:00',
    'job-k-octets': 118,
    'job-impressions': 3,
    'job-originating-host-name': '10.0.0.7',
    claimable: false,
    ...change,
  };
}

export const jobs = (...all: readonly WireJob[]): Typed<'jobs'> => ({
  type: 'jobs',
  offset: 0,
  total: all.length,
  omitted: 0,
  'printer-current-time': '2026-01-01T10:00:00+01:00',
  jobs: all,
});

export const session = (
  state: Typed<'session'>['session'],
  change: Partial<Typed<'session'>> = {},
): Typed<'session'> => ({
  type: 'session',
  session: state,
  ...change,
});

export const MARIA = { person: { 'display-name': 'Maria Nowak' }, 'time-left': 300 } as const;

/** Answers every message with `ok`, unless the next answer was given, and keeps what it heard. */
export class PlayedGateway {
  readonly heard: Sent[] = [];
  /** Codes of errors that answer the next messages, the first the next. */
  readonly errors: Typed<'error'>['code'][] = [];
  #send: (text: string) => void = () => {};
  readonly #first: Typed<'welcome'>;

  constructor(first: Typed<'welcome'>) {
    this.#first = first;
  }

  /** Stands in for the socket of the page. */
  async playTo(page: Page): Promise<void> {
    await page.routeWebSocket(/\/socket$/, (socket: WebSocketRoute) => {
      this.#send = (text) => socket.send(text);
      socket.onMessage((text) => this.#receive(String(text)));
    });
  }

  /** Stands in for the connection of the pages without script. */
  connection(transport: Transport): PanelConnection {
    this.#send = (text) => transport.send(text);
    return { receive: (text: string) => this.#receive(text), closed: () => {} } as unknown as PanelConnection;
  }

  tell(...messages: readonly ServerMessage[]): void {
    for (const message of messages) this.#send(JSON.stringify(message));
  }

  /** Waits until a message of that type and kind is the last one of its type: it comes by another way than the keys do. */
  async hears(type: string, kind: string): Promise<void> {
    for (let turns = 0; turns < 500 && this.last(type)?.['kind'] !== kind; turns++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The last message of that type, without its id. */
  last(type: string): Readonly<Record<string, unknown>> | undefined {
    const found = this.heard.findLast((each) => each.type === type);
    if (found === undefined) return undefined;
    const { id: _, ...rest } = found;
    return rest;
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as Sent;
    this.heard.push(message);
    const code = message.type === 'hello' || message.type === 'ping' ? undefined : this.errors.shift();
    if (code !== undefined) {
      const wait = code === 'throttled' ? { 'retry-after': 30 } : {};
      return this.tell({ type: 'error', re: message.id, code, ...wait });
    }
    this.tell({ type: 'ok', re: message.id });
    if (message.type !== 'hello') return;
    const page = String(message['client']).replace('holdfast-page/', '');
    this.tell({ ...this.#first, page }, session('idle'));
  }
}
