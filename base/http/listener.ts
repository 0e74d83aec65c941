/** HTTP servers on a list of addresses, with the checks that every request passes before its route sees it. */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { systemClock } from '../clock.ts';
import { Failure, messageOf, systemCode } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { SparingLog } from '../sparing-log.ts';
import type { Milliseconds } from '../units.ts';
import { type ConnectionLimits, Connections, plainAddress } from './connections.ts';
import { Exchanges } from './exchanges.ts';
import { type HeaderRules, headerTrouble, isSecure } from './header-checks.ts';
import { listenFailure } from './listen-failure.ts';
import { refuse } from './refusal.ts';
import { pathOf } from './request-target.ts';
import type { Exchange, Refusal, RouteTable } from './routes.ts';
import type { TlsIdentity } from './tls/identity.ts';
import { type OnHttp, type Protocols, TlsDoor } from './tls/tls-door.ts';
import { asksForTls, TLS_PROTOCOL } from './tls/upgrade.ts';

export interface ListenAddress {
  /** A literal IPv4 or IPv6 address. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface InheritedSocket {
  readonly descriptor: number;
}

/** Connections and idle time are read anew for each connection, the others when the listener opens. */
export interface ListenerLimits extends ConnectionLimits {
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
  /** Where to listen; a descriptor is of a socket that listens already. */
  readonly addresses: readonly (ListenAddress | InheritedSocket)[];
  readonly routes: RouteTable;
  readonly limits: ListenerLimits;
  /** With it the same port takes TLS too; `required`: nothing else than that. */
  readonly tls?: {
    readonly identity: TlsIdentity;
    readonly required: boolean;
    readonly protocols?: Protocols;
  };
  hostAllowed(host: string): boolean;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** How often Node looks for requests whose headers are late. */
const CHECKING_INTERVAL = 1000;

/** As they are called in the configuration. */
const CONNECTION_LIMITS = {
  connections: 'connections',
  connectionsPerAddress: 'connections-per-address',
} as const satisfies Record<keyof ConnectionLimits, string>;

/** What Node's parser says; all else is a bad request. */
const CLIENT_ERRORS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

export class HttpListener {
  readonly #options: ListenerOptions;
  readonly #servers: Server[] = [];
  readonly #connections: Connections;
  readonly #refused;
  readonly #tls: TlsDoor | undefined;
  readonly #rules: HeaderRules;
  readonly #exchanges = new Exchanges();
  readonly #sparing: SparingLog;
  #draining = false;

  private constructor(options: ListenerOptions) {
    this.#options = options;
    this.#sparing = new SparingLog(options.log, systemClock);
    this.#connections = new Connections(options.limits);
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
    this.#tls = options.tls && new TlsDoor({ ...options, ...options.tls, time: options.limits.headerTime });
    this.#rules = { hostAllowed: options.hostAllowed, tlsRequired: options.tls?.required === true };
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

  async #listen(address: ListenAddress | InheritedSocket): Promise<void> {
    const { limits } = this.#options;
    const server = createServer({
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headerTime,
      // A large document on a slow link may take as long as it likes, as long as something arrives.
      requestTimeout: 0,
      connectionsCheckingInterval: CHECKING_INTERVAL,
      keepAliveTimeout: limits.idleTime,
      noDelay: true,
      // Any other wish for an upgrade is passed over: the request is answered as if it were not there.
      shouldUpgradeCallback: (request) => isWebSocket(request) || this.#startsTls(request),
    });
    server.timeout = limits.idleTime;
    const onHttp = this.#guard(server);
    server.on('request', (request, response) => this.#request(request, response, () => {}));
    server.on('checkContinue', (request, response) =>
      this.#request(request, response, () => response.writeContinue()),
    );
    server.on('checkExpectation', (request, response) => {
      this.#refuse(request, response, 417, 'only 100-continue can be expected');
    });
    server.on('upgrade', (request, socket, head) => {
      if (isWebSocket(request)) this.#upgrade(request, socket, head);
      else this.#tls?.upgrade(request, socket as Socket, head, onHttp);
    });
    server.on('clientError', (error, socket) => this.#clientError(error, socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenFailure(address, error)));
      if ('descriptor' in address) server.listen({ fd: address.descriptor }, resolve);
      else server.listen({ ...address, ipv6Only: !address.host.includes('.') }, resolve);
    });
    this.#servers.push(server);
  }

