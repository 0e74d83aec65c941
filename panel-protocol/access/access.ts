/** Which panel a client is: by the key of its own, by a secret path, or by its address; never because it said so. */
import type { IncomingMessage } from 'node:http';
import type { Alerts } from '../../base/alerts.ts';
import type { Clock } from '../../base/clock.ts';
import { encryptionNeeded } from '../../base/http/header-checks.ts';
import type { Authenticator, Exchange, Refusal, RequestRoute, Route } from '../../base/http/routes.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { addressFits, addressKey, isLoopback } from '../../base/networks.ts';
import { SparingLog } from '../../base/sparing-log.ts';
import type { Panel, Panels } from '../ports.ts';
import { COOKIE_LIFE } from './bounds.ts';
import { readCookie, setCookie } from './cookies.ts';
import type { Device } from './device.ts';
import type { PanelRegistry } from './registry.ts';

export interface AccessOptions {
  readonly panels: Panels;
  readonly registry: PanelRegistry;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface Admitted {
  readonly panel: Panel;
  /** Undefined for one that is the panel by its address only. */
  readonly device?: Device;
}

type Objection =
  | 'cleartext'
  | 'cross-site'
  | 'key-in-the-clear'
  | 'other-panel'
  | 'not-enrolled'
  | 'path-unknown'
  | 'path-elsewhere'
  | 'panel-gone';

type Verdict = Admitted | { readonly objection: Objection };

/** Under which a panel's own routes are, and where the same are for who comes by a secret path. */
const BY_NAME = '/panel/:panel';
const BY_PATH = '/p/:secret';

const NOT_A_PANEL: Refusal = {
  status: 403,
  text: 'this device is not that panel; open /panel to have it enrolled',
};

/** A panel that was renamed finds itself again. */
const TO_ITS_OWN: Refusal = {
  status: 303,
  text: 'this device is another panel',
  headers: { Location: '/panel' },
};

export class PanelAccess {
  readonly #options: AccessOptions;
  readonly #sparing: SparingLog;
  readonly #refused;
  /** Whence a path was tried in vain, by device. */
  readonly #triedFrom = new Map<string, string>();

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#sparing = new SparingLog(options.log, options.clock);
    this.#refused = options.metrics.counter(
      'panel_access_refused_total',
      'Requests of clients that are no panel, or not the one that they asked for',
      ['reason'],
    );
  }

  /** The route table's `panel`. */
  readonly authenticate: Authenticator = (exchange) => {
    const verdict = this.#verdict(exchange, true);
    if (!('objection' in verdict)) return true;
    const { objection } = verdict;
    this.#refused.inc({ reason: objection });
    if (objection === 'cleartext') return encryptionNeeded(exchange.request);
    this.#sparing.warn('no panel', { reason: objection, client: exchange.address }, objection);
    return objection === 'other-panel' && isPage(exchange.request) ? TO_ITS_OWN : NOT_A_PANEL;
  };

  /** Who that is now; undefined when it may be a panel no longer. */
  admit(exchange: Exchange): Admitted | undefined {
    const verdict = this.#verdict(exchange, false);
    return 'objection' in verdict ? undefined : verdict;
  }

  /** For transports that have no request: the panel whose device has that key. They are TLS. */
  byKey(key: string): Admitted | undefined {
    const device = this.#options.registry.find('key', key);
    const panel = device && this.#options.panels.find(device.panel);
    if (device === undefined || panel === undefined) {
      this.#refused.inc({ reason: 'not-enrolled' });
      return undefined;
    }
    this.#options.registry.noteUse(device.id);
    return { panel, device };
  }

  /** The routes of a panel, and the same once more under its secret path. */
  withPaths(routes: readonly Route[]): Route[] {
    const kept = routes.map((each) => this.#keepingKey(each));
    return [
      ...kept,
      ...kept.filter(({ path }) => path.startsWith(BY_NAME)).map((each) => this.#byPath(each)),
    ];
  }

  /** Lets a path work from the address whence it was tried last. Undefined when it was tried from nowhere else. */
  acceptAddress(id: string): string | undefined {
    const address = this.#triedFrom.get(id);
    const isBound = this.#options.registry.byId(id)?.networks.length === 0;
    if (address === undefined || !isBound) return undefined;
    this.#options.registry.setAddress(id, address);
    this.#triedFrom.delete(id);
    this.#options.alerts.clear(alertOf(id));
    return address;
  }

  /** Whence a path was tried in vain. */
  triedFrom(id: string): string | undefined {
    return this.#triedFrom.get(id);
  }

  /** The path is revoked. That it was seen in the clear is over with that only. */
  forget(id: string): void {
    this.#triedFrom.delete(id);
    this.#options.alerts.clear(alertOf(id));
    this.#options.alerts.clear(seenAlertOf(id));
  }

  /** @param comes false to look again at who came in already: that binds and alerts nobody */
  #verdict(exchange: Exchange, comes: boolean): Verdict {
    const { request, parameters } = exchange;
    if (isCrossSite(request)) return { objection: 'cross-site' };
    const isConfidential = exchange.secure || isLoopback(exchange.address);
    const secret = parameters['secret'];
    const verdict =
      secret === undefined
        ? this.#byName(exchange, isConfidential)
        : this.#bySecret(secret, exchange.address, isConfidential, comes);
    if ('objection' in verdict) {
      // Told of any panel, so that nobody learns in the clear which there are.
      const isTold = isConfidential || verdict.objection === 'key-in-the-clear';
      return isTold ? verdict : { objection: 'cleartext' };
    }
    if (!isConfidential && !verdict.panel.plainHttp) return { objection: 'cleartext' };
    return { ...verdict, panel: withoutPasswords(verdict.panel) };
  }

  #byName(exchange: Exchange, isConfidential: boolean): Verdict {
    const { panels, registry } = this.#options;
    const name = exchange.parameters['panel'] ?? '';
    const panel = panels.find(name);
    const key = keyIn(exchange);
    const device = key === undefined ? undefined : registry.find('key', key);
    if (device !== undefined) {
      if (!isConfidential) return { objection: 'key-in-the-clear' };
      if (device.panel !== name) return { objection: 'other-panel' };
      if (panel === undefined) return { objection: 'panel-gone' };
      registry.noteUse(device.id);
      return { panel, device };
    }
    if (panel === undefined || !addressFits(exchange.address, panel.addresses)) {
      return { objection: 'not-enrolled' };
    }
    return { panel };
  }

  #bySecret(secret: string, address: string, isConfidential: boolean, comes: boolean): Verdict {
    const { panels, registry } = this.#options;
    const device = registry.find('path', secret);
    if (device === undefined) return { objection: 'path-unknown' };
    const panel = panels.find(device.panel);
    if (panel === undefined) return { objection: 'panel-gone' };
    if (!isConfidential && !panel.plainHttp) {
      if (comes) this.#wasSeen(device, address);
      return { objection: 'cleartext' };
    }
    const works = comes ? this.#mayCome(device, address) : worksFrom(device, address);
    if (!works) return { objection: 'path-elsewhere' };
    registry.noteUse(device.id);
    return { panel, device };
  }

  /** It leads to where TLS is; but the path has come in the clear, and whoever was on the way has it now. */
  #wasSeen({ id, panel }: Device, address: string): void {
    this.#options.alerts.raise({
      kind: 'security',
      key: seenAlertOf(id),
      message: `the secret path of the panel "${panel}" was opened without TLS at ${addressKey(address)}, where others could read it: make a new one, and "holdfast panels revoke ${id}"`,
    });
  }

  /** The first who comes binds the path to that address. */
  #mayCome(device: Device, address: string): boolean {
    const { registry, alerts } = this.#options;
    const from = addressKey(address);
    if (worksFrom(device, address)) return true;
    if (device.networks.length === 0 && device.address === '') {
      registry.setAddress(device.id, from);
      return true;
    }
    this.#triedFrom.set(device.id, from);
    alerts.raise({
      kind: 'security',
      key: alertOf(device.id),
      message: `the secret path of the panel "${device.panel}" was opened at ${from}, where it does not work: if the panel has moved, "holdfast panels accept ${device.id}"; if not, "holdfast panels revoke ${device.id}"`,
    });
    return false;
  }

  /** A browser keeps a cookie only for so long: whatever it opens lets it keep its key on. */
  #keepingKey(route: Route): Route {
    if (route.method !== 'GET' || route.authentication !== 'panel') return route;
    const handle: RequestRoute['handle'] = (exchange) => {
      const key = readCookie(exchange, 'panel');
      if (key !== undefined && this.#options.registry.find('key', key) !== undefined) {
        setCookie(exchange.response, exchange.secure, 'panel', key, COOKIE_LIFE);
      }
      return route.handle(exchange);
    };
    return { ...route, handle };
  }

  #byPath(route: Route): Route {
    const path = route.path.replace(BY_NAME, BY_PATH);
    const named = <Kind extends Exchange>(exchange: Kind): Kind => ({
      ...exchange,
      parameters: { ...exchange.parameters, panel: this.admit(exchange)?.panel.name ?? '' },
    });
    return route.method === 'WEBSOCKET'
      ? { ...route, path, upgrade: (exchange) => route.upgrade(named(exchange)) }
      : { ...route, path, handle: (exchange) => route.handle(named(exchange)) };
  }
}

