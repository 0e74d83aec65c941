/** Makes queues known on the network: keeps the mDNS worker running, and tells what it hears. */
import { Worker } from 'node:worker_threads';
import type { Alerts } from '../../base/alerts.ts';
import { type Clock, sleep, type Timer } from '../../base/clock.ts';
import type { TableClient } from '../../base/database/tables.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { printable } from '../../base/text.ts';
import { Milliseconds } from '../../base/units.ts';
import type { FoundService } from './found.ts';
import type { FromWorker, Impostor, ToWorker, WorkerStart } from './messages.ts';
import type { AdvertisedQueue } from './services.ts';
import type { KnownName, tables } from './tables.ts';

export interface DiscoveryOptions extends WorkerStart {
  readonly rows: TableClient<(typeof tables)['operations']>;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Hears when {@link Discovery.found} has changed. */
  onFound?(): void;
  /** The module of the worker; a test has its own. */
  readonly workerModule?: URL;
}

const FIRST_DELAY = 1000;
const LONGEST_DELAY = 60_000;
/** Goodbyes need no longer. */
const STOP_TIME = Milliseconds(2000);
/** Longer than an answer takes, and the first repeat of the question. */
const BROWSE_TIME = Milliseconds(2500);

/** A storm of packets may end the worker, never the gateway. */
const MEMORY = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

const WORKER_ALERT = 'discovery worker';
const INTERFACE_ALERT = 'discovery interfaces';