  /** Puts what every connection passes before Node's own reading of HTTP, which takes TLS sockets as well. */
  #guard(server: Server): OnHttp {
    const [speakHttp] = server.listeners('connection');
    server.removeAllListeners('connection');
    const onHttp = (socket: Socket) => speakHttp?.call(server, socket);
    server.on('connection', (socket) => {
      const { idleTime } = this.#options.limits;
      server.timeout = idleTime;
      server.keepAliveTimeout = idleTime;
      const address = plainAddress(socket.remoteAddress ?? '');
      const passed = this.#connections.admit(socket);
      if (passed !== undefined) this.#count(CONNECTION_LIMITS[passed], address);
      else if (this.#tls === undefined) onHttp(socket);
      else this.#tls.take(socket, onHttp);
    });
    return onHttp;
  }

  #startsTls(request: IncomingMessage): boolean {
    return this.#tls !== undefined && !isSecure(request) && asksForTls(request);
  }

  #request(request: IncomingMessage, response: ServerResponse, proceed: () => void): void {
    if (!this.#exchanges.begin(request.socket, response)) {
      this.#count('pipelining', plainAddress(request.socket.remoteAddress ?? ''));
      request.socket.destroy();
      return;
    }
    const trouble = headerTrouble(request, this.#rules);
    if (trouble !== undefined) return this.#turnAway(request, response, trouble);
    // Its connection would stay open for the client's next request, which is not taken any more.
    response.once('finish', () => {
      if (this.#draining) request.socket.end();
    });
    const match = this.#options.routes.request(request.method ?? '', pathOf(request.url ?? ''));
    if (!match.found) {
      if (match.allow !== undefined) response.setHeader('Allow', match.allow);
      if (request.method === 'OPTIONS' && match.status === 405) {
        response.writeHead(200, { 'Content-Length': 0 }).end();
        return;
      }
      return this.#refuse(request, response, match.status, STATUS_CODES[match.status] ?? '');
    }
    const exchange = { ...exchangeOf(request, match.parameters), response, proceed };
    const refusal = this.#options.routes.refusalOf(match.route, exchange);
    if (refusal !== undefined) return this.#turnAway(request, response, refusal);
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
    const refuse = (status: number) => this.#cut(socket, status);
    socket.on('error', () => socket.destroy());
    const trouble = headerTrouble(request, this.#rules);
    if (trouble !== undefined) return refuse(trouble.status);
    const match = this.#options.routes.webSocket(pathOf(request.url ?? ''));
    if (!match.found) return refuse(match.status);
    const exchange = { ...exchangeOf(request, match.parameters), socket, head };
    const refusal = this.#options.routes.refusalOf(match.route, exchange);
    if (refusal !== undefined) return refuse(refusal.status);
    match.route.upgrade(exchange);
  }

  /** To be led on is no refusal. */
  #turnAway(request: IncomingMessage, response: ServerResponse, { status, text, headers }: Refusal): void {
    if (status !== 307) return this.#refuse(request, response, status, text, headers);
    this.#options.log.debug('request led on to TLS', { listener: this.#options.name });
    refuse(request, response, status, text, headers);
  }

  /** Answers and closes. */
  #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    text: string,
    headers = {},
  ): void {
    this.#count(`status-${status}`, plainAddress(request.socket.remoteAddress ?? ''));
    refuse(request, response, status, text, headers);
  }

  /** What came is no HTTP, or breaks a bound of it. Half an answer must not be followed by another. */
  #clientError(error: Error, socket: Duplex): void {
    const code = systemCode(error) ?? '';
    if (code === 'ECONNRESET' || !socket.writable || this.#exchanges.isAnswering(socket)) {
      socket.destroy();
      return;
    }
    this.#cut(socket, CLIENT_ERRORS[code] ?? 400);
  }

  /** Answers where there is no response object. */
  #cut(socket: Duplex, status: number): void {
    const address = socket instanceof Socket ? plainAddress(socket.remoteAddress ?? '') : '';
    this.#count(`status-${status}`, address);
    const upgrade = status === 426 ? `, Upgrade\r\nUpgrade: ${TLS_PROTOCOL}` : '';
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close${upgrade}\r\nContent-Length: 0\r\n\r\n`,
      () => socket.destroy(),
    );
  }

  #count(reason: string, client: string): void {
    this.#refused.inc({ reason });
    const event = 'connection or request refused before its route';
    this.#sparing.warn(event, { listener: this.#options.name, reason, client }, reason);
  }
}

function exchangeOf(request: IncomingMessage, parameters: Readonly<Record<string, string>>): Exchange {
  return {
    request,
    parameters,
    address: plainAddress(request.socket.remoteAddress ?? ''),
    secure: isSecure(request),
  };
}

function isWebSocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
}

function stackOf(error: unknown): string {
  return error instanceof Error && !(error instanceof Failure)
    ? (error.stack ?? error.message)
    : messageOf(error);
}