/** The configuration lets no panel without TLS take passwords; neither does anything else. */
function withoutPasswords(panel: Panel): Panel {
  if (!panel.plainHttp || !panel.signIn.includes('password')) return panel;
  return { ...panel, signIn: panel.signIn.filter((way) => way !== 'password') };
}

const isPage = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade === undefined;

const worksFrom = ({ networks, address: bound }: Device, address: string): boolean =>
  networks.length > 0 ? addressFits(address, networks) : bound === addressKey(address);

const alertOf = (device: string): string => `panel-path ${device}`;
const seenAlertOf = (device: string): string => `panel-path ${device} in the clear`;

/** `Authorization: Bearer KEY` (RFC 6750 §2.1) of a terminal, or the cookie of a browser. */
function keyIn(exchange: Exchange): string | undefined {
  const [, bearer] =
    /^Bearer ([A-Za-z0-9_-]{1,64})$/i.exec(exchange.request.headers.authorization ?? '') ?? [];
  return bearer ?? readCookie(exchange, 'panel');
}

/**
 * What another site made the browser ask (Fetch Metadata, W3C). A link or an address that is typed opens a page and does
 * nothing. Browsers that do not send it are held off by `Origin`, by SameSite, and by what forms carry.
 */
export function isCrossSite({ method, headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  const opens = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !(method === 'GET' && opens);
}
