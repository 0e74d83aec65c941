/** The two listeners: print clients on one, panels and monitoring on the other, under one table of routes each. */
import { Failure } from '../base/errors.ts';
import { hostCheck } from '../base/http/host-check.ts';
import { type InheritedSockets, takeInheritedSockets } from '../base/http/inherited-sockets.ts';
import { HttpListener, type InheritedSocket, type ListenAddress } from '../base/http/listener.ts';
import { type Authenticator, type Authenticators, type Route, RouteTable } from '../base/http/routes.ts';
import type { Protocols } from '../base/http/tls/tls-door.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { isLoopback } from '../base/networks.ts';
import { printable } from '../base/text.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { LiveConfig } from './live-config.ts';
import type { ServerCertificate } from './server-certificate.ts';

export interface ListenersOptions {
  readonly live: LiveConfig;
  readonly ippRoutes: readonly Route[];
  readonly webRoutes: readonly Route[];
  /** What panels may speak on the web port instead of HTTP. */
  readonly webProtocols: Protocols;
  /** Under which discovery makes the gateway known. */
  readonly hostName: string;
  readonly certificate: ServerCertificate;
  readonly mayUsePanel: Authenticator;
  readonly mayUseReader: Authenticator;
  readonly log: Log;
  readonly metrics: Metrics;
}

export class Listeners {
  readonly #ipp: HttpListener;
  readonly #web: HttpListener;
  readonly #certificate: ServerCertificate;
  readonly #routes: Pick<ListenersOptions, 'ippRoutes' | 'webRoutes'>;

  private constructor(
    ipp: HttpListener,
    web: HttpListener,
    { certificate, ippRoutes, webRoutes }: ListenersOptions,
  ) {
    this.#routes = { ippRoutes, webRoutes };
    this.#ipp = ipp;
    this.#web = web;
    this.#certificate = certificate;
    certificate.start((identity) => {
      ipp.replaceIdentity(identity);
      web.replaceIdentity(identity);
    });
  }

  /** @throws Failure `port-taken`, `address-not-here`, `port-not-allowed` */
  static async open(options: ListenersOptions): Promise<Listeners> {
    const { live, certificate, log, metrics } = options;
    const { gateway, limits } = live.current;
    const authenticators: Authenticators = {
      anyone: () => true,
      loopback: ({ address }) => isLoopback(address),
      panel: options.mayUsePanel,
      reader: options.mayUseReader,
    };
    const shared = {
      // Read at every use, so that a reload reaches them.
      limits: {
        get connections() {
          return live.limits.connections;
        },
        get connectionsPerAddress() {
          return live.limits.connectionsPerAddress;
        },
        get idleTime() {
          return live.limits.idleTime;
        },
        headerBytes: limits.headerBytes,
        headerTime: limits.headerTime,
      },
      hostAllowed: hostCheck([...gateway.hostNames, options.hostName]),
      log,
      metrics,
    };
    const sockets = takeInheritedSockets(process.env, [process.pid, process.ppid]);
    warnOfUnused(gateway, sockets, log);
    const open = (name: ListenerName, routes: readonly Route[], protocols: Protocols = {}) => {
      const { listen, encryption } = gateway[name];
      return HttpListener.open({
        ...shared,
        name,
        addresses: listen === 'systemd' ? handedOver(name, sockets) : listen,
        routes: new RouteTable(routes, authenticators),
        tls: { identity: certificate.identity, required: encryption === 'required', protocols },
      });
    };
    const ipp = await open('ipp', options.ippRoutes);
    try {
      return new Listeners(ipp, await open('web', options.webRoutes, options.webProtocols), options);
    } catch (error) {
      ipp.abort();
      throw error;
    }
  }

  /** Every address that the gateway answers at, and who may ask there. */
  get routes(): readonly (Pick<Route, 'method' | 'path' | 'authentication'> & {
    readonly port: 'ipp' | 'web';
  })[] {
    const of = (port: 'ipp' | 'web', routes: readonly Route[]) =>
      routes.map(({ method, path, authentication }) => ({ port, method, path, authentication }));
    return [...of('ipp', this.#routes.ippRoutes), ...of('web', this.#routes.webRoutes)];
  }

  get ippAddresses(): ListenAddress[] {
    return this.#ipp.addresses;
  }

  get webAddresses(): ListenAddress[] {
    return this.#web.addresses;
  }

  /** Lets documents that are arriving come in. */
  stopIntake(): Promise<void> {
    return this.#ipp.drain();
  }

  stopWeb(): Promise<void> {
    this.#certificate.stop();
    return this.#web.drain();
  }

  abort(): void {
    this.#certificate.stop();
    this.#ipp.abort();
    this.#web.abort();
  }
}

type ListenerName = 'ipp' | 'web';

/** @throws Failure `socket-missing` */
function handedOver(name: ListenerName, sockets: InheritedSockets): InheritedSocket[] {
  const found = sockets.get(name) ?? [];
  if (found.length > 0) return found.map((descriptor) => ({ descriptor }));
  const others = [...sockets.keys()].map((other) => printable(other, 60));
  throw new Failure(
    'socket-missing',
    `gateway.${name}.listen is systemd, which has handed over no socket with the name ${name}${others.length > 0 ? ` (but ${others.join(', ')})` : ''}`,
    {
      advice: `Enable a socket unit with FileDescriptorName=${name} (see systemd/holdfast.socket), or list addresses in gateway.${name}.listen`,
    },
  );
}

/** Clients that connect to such a socket would wait for ever. */
function warnOfUnused(gateway: GatewayConfig, sockets: InheritedSockets, log: Log): void {
  const used = (['ipp', 'web'] as const).filter((name) => gateway[name].listen === 'systemd');
  for (const name of sockets.keys()) {
    if (!used.some((each) => each === name)) log.warn('socket of systemd is not used', { name });
  }
}
