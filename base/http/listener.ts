/** HTTP servers on a list of addresses, with the checks that every request passes before its route sees it. */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Failure, messageOf, systemCode } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Milliseconds } from '../units.ts';
import { Connections, plainAddress } from './connections.ts';
import { listenFailure } from './listen-failure.ts';
import { sendText } from './responses.ts';
import type { Exchange, RouteTable } from './routes.ts';
import type { TlsIdentity } from './tls/identity.ts';
import { TlsDoor } from './tls/tls-door.ts';

export interface ListenAddress {
  /** A literal IPv4 or IPv6 address. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface ListenerLimits {
  /** Connections over all addresses of the listener. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Octets of the request line and all headers. */
  readonly headerBytes: number;
  /** From the first octet of a request to the end of its headers. */
  readonly headerTime: Milliseconds;
  /** Without an octet in either direction. */
  readonly idleTime: Milliseconds;
}

export interface ListenerOptions {
  /** For the log and the metrics: `ipp`, `web`. */
  readonly name: string;
  readonly addresses: readonly ListenAddress[];
  readonly routes: RouteTable;
  readonly limits: ListenerLimits;
  /** With it the same port takes TLS too; without it plain HTTP only. */
  readonly identity?: TlsIdentity;
  hostAllowed(host: string): boolean;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** How often Node looks for requests whose headers are late. */
const CHECKING_INTERVAL = 1000;

export class HttpListener {
  readonly #options: ListenerOptions;
  readonly #servers: Server[] = [];
  readonly #connections: Connections;
  readonly #refused;
  readonly #tls: TlsDoor | undefined;
  #draining = false;

  private constructor(options: ListenerOptions) {
    this.#options = options;
    this.#connections = new Connections(options.limits.connectionsPerAddress);
    this.#refused = options.metrics.counter(
      `http_${options.name}_refused_total`,
      `Requests and connections to the ${options.name} port refused before their route`,
      ['reason'],
    );
    options.metrics.gauge(
      `http_${options.name}_connections`,
      `Open connections to the ${options.name} port`,
      () => this.#connections.size,
    );
    this.#tls =
      options.identity &&
      new TlsDoor({ ...options, identity: options.identity, time: options.limits.headerTime });
  }

  /** @throws Failure `port-taken`, `address-not-here`, `port-not-allowed` */
  static async open(options: ListenerOptions): Promise<HttpListener> {
    const listener = new HttpListener(options);
    try {
      for (const address of options.addresses) await listener.#listen(address);
    } catch (error) {
      listener.abort();
      throw error;
    }
    return listener;
  }

