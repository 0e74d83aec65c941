/** All panels of the gateway: their routes, who may use them, and one session for each that is connected. */
import type { Alerts } from '../base/alerts.ts';
import type { Clock } from '../base/clock.ts';
import type { Exchange, Route } from '../base/http/routes.ts';
import type { Protocols } from '../base/http/tls/tls-door.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { isLoopback } from '../base/networks.ts';
import { SparingLog } from '../base/sparing-log.ts';
import { type Admitted, PanelAccess } from './access/access.ts';
import { PanelEnrolment } from './access/enrolment.ts';
import type { PanelRegistry } from './access/registry.ts';
import type { Hello } from './client-messages.ts';
import { PanelConnection, type Seat, type Transport } from './connection.ts';
import { PanelPage } from './page/page.ts';
import { PlainPages } from './plain/service.ts';
import type { Panel, PanelIdentity, PanelJobs, PanelPrinters, Panels } from './ports.ts';
import type { PanelPeer } from './session/client.ts';
import { PanelSession, type SessionOptions } from './session/executor.ts';
import { LINE_PROTOCOL, PanelLines } from './transports/lines.ts';
import { PanelPolls } from './transports/long-poll.ts';
import { PanelSockets } from './transports/websocket.ts';

export interface PanelServiceOptions {
  /** Asked at every use, so that it may be replaced at a reload. */
  readonly panels: Panels;
  /** What was enrolled. */
  readonly registry: PanelRegistry;
  readonly alerts: Alerts;
  readonly printers: PanelPrinters;
  readonly identity: PanelIdentity;
  readonly jobs: PanelJobs;
  /** What the gateway is called. */
  gatewayName(): string;
  /** Of the page on which a browser is enrolled, `#rrggbb`. */
  color(): string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Who may still be a panel, asked whenever that may have changed. */
type Admit = () => Admitted | undefined;

/** Who has connected, as far as the transport knows. */
interface Caller {
  readonly address: string;
  /** Nobody can read on the way. */
  readonly secure: boolean;
  admit(hello: Hello): Admitted | undefined;
}

interface Joining {
  readonly carried: PanelConnection;
  readonly admit: Admit;
  readonly caller: Caller;
  readonly hello: Hello;
}

export class PanelService {
  /** For the web listener's table. */
  readonly routes: readonly Route[];
  /** For the web listener's handshakes. */
  readonly protocols: Protocols;
  readonly access: PanelAccess;
  readonly enrolment: PanelEnrolment;
  readonly #options: PanelServiceOptions;
  readonly #page: PanelPage;
  readonly #sockets: PanelSockets;
  readonly #polls: PanelPolls;
  readonly #plain: PlainPages;
  readonly #lines: PanelLines;
  readonly #sessions = new Map<string, PanelSession>();
  /** Of each connection that has its place: the panel's name, and whether it still is that. */
  readonly #connected = new Map<PanelConnection, { readonly name: string; readonly admit: Admit }>();
  readonly #unwatch: readonly (() => void)[];
  readonly #sparing: SparingLog;
  readonly #signIns;
  readonly #refusals;
  #closed = false;

  /** Reads the page's files. */
  static async open(options: PanelServiceOptions): Promise<PanelService> {
    return new PanelService(options, await PanelPage.read((name) => options.panels.find(name)));
  }

