/** How a device without identity becomes a panel: it asks, shows a number, and gets a key once an administrator says so. */
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { encryptionNeeded } from '../../base/http/header-checks.ts';
import { readBody } from '../../base/http/read-body.ts';
import { refuse } from '../../base/http/refusal.ts';
import { sendJson } from '../../base/http/responses.ts';
import type { RequestExchange, RequestRoute } from '../../base/http/routes.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { isLoopback } from '../../base/networks.ts';
import { SparingLog } from '../../base/sparing-log.ts';
import { isCrossSite } from './access.ts';
import { COOKIE_LIFE, ENROLMENT_REQUEST, ENROLMENT_TIME, LOOK_AGAIN } from './bounds.ts';
import { readCookie, setCookie } from './cookies.ts';
import { sendEnrolmentPage } from './enrolment-page.ts';
import type { PanelRegistry } from './registry.ts';
import { type Approved, type Asking, type Waiting, WaitingPanels } from './waiting.ts';

export interface EnrolmentOptions {
  readonly registry: PanelRegistry;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Of the page, `#rrggbb`. */
  color(): string;
}

/** What a terminal sends: nothing yet, or the secret that it got, to look again. */
const request = z.strictObject({
  client: z
    .string()
    .regex(/^[\x20-\x7e]{1,120}$/)
    .optional(),
  secret: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional(),
});

export class PanelEnrolment {
  readonly routes: readonly RequestRoute[];
  readonly #options: EnrolmentOptions;
  readonly #waiting: WaitingPanels;
  readonly #sparing: SparingLog;
  readonly #outcomes;

