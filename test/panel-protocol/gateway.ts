/** Panels behind a real listener, with the fakes behind them; and a panel that a test plays by hand. */
import { isDeepStrictEqual } from 'node:util';
import type { ExecutionContext } from 'ava';
import { type ClientOptions, WebSocket } from 'ws';
import type { Clock } from '../../base/clock.ts';
import { systemClock } from '../../base/clock.ts';
import { hostCheck } from '../../base/http/host-check.ts';
import { HttpListener } from '../../base/http/listener.ts';
import { type Exchange, type Route, RouteTable } from '../../base/http/routes.ts';
import type { TlsIdentity } from '../../base/http/tls/identity.ts';
import { makeCertificate, makeKey } from '../../base/http/tls/self-signed.ts';
import { type Log, silentLog } from '../../base/log.ts';
import { Metrics } from '../../base/metrics.ts';
import { KiB, Seconds } from '../../base/units.ts';
import { PanelRegistry } from '../../panel-protocol/access/registry.ts';
import type { Panel } from '../../panel-protocol/ports.ts';
import { SERVER_MESSAGES, type ServerMessage } from '../../panel-protocol/server-messages.ts';
import { PanelService } from '../../panel-protocol/service.ts';
import { RecordingAlerts } from '../recording-alerts.ts';
import { FakeIdentity, FakeJobs, FakePanels, FakePrinters, panel } from './fakes.ts';
import { memoryPanelStore } from './memory-panels.ts';

export interface Gateway {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly service: PanelService;
  readonly panels: FakePanels;
  readonly printers: FakePrinters;
  readonly identity: FakeIdentity;
  readonly jobs: FakeJobs;
  readonly metrics: Metrics;
  readonly registry: PanelRegistry;
  readonly alerts: RecordingAlerts;
}

/** Listens on a free port of the loopback; ended by the test's teardown. */
export async function openGateway(
  t: ExecutionContext,
  options: {
    readonly clock?: Clock;
    readonly panels?: readonly Panel[];
    readonly tls?: boolean;
    readonly log?: Log;
    /** Whence every client seems to come; asked anew for each request. */
    readonly from?: () => string;
  } = {},
): Promise<Gateway> {
  const ports = {
    panels: new FakePanels(...(options.panels ?? [panel()])),
    printers: new FakePrinters(),
    identity: new FakeIdentity(),
    jobs: new FakeJobs(),
  };
  const metrics = new Metrics();
  const clock = options.clock ?? systemClock;
  const log = options.log ?? silentLog;
  const alerts = new RecordingAlerts();
  const registry = await PanelRegistry.open({ store: memoryPanelStore(), clock, log, metrics });
  const service = await PanelService.open({
    ...ports,
    registry,
    alerts,
    gatewayName: () => 'Holdfast',
    color: () => '#5b2a86',
    clock,
    log,
    metrics,
  });
  const moved = <Kind extends Exchange>(exchange: Kind): Kind =>
    options.from === undefined ? exchange : { ...exchange, address: options.from() };
  const seen = (route: Route): Route =>
    route.method === 'WEBSOCKET'
      ? { ...route, upgrade: (exchange) => route.upgrade(moved(exchange)) }
      : { ...route, handle: (exchange) => route.handle(moved(exchange)) };
  const listener = await HttpListener.open({
    name: 'web',
    addresses: [{ host: '127.0.0.1', port: 0 }],
    routes: new RouteTable(service.routes.map(seen), {
      anyone: () => true,
      loopback: () => true,
      panel: (exchange) => service.access.authenticate(moved(exchange)),
    }),
    limits: {
      connections: 200,
      connectionsPerAddress: 200,
      headerBytes: KiB(16),
      headerTime: Seconds(10),
      idleTime: Seconds(60),
    },
    hostAllowed: hostCheck([]),
    ...(options.tls === true
      ? { tls: { identity: await identityOfTests(), required: false, protocols: service.protocols } }
      : {}),
    log,
    metrics,
  });
  t.teardown(async () => {
    const closing = service.close();
    listener.abort();
    await closing;
  });
  const port = listener.addresses[0]?.port;
  return { host: `127.0.0.1:${port}`, service, registry, alerts, metrics, ...ports };
}

let identity: Promise<TlsIdentity> | undefined;

/** Made once in a file of tests: a key takes its time. */
export function identityOfTests(): Promise<TlsIdentity> {
  identity ??= (async () => {
    const key = await makeKey();
    const now = Math.floor(Date.now() / 1000) * 1000;
    const names = ['localhost', '127.0.0.1'];
    const certificate = await makeCertificate(key, {
      names,
      notBefore: now - 60_000,
      notAfter: now + 3_600_000,
    });
    return { key, certificate };
  })();
  return identity;
}

