/** The one route table: every address that the gateway answers at, and who may ask there. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Failure } from '../errors.ts';

/**
 * Who may use a route. `anyone`: no credentials (the route itself decides what little it tells). `loopback`: only from
 * this machine. `panel`: an enrolled or configured panel, at its own address. `reader`: a configured card reader, at its own.
 */
export type Authentication = 'anyone' | 'loopback' | 'panel' | 'reader';

export interface Exchange {
  readonly request: IncomingMessage;
  /** Path parameters by name, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The client's address; IPv4 without the `::ffff:` of a dual-stack socket. */
  readonly address: string;
  readonly secure: boolean;
}

export interface RequestExchange extends Exchange {
  readonly response: ServerResponse;
  /** Asks a client that sent `Expect: 100-continue` for the body. To be called after every check of the headers. */
  proceed(): void;
}

export interface UpgradeExchange extends Exchange {
  readonly socket: Duplex;
  readonly head: Buffer;
}

interface RouteBase {
  /** `/panel/:panel/socket`; a `:name` stands for one segment. */
  readonly path: string;
  readonly authentication: Authentication;
}

export interface RequestRoute extends RouteBase {
  readonly method: 'GET' | 'POST';
  handle(exchange: RequestExchange): Promise<void> | void;
}

export interface WebSocketRoute extends RouteBase {
  readonly method: 'WEBSOCKET';
  upgrade(exchange: UpgradeExchange): void;
}

export type Route = RequestRoute | WebSocketRoute;

/** What a client hears that may not use a route; a status of 3xx leads it on, and is no refusal. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Says whether the client may use the route; false is answered with 403 and nothing more. */
export type Authenticator = (exchange: Exchange) => boolean | Refusal;
/** A kind without one lets nobody in. */
export type Authenticators = Readonly<
  Record<Exclude<Authentication, 'reader'>, Authenticator> & { readonly reader?: Authenticator }
>;

const NOT_ALLOWED: Refusal = { status: 403, text: 'not allowed from here' };

export type RouteMatch<Kind extends Route> =
  | { readonly found: true; readonly route: Kind; readonly parameters: Readonly<Record<string, string>> }
  | { readonly found: false; readonly status: 400 | 404 | 405; readonly allow?: string };

export class RouteTable {
  readonly routes: readonly Route[];
  readonly #authenticators: Authenticators;
  /** Of the whole server, which `*` stands for. */
  readonly #methods: string;

  /** @throws Failure `route-twice` when two routes claim the same method and path. */
  constructor(routes: readonly Route[], authenticators: Authenticators) {
    const seen = new Set<string>();
    for (const { method, path } of routes) {
      const key = `${method} ${path.replace(/:[^/]+/g, ':')}`;
      if (seen.has(key)) throw new Failure('route-twice', `two routes answer ${method} ${path}`);
      seen.add(key);
    }
    this.routes = routes;
    this.#methods = allowing(routes.map(({ method }) => method));
    this.#authenticators = authenticators;
  }

  request(method: string, target: string): RouteMatch<RequestRoute> {
    const wanted = method === 'HEAD' ? 'GET' : method;
    return this.#match(wanted, target) as RouteMatch<RequestRoute>;
  }

  webSocket(target: string): RouteMatch<WebSocketRoute> {
    return this.#match('WEBSOCKET', target) as RouteMatch<WebSocketRoute>;
  }

  /** The one place that lets a request through to its route: undefined when it may pass. */
  refusalOf(route: Route, exchange: Exchange): Refusal | undefined {
    const verdict = this.#authenticators[route.authentication]?.(exchange) ?? false;
    if (typeof verdict !== 'boolean') return verdict;
    return verdict ? undefined : NOT_ALLOWED;
  }

  #match(method: string, target: string): RouteMatch<Route> {
    if (target === '*') return { found: false, status: 405, allow: this.#methods };
    const segments = segmentsOf(target);
    if (segments === undefined) return { found: false, status: 400 };
    const others: string[] = [];
    for (const route of this.routes) {
      const parameters = parametersOf(route.path, segments);
      if (parameters === undefined) continue;
      if (route.method === method) return { found: true, route, parameters };
      if (route.method !== 'WEBSOCKET') others.push(route.method);
    }
    return others.length === 0
      ? { found: false, status: 404 }
      : { found: false, status: 405, allow: allowing(others) };
  }
}

/** The value of `Allow`: what these routes take, and what the listener answers for all of them. */
function allowing(methods: readonly string[]): string {
  const all = methods.flatMap((each) => {
    if (each === 'WEBSOCKET') return [];
    return each === 'GET' ? ['GET', 'HEAD'] : [each];
  });
  return [...new Set([...all, 'OPTIONS'])].join(', ');
}

/** The decoded segments of a request target's path, or undefined when it cannot be decoded. */
function segmentsOf(target: string): string[] | undefined {
  const path = target.split('?', 1)[0] ?? '';
  if (!path.startsWith('/')) return undefined;
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function parametersOf(pattern: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = pattern.slice(1).split('/');
  if (parts.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) {
      if (segment === '') return undefined;
      parameters[part.slice(1)] = segment;
    } else if (part !== segment) return undefined;
  }
  return parameters;
}