  private constructor(options: PanelServiceOptions, page: PanelPage) {
    this.#options = options;
    this.#page = page;
    this.#sparing = new SparingLog(options.log, options.clock);
    const { clock } = options;
    const open = (exchange: Exchange, transport: Transport) =>
      this.#connect(
        {
          address: exchange.address,
          secure: exchange.secure || isLoopback(exchange.address),
          admit: () => this.access.admit(exchange),
        },
        transport,
      );
    const whose = ({ address, parameters }: Exchange) => ({ address, panel: parameters['panel'] });
    const onForged = (exchange: Exchange) =>
      this.#sparing.warn('panel named a session that is not its own', whose(exchange));
    this.#sockets = new PanelSockets({ clock, open });
    this.#polls = new PanelPolls({
      clock,
      open,
      onForged,
      onRepeated: (exchange) => options.log.debug('panel repeated what it had sent', whose(exchange)),
    });
    this.#plain = new PlainPages({
      clock,
      open,
      onForged,
      onSpent: (exchange) =>
        this.#sparing.warn('panel posted a form that is not good, or no more', whose(exchange)),
      languageOf: (exchange) => page.languageOf(exchange),
      stylesOf: (exchange) => page.plainStyles(exchange),
    });
    this.#lines = new PanelLines({
      clock,
      open: (address, transport) =>
        this.#connect(
          { address, secure: true, admit: ({ key }) => key && this.access.byKey(key.reveal()) },
          transport,
        ),
    });
    this.protocols = { [LINE_PROTOCOL]: (socket, address) => this.#lines.take(socket, address) };
    this.access = new PanelAccess(options);
    this.enrolment = new PanelEnrolment(options);
    const own: Route[] = [
      ...page.routes,
      ...this.#plain.routes,
      {
        method: 'WEBSOCKET',
        path: '/panel/:panel/socket',
        authentication: 'panel',
        upgrade: (exchange) => this.#sockets.upgrade(exchange),
      },
      {
        method: 'POST',
        path: '/panel/:panel/poll',
        authentication: 'panel',
        handle: (exchange) => this.#polls.poll(exchange),
      },
    ];
    this.routes = [...this.access.withPaths(own), ...this.enrolment.routes];
    const { jobs, identity, printers, metrics } = options;
    this.#unwatch = [
      jobs.watch((news) => this.#each((session) => session.jobNews(news))),
      identity.watchRemovals((person) => this.#each((session) => session.personRemoved(person))),
      printers.watch((name) => this.#each((session) => session.printerChanged(name))),
      options.registry.onChange(() => this.#lookAtConnections()),
    ];
    this.#signIns = metrics.counter('panel_sign_ins_total', 'Sign-ins at panels', ['result']);
    this.#refusals = metrics.counter(
      'panel_refused_total',
      'Messages that panels were answered with an error, and connections that were dismissed',
      ['reason'],
    );
    metrics.gauge('panel_connections', 'Connected panels', () => {
      return this.#sockets.size + this.#polls.size + this.#plain.size + this.#lines.size;
    });
    metrics.gauge('panel_sessions', 'Panels where somebody is signed in', () => {
      return [...this.#sessions.values()].filter((session) => session.signedIn).length;
    });
  }

  find(name: string): Panel | undefined {
    return this.#options.panels.find(name);
  }

  /**
   * Gives a card reader of the gateway itself its place at a panel: the same session, and the same machine, as a reader
   * that is connected by the protocol. Undefined: there is no such panel.
   */
  attachReader(name: string, reader: PanelPeer & { readonly unproven?: true }): Seat | undefined {
    const panel = this.find(name);
    if (panel === undefined || this.#closed) return undefined;
    const session = this.#session(panel);
    const { send, dismiss, unproven } = reader;
    const connection = session.connect({
      send: (message) => send.call(reader, message),
      dismiss: (reason) => dismiss.call(reader, reason),
      role: 'reader',
      secure: true,
      address: 'reader',
      ...(unproven ? { unproven } : {}),
    });
    return {
      ask: (message) => session.ask(connection, message),
      leave: () => {
        session.disconnect(connection);
        this.#forgetUnused(panel.name, session);
      },
    };
  }

  /** After a reload: who stands at a panel that changed or went away is signed out; its page connects anew. */
  panelsChanged(): void {
    for (const [name, session] of this.#sessions) {
      if (!isSame(session.panel, this.#options.panels.find(name))) {
        this.#sessions.delete(name);
        session.close('reload');
      }
    }
    this.#lookAtConnections();
  }

  /** Whatever may be that panel no longer is cut: its device was revoked, its address is no longer listed. */
  #lookAtConnections(): void {
    for (const [connection, { name, admit }] of [...this.#connected]) {
      const admitted = admit();
      if (admitted === undefined) connection.end('not-enrolled');
      else if (admitted.panel.name !== name) connection.end('reload');
    }
  }

  /** Ends every session and connection. Jobs on their way go on. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#unwatch) stop();
    this.enrolment.close();
    this.#each((session) => session.close('shutdown'));
    this.#polls.end('shutdown');
    this.#plain.end();
    await Promise.all([this.#sockets.end('shutdown'), this.#lines.end('shutdown')]);
  }

  #connect(caller: Caller, transport: Transport): PanelConnection {
    const log = this.#options.log.child({ address: caller.address });
    const carried: PanelConnection = new PanelConnection({
      transport,
      clock: this.#options.clock,
      onRefused: (reason) => {
        this.#refusals.inc({ reason });
        if (isHostile(reason))
          this.#sparing.warn('panel broke the protocol', { address: caller.address, reason }, reason);
        else if (reason === 'not-enrolled')
          this.#sparing.warn('no panel', { reason, client: caller.address }, reason);
        else log.debug('panel was refused', { reason });
      },
      place: (hello) => {
        // The configuration may have changed between the upgrade and the hello.
        const admit = () => caller.admit(hello);
        const admitted = admit();
        return admitted && ((peer) => this.#join(admitted, peer, { carried, admit, caller, hello }));
      },
    });
    return carried;
  }

  #join({ panel }: Admitted, peer: PanelPeer, { carried, admit, caller, hello }: Joining): Seat {
    if (this.#closed) {
      peer.dismiss('shutdown');
      return { ask: () => {}, leave: () => {} };
    }
    const session = this.#session(panel);
    const { address, secure } = caller;
    const { role = 'screen' } = hello;
    const connection = session.connect({ ...peer, role, secure, address });
    this.#connected.set(carried, { name: panel.name, admit });
    const log = this.#options.log.child({ panel: panel.name, address });
    log.info('panel connected', { role });
    return {
      ask: (message) => session.ask(connection, message),
      leave: () => {
        this.#connected.delete(carried);
        session.disconnect(connection);
        this.#forgetUnused(panel.name, session);
        log.info('panel disconnected');
      },
    };
  }

  #forgetUnused(name: string, session: PanelSession): void {
    if (!session.connected && this.#sessions.get(name) === session) this.#sessions.delete(name);
  }

  #session(panel: Panel): PanelSession {
    const existing = this.#sessions.get(panel.name);
    if (existing !== undefined) return existing;
    const { printers, identity, jobs, clock, log } = this.#options;
    const options: SessionOptions = {
      printers,
      identity,
      jobs,
      clock,
      log,
      gateway: () => this.#options.gatewayName(),
      page: this.#page.version,
      onVerdict: (verdict) => this.#signIns.inc({ result: verdict.ok ? 'ok' : verdict.reason }),
    };
    const session = new PanelSession(panel, options);
    this.#sessions.set(panel.name, session);
    return session;
  }

  #each(run: (session: PanelSession) => void): void {
    for (const session of [...this.#sessions.values()]) run(session);
  }
}

/** What no panel that keeps to the protocol does. */
const HOSTILE: readonly string[] = [
  'bad-message',
  'id-repeated',
  'hello-first',
  'key-reused',
  'too-many-releases',
  'too-many-readers',
  'too-fast',
];
const isHostile = (reason: string): boolean => HOSTILE.includes(reason);

function isSame(a: Panel, b: Panel | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