type Typed<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** How long a message is waited for before the test gives up. */
const PATIENCE = 5000;

export class TestPanel {
  readonly socket: WebSocket;
  /** Messages that nobody has taken yet. */
  readonly #inbox: ServerMessage[] = [];
  readonly #closed: Promise<{ code: number }>;
  #wake: () => void = () => {};
  #over = false;
  /** What was received and is not as the schemas say. */
  #flaw: string | undefined;
  #id = 0;

  constructor(host: string, path = '/panel/ward-3/socket', options: ClientOptions = {}) {
    this.socket = new WebSocket(`${options.ca === undefined ? 'ws' : 'wss'}://${host}${path}`, options);
    this.socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      this.#flaw ??= flawOf(message);
      this.#inbox.push(message);
      this.#wake();
    });
    this.socket.on('error', () => {});
    this.#closed = new Promise((resolve) =>
      this.socket.on('close', (code) => {
        this.#over = true;
        this.#wake();
        resolve({ code });
      }),
    );
  }

  /** At a panel of a gateway that is a process of its own: welcomed, and nobody is signed in. */
  static async at(
    { web }: { readonly web: string },
    t: ExecutionContext,
    panel = 'wall',
  ): Promise<TestPanel> {
    const client = new TestPanel(web, `/panel/${panel}/socket`);
    t.teardown(() => client.socket.terminate());
    await client.opened();
    await client.ask({ type: 'hello', versions: [1] });
    await client.next('session');
    return client;
  }

  /** Connected and welcomed. */
  static async greeted(gateway: Gateway, t: ExecutionContext): Promise<TestPanel> {
    const client = new TestPanel(gateway.host);
    t.teardown(() => client.socket.terminate());
    await client.opened();
    await client.ask({ type: 'hello', versions: [1] });
    await client.next('welcome');
    await client.next('session');
    return client;
  }

  /** Signed in with the code, the list received. */
  static async signedIn(gateway: Gateway, t: ExecutionContext, code = '2468'): Promise<TestPanel> {
    const client = await TestPanel.greeted(gateway, t);
    await client.ask({ type: 'credential', kind: 'code', value: code });
    await client.next('session');
    await client.next('jobs');
    return client;
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
  }

  /** Resolves with the close code. */
  closed(): Promise<{ code: number }> {
    return this.#closed;
  }

  /** Gives the message the next id unless it has one. Returns the id. */
  send(message: Readonly<Record<string, unknown>>): number {
    this.#id = typeof message['id'] === 'number' ? message['id'] : this.#id + 1;
    this.socket.send(JSON.stringify({ id: this.#id, ...message }));
    return this.#id;
  }

  /** Sends, and waits for the answer. */
  async ask(message: Readonly<Record<string, unknown>>): Promise<Typed<'ok'> | Typed<'error'>> {
    const id = this.send(message);
    return (await this.take(
      (each) => (each.type === 'ok' || each.type === 'error') && each.re === id,
    )) as Typed<'ok'>;
  }

  /** The oldest message of that type that was not taken yet, waited for. */
  async next<Type extends ServerMessage['type']>(type: Type): Promise<Typed<Type>> {
    return (await this.take((each) => each.type === type)) as Typed<Type>;
  }

  async take(wanted: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    const timer = setTimeout(() => this.socket.terminate(), PATIENCE);
    try {
      for (;;) {
        if (this.#flaw !== undefined) throw new Error(this.#flaw);
        const at = this.#inbox.findIndex(wanted);
        const [found] = at === -1 ? [] : this.#inbox.splice(at, 1);
        if (found !== undefined) return found;
        if (this.#over) throw new Error(`closed; unread: ${JSON.stringify(this.#inbox)}`);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Types of what came and was not taken. */
  get unread(): string[] {
    return this.#inbox.map((each) => each.type);
  }
}

/** Undefined when the message is what the specification says, and has no field beside. */
export function flawOf(message: ServerMessage): string | undefined {
  const result = SERVER_MESSAGES[message.type]?.safeParse(message);
  if (result === undefined) return `no type of message: ${message.type}`;
  if (!result.success) return `${message.type}: ${result.error.message}`;
  return isDeepStrictEqual(result.data, message) ? undefined : `unknown fields: ${JSON.stringify(message)}`;
}