export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #restarts;
  readonly #renames;
  readonly #known: Map<string, KnownName>;
  readonly #named = new Map<string, string>();
  #impostors = new Map<string, Impostor>();
  #queues: readonly AdvertisedQueue[] = [];
  #found: readonly FoundService[] = [];
  #worker: Worker | undefined;
  #restarting: Timer | undefined;
  #delay = FIRST_DELAY;
  #stopped: (() => void) | undefined;
  #stopping = false;

  private constructor(options: DiscoveryOptions, known: readonly KnownName[]) {
    this.#options = options;
    this.#known = new Map(known.map((each) => [each.queue, each]));
    const { metrics } = options;
    this.#restarts = metrics.counter('dnssd_worker_restarts_total', 'Restarts of the mDNS worker');
    this.#renames = metrics.counter('dnssd_renames_total', 'Queues that had to take another name');
    metrics.gauge('dnssd_queues', 'Queues that are announced by mDNS', () => this.#named.size);
    metrics.gauge('dnssd_impostors', 'Others that announce our names', () => this.#impostors.size);
    metrics.gauge(
      'dnssd_found_services',
      'Services of printers that others announce',
      () => this.#found.length,
    );
  }

  static async open(options: DiscoveryOptions): Promise<Discovery> {
    return new Discovery(options, await options.rows.list(undefined));
  }

  /** The name under which the queue is announced now; undefined when it is not. */
  nameOf(queue: string): string | undefined {
    return this.#named.get(queue);
  }

  /** What others announce, as they were last heard. */
  get found(): readonly FoundService[] {
    return this.#found;
  }

  /** Asks who is there now; resolves when answers have had the time that they need. */
  async browse(): Promise<void> {
    this.#post({ kind: 'browse' });
    await sleep(this.#options.clock, BROWSE_TIME);
  }

  /** Makes known what the queues are now. Costs nothing when nothing has changed. */
  apply(queues: readonly AdvertisedQueue[]): void {
    if (this.#stopping || JSON.stringify(queues) === JSON.stringify(this.#queues)) return;
    this.#queues = queues;
    const present = new Set(queues.map(({ queue }) => queue));
    for (const queue of this.#named.keys()) if (!present.has(queue)) this.#named.delete(queue);
    if (this.#worker !== undefined) this.#tellQueues();
    else if (this.#restarting === undefined && queues.length > 0) this.#start();
  }

  /** Begins to look for printers, where that is wanted. */
  start(): void {
    if (this.#options.browse && this.#worker === undefined && this.#restarting === undefined) this.#start();
  }

  /** Takes all names back; resolves when that is told, or after a moment. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#restarting?.cancel();
    const worker = this.#worker;
    if (worker === undefined) return;
    const stopped = new Promise<void>((resolve) => (this.#stopped = resolve));
    const deadline = this.#options.clock.after(STOP_TIME, () => this.#stopped?.());
    this.#post({ kind: 'stop' });
    await stopped;
    deadline.cancel();
    await worker.terminate();
  }

  #start(): void {
    const { host, interfaces, addresses, browse, workerModule } = this.#options;
    const module = workerModule ?? new URL('./worker.ts', import.meta.url);
    const workerData: WorkerStart = { host, interfaces, addresses, browse };
    const worker = new Worker(module, { workerData, name: 'mdns', resourceLimits: MEMORY });
    this.#worker = worker;
    let cause = 'it ended by itself';
    worker.on('message', (message: FromWorker) => this.#take(message));
    worker.on('error', (error) => {
      cause = messageOf(error);
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      this.#stopped?.();
      if (!this.#stopping) this.#failed(cause);
    });
    this.#tellQueues();
  }

  #failed(cause: string): void {
    const { alerts, clock, log } = this.#options;
    log.error('mdns worker failed; it is started again', { error: cause, delay: this.#delay });
    alerts.raise({
      kind: 'application',
      key: WORKER_ALERT,
      message: `the queues are not announced on the network: ${printable(cause)}`,
    });
    this.#named.clear();
    this.#found = [];
    for (const impostor of this.#impostors.values()) this.#forget(impostor);
    this.#restarting = clock.after(Milliseconds(this.#delay), () => {
      this.#restarting = undefined;
      this.#restarts.inc();
      this.#start();
    });
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY);
  }

  #tellQueues(): void {
    const lastNames = new Map<string, string>();
    for (const { queue, name } of this.#queues) {
      const known = this.#known.get(queue);
      if (known?.wanted === name) lastNames.set(queue, known.name);
    }
    this.#post({ kind: 'queues', queues: this.#queues, lastNames });
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #take(message: FromWorker): void {
    const { log } = this.#options;
    switch (message.kind) {
      case 'named':
        return this.#takeName(message);
      case 'interfaces':
        return this.#takeInterfaces(message.names);
      case 'trouble':
        return log.warn('interface cannot be used for mdns', {
          interface: message.interface,
          error: message.message,
        });
      case 'impostor':
        return this.#alarm(message.impostor);
      case 'impostor-gone':
        return this.#forget(message.impostor);
      case 'found':
        this.#found = message.services;
        return this.#options.onFound?.();
      case 'stopped':
        return this.#stopped?.();
    }
  }

  #takeName({ queue, wanted, name }: KnownName): void {
    const { alerts, log, rows } = this.#options;
    this.#delay = FIRST_DELAY;
    alerts.clear(WORKER_ALERT);
    if (!this.#queues.some((each) => each.queue === queue)) return;
    const isNew = this.#named.get(queue) !== name;
    this.#named.set(queue, name);
    if (isNew) log.info('queue is announced', { queue, name });
    const before = this.#known.get(queue);
    if (before?.wanted === wanted && before.name === name) return;
    if (name !== wanted) {
      this.#renames.inc();
      log.warn('queue is announced under another name, as its own is taken', { queue, wanted, name });
    }
    this.#known.set(queue, { queue, wanted, name });
    rows.keep({ queue, wanted, name }).catch((error: unknown) => {
      log.error('name of a queue was not kept', { queue, error: messageOf(error) });
    });
  }

  #takeInterfaces(names: readonly string[]): void {
    const { alerts, log, interfaces } = this.#options;
    log.info('interfaces on which queues are announced', { interfaces: names });
    if (names.length > 0 || this.#queues.length === 0) return alerts.clear(INTERFACE_ALERT);
    const where = interfaces === 'all' ? 'any interface' : interfaces.join(', ');
    alerts.raise({
      kind: 'application',
      key: INTERFACE_ALERT,
      message: `the queues are not announced: ${where} has no address at which print clients are listened for`,
    });
  }

  #alarm(impostor: Impostor): void {
    const key = alertOf(impostor);
    this.#impostors.set(key, impostor);
    this.#options.alerts.raise({ kind: 'security', key, message: sentence(impostor) });
  }

  #forget(impostor: Impostor): void {
    const key = alertOf(impostor);
    this.#impostors.delete(key);
    this.#options.alerts.clear(key);
  }
}

const alertOf = ({ claims, name, host, address }: Impostor): string =>
  `impostor ${claims} ${printable(host ?? address, 255)} ${printable(name.toLowerCase(), 255)}`;

function sentence({ claims, queue, name, address, host }: Impostor): string {
  const at = `${printable(address, 60)}${host === undefined ? '' : ` (${printable(host, 255)})`}`;
  const shown = `"${printable(name, 255)}"`;
  const advice = 'if it is none of yours, somebody may be catching print jobs';
  switch (claims) {
    case 'name':
      return `another host announces a printer ${shown}, the name of queue ${queue}: ${at}; ${advice}`;
    case 'uuid':
      return `another host announces the UUID of queue ${queue} as ${shown}: ${at}; ${advice}`;
    case 'host':
      return `another host announces an address for the name of this gateway, ${shown}: ${at}; ${advice}`;
  }
}