  /** Where it really listens; a port of 0 has become the one taken. */
  get addresses(): ListenAddress[] {
    return this.#servers.map((server) => {
      const { address, port } = server.address() as AddressInfo;
      return { host: address, port };
    });
  }

  /** New TLS connections are shown this certificate. */
  replaceIdentity(identity: TlsIdentity): void {
    this.#tls?.replaceIdentity(identity);
  }

  /** Takes no new connection, lets requests under way finish, and closes each connection after its answer. */
  async drain(): Promise<void> {
    this.#draining = true;
    await Promise.all(
      this.#servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeIdleConnections();
            this.#tls?.cutWaiting();
          }),
      ),
    );
  }

  /** Cuts everything. */
  abort(): void {
    for (const server of this.#servers) server.close();
    this.#connections.destroyAll();
  }

  async #listen(address: ListenAddress): Promise<void> {
    const { limits } = this.#options;
    const server = createServer({
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headerTime,
      // A large document on a slow link may take as long as it likes, as long as something arrives.
      requestTimeout: 0,
      connectionsCheckingInterval: CHECKING_INTERVAL,
      keepAliveTimeout: limits.idleTime,
      noDelay: true,
      shouldUpgradeCallback: (request) => isWebSocket(request),
    });
    server.timeout = limits.idleTime;
    server.maxConnections = limits.connections;
    this.#guard(server);
    server.on('request', (request, response) => this.#request(request, response, () => {}));
    server.on('checkContinue', (request, response) =>
      this.#request(request, response, () => response.writeContinue()),
    );
    server.on('checkExpectation', (request, response) => {
      this.#refuse(request, response, 417, 'only 100-continue can be expected');
    });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    server.on('drop', () => this.#refused.inc({ reason: 'connections' }));
    server.on('clientError', (error, socket) => this.#clientError(error, socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenFailure(address, error)));
      server.listen(
        { host: address.host, port: address.port, ipv6Only: address.host.includes('.') === false },
        resolve,
      );
    });
    this.#servers.push(server);
  }

  /** Puts what every connection passes before Node's own reading of HTTP, which takes TLS sockets as well. */
  #guard(server: Server): void {
    const [speakHttp] = server.listeners('connection');
    server.removeAllListeners('connection');
    const onHttp = (socket: Socket) => speakHttp?.call(server, socket);
    server.on('connection', (socket) => {
      if (!this.#connections.admit(socket)) this.#refused.inc({ reason: 'connections-per-address' });
      else if (this.#tls === undefined) onHttp(socket);
      else this.#tls.take(socket, onHttp);
    });
  }

  #request(request: IncomingMessage, response: ServerResponse, proceed: () => void): void {
    const trouble = this.#headerTrouble(request);
    if (trouble !== undefined) return this.#refuse(request, response, trouble.status, trouble.text);
    // Its connection would stay open for the client's next request, which is not taken any more.
    response.once('finish', () => {
      if (this.#draining) request.socket.end();
    });
    const match = this.#options.routes.request(request.method ?? '', request.url ?? '');
    if (!match.found) {
      if (match.allow !== undefined) response.setHeader('Allow', match.allow);
      return this.#refuse(request, response, match.status, STATUS_CODES[match.status] ?? '');
    }
    const exchange = { ...exchangeOf(request, match.parameters), response, proceed };
    if (!this.#options.routes.mayUse(match.route, exchange)) {
      return this.#refuse(request, response, 403, 'not allowed from here');
    }
    void this.#handle(() => match.route.handle(exchange), request, response);
  }

  async #handle(
    run: () => Promise<void> | void,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    try {
      await run();
    } catch (error) {
      // A client that went away is no defect of ours.
      if (request.destroyed && !response.writableEnded && systemCode(error) === 'ECONNRESET') return;
      this.#options.log.error('request failed', { listener: this.#options.name, error: stackOf(error) });
      if (response.headersSent) request.destroy();
      else this.#refuse(request, response, 500, 'the gateway failed at this request; see its log');
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refuse = (status: number) => {
      this.#refused.inc({ reason: `status-${status}` });
      socket.end(
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
    };
    socket.on('error', () => socket.destroy());
    const trouble = this.#headerTrouble(request);
    if (trouble !== undefined) return refuse(trouble.status);
    const match = this.#options.routes.webSocket(request.url ?? '');
    if (!match.found) return refuse(match.status);
    const exchange = { ...exchangeOf(request, match.parameters), socket, head };
    if (!this.#options.routes.mayUse(match.route, exchange)) return refuse(403);
    match.route.upgrade(exchange);
  }

  /** Host and Origin: the same for every route, so that none can forget them. */
  #headerTrouble(request: IncomingMessage): { status: number; text: string } | undefined {
    const host = request.headers.host;
    if (host !== undefined && !this.#options.hostAllowed(host)) {
      return { status: 421, text: 'this gateway has another name; add yours to gateway.host-names' };
    }
    const origin = request.headers.origin;
    if (origin !== undefined && !isSameOrigin(origin, host))
      return { status: 403, text: 'asked by another site' };
    return undefined;
  }

  /** Answers and closes; what the client still sends is not read. */
  #refuse(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
    this.#refused.inc({ reason: `status-${status}` });
    response.setHeader('Connection', 'close');
    sendText(response, status, text);
    request.resume();
  }

  #clientError(error: Error, socket: Duplex): void {
    const code = systemCode(error) ?? '';
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
    this.#refused.inc({ reason: `status-${status}` });
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
  }
}

function exchangeOf(request: IncomingMessage, parameters: Readonly<Record<string, string>>): Exchange {
  return {
    request,
    parameters,
    address: plainAddress(request.socket.remoteAddress ?? ''),
    secure: 'encrypted' in request.socket,
  };
}

function isWebSocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
}

function isSameOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}

function stackOf(error: unknown): string {
  return error instanceof Error && !(error instanceof Failure)
    ? (error.stack ?? error.message)
    : messageOf(error);
}