  constructor(options: EnrolmentOptions) {
    this.#options = options;
    this.#sparing = new SparingLog(options.log, options.clock);
    this.#waiting = new WaitingPanels({
      clock: options.clock,
      onUnclaimed: ({ device }) => void options.registry.revoke([device]),
    });
    this.#outcomes = options.metrics.counter('panel_enrolments_total', 'Devices that asked to be enrolled', [
      'outcome',
    ]);
    options.metrics.gauge('panels_waiting', 'Devices that wait to be enrolled', () => this.#waiting.size);
    const open = { authentication: 'anyone' } as const;
    this.routes = [
      { ...open, method: 'GET', path: '/panel', handle: (exchange) => this.#page(exchange) },
      { ...open, method: 'POST', path: '/panel', handle: (exchange) => this.#askFromPage(exchange) },
      { ...open, method: 'POST', path: '/panel-enrolment', handle: (exchange) => this.#terminal(exchange) },
    ];
  }

  /** Devices that wait, oldest first. */
  get waiting(): Asking[] {
    return this.#waiting.list();
  }

  find(number: string): Asking | undefined {
    return this.#waiting.find(number);
  }

  /** False when it has stopped waiting meanwhile. */
  approve(number: string, approved: Approved): boolean {
    return this.#waiting.approve(number, approved);
  }

  close(): void {
    this.#waiting.close();
  }

  #page(exchange: RequestExchange): void {
    if (!this.#isConfidential(exchange)) return;
    const { response, secure } = exchange;
    const key = readCookie(exchange, 'panel');
    const device = key === undefined ? undefined : this.#options.registry.find('key', key);
    if (device !== undefined) return seeOther(exchange, `/panel/${device.panel}`);
    const secret = readCookie(exchange, 'waiting');
    const look = secret === undefined ? undefined : this.#look(secret);
    if (look?.state === 'approved') {
      setCookie(response, secure, 'panel', this.#handOver(look.approved), COOKIE_LIFE);
      setCookie(response, secure, 'waiting', undefined, ENROLMENT_TIME);
      return seeOther(exchange, `/panel/${look.approved.panel}`);
    }
    sendEnrolmentPage(
      exchange,
      this.#options.color(),
      look?.state === 'waiting' ? { number: look.asking.number } : {},
    );
  }

  #askFromPage(exchange: RequestExchange): void {
    if (!this.#isConfidential(exchange)) return;
    const { request, response, secure } = exchange;
    if (isCrossSite(request)) return refuse(request, response, 403, 'asked by another site');
    const earlier = readCookie(exchange, 'waiting');
    if (earlier !== undefined && this.#waiting.look(earlier).state === 'waiting')
      return seeOther(exchange, '/panel');
    const asked = this.#ask(exchange, request.headers['user-agent'] ?? '');
    if (!asked.ok) return sendEnrolmentPage(exchange, this.#options.color(), { wait: asked.wait });
    setCookie(response, secure, 'waiting', asked.secret, ENROLMENT_TIME);
    seeOther(exchange, '/panel');
  }

  async #terminal(exchange: RequestExchange): Promise<void> {
    if (!this.#isConfidential(exchange)) return;
    const { request: incoming, response } = exchange;
    // A page of another site can send this only after asking first, which is not granted (CORS).
    if (!/^application\/json\s*(?:;|$)/i.test(incoming.headers['content-type'] ?? '')) {
      return refuse(incoming, response, 415, 'must be application/json');
    }
    exchange.proceed();
    const body = await readBody(incoming, ENROLMENT_REQUEST);
    if (!body.ok) return refuse(incoming, response, body.status, 'the request cannot be read');
    const message = parsed(body.text);
    if (message === undefined)
      return refuse(incoming, response, 400, 'must be {} or {"client": …} or {"secret": …}');
    if (message.secret !== undefined) return this.#lookAgain(exchange, message.secret);
    const asked = this.#ask(exchange, message.client ?? incoming.headers['user-agent'] ?? '');
    if (!asked.ok) {
      response.setHeader('Retry-After', Math.ceil(asked.wait / 1000));
      return sendJson(response, 429, { state: 'throttled', 'retry-after': Math.ceil(asked.wait / 1000) });
    }
    sendJson(response, 200, { ...this.#told(asked.asking), secret: asked.secret });
  }

  #lookAgain({ response }: RequestExchange, secret: string): void {
    const look = this.#look(secret);
    if (look.state === 'gone') return sendJson(response, 404, { state: 'gone' });
    if (look.state === 'waiting') return sendJson(response, 200, this.#told(look.asking));
    const { panel } = look.approved;
    sendJson(response, 200, { state: 'approved', panel, key: this.#handOver(look.approved) });
  }

  /** A device that was revoked before it came for its key gets none. */
  #look(secret: string): Waiting {
    const look = this.#waiting.look(secret);
    if (look.state !== 'approved') return look;
    return this.#options.registry.byId(look.approved.device) === undefined ? { state: 'gone' } : look;
  }

  #told({ number, expiresAt }: Asking) {
    const left = Math.max(0, Math.ceil((expiresAt - this.#options.clock.now()) / 1000));
    return { state: 'waiting', number, 'time-left': left, 'look-again': LOOK_AGAIN / 1000 };
  }

  #ask({ address }: RequestExchange, client: string) {
    const asked = this.#waiting.ask(address, client);
    this.#outcomes.inc({ outcome: asked.ok ? 'asked' : 'throttled' });
    if (asked.ok)
      this.#options.log.info('panel asks to be enrolled', { client: address, software: asked.asking.client });
    else this.#sparing.warn('panel may not ask to be enrolled now', { client: address });
    return asked;
  }

  #handOver({ panel, device, key }: Approved): string {
    this.#outcomes.inc({ outcome: 'enrolled' });
    this.#options.log.info('panel got its key', { panel, device });
    return key.reveal();
  }

  /** Answers whoever is not: a key is told over TLS only, or within this machine. */
  #isConfidential({ request, response, secure, address }: RequestExchange): boolean {
    if (secure || isLoopback(address)) return true;
    const { status, text, headers } = encryptionNeeded(request);
    refuse(request, response, status, text, headers);
    return false;
  }
}

function parsed(text: string): z.infer<typeof request> | undefined {
  try {
    const result = request.safeParse(JSON.parse(text === '' ? '{}' : text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** After a form: the browser opens that by GET, and a reload sends no form again. */
function seeOther({ response }: RequestExchange, location: string): void {
  response.writeHead(303, { Location: location, 'Content-Length': 0, 'Cache-Control': 'no-store' }).end();
}
