/** Ties discovery to what it makes known: the queues as clients hear them, the ports, the name of the host. */
import type { Alerts } from '../base/alerts.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Database } from '../base/database/database.ts';
import { messageOf } from '../base/errors.ts';
import type { ListenAddress } from '../base/http/listener.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { Seconds } from '../base/units.ts';
import type { QueueConfig } from '../config/schema.ts';
import { Discovery } from '../drivers/discovery/discovery.ts';
import { instanceName } from '../drivers/discovery/instance-name.ts';
import type { AdvertisedQueue } from '../drivers/discovery/services.ts';
import { tables } from '../drivers/discovery/tables.ts';
import { txtStrings } from '../drivers/discovery/txt.ts';
import type { IntakeService } from '../spool/intake/service.ts';
import { announcedDoor, announcedPort, isForThisMachine } from './announced-door.ts';
import type { LiveConfig } from './live-config.ts';

export interface AnnouncementsOptions {
  readonly live: LiveConfig;
  readonly database: Database;
  /** The first label of the name under which this gateway is announced. */
  readonly host: string;
  readonly alerts: Alerts;
  /** Hears when others announce something new. */
  onFound(): void;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What is known once print clients are listened for. */
export interface Doorway {
  readonly intake: IntakeService;
  readonly addresses: readonly ListenAddress[];
}

/** Attributes follow the printers; a client that looks is content with what was true a moment ago. */
const LOOK_AGAIN = Seconds(5);
/** The newest that Node speaks. */
const TLS_VERSION = '1.3';

export class Announcements {
  readonly #options: AnnouncementsOptions;
  #discovery: Discovery | undefined;
  #announces = false;
  #doorway: Doorway | undefined;
  #timer: Timer | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: AnnouncementsOptions) {
    this.#options = options;
  }

  /** `holdfast-1a2b3c4d.local`: told to clients, and no other machine's name. */
  get hostName(): string {
    return `${this.#options.host}.local`;
  }

  /** The name under which clients find the queue: as announced, or as it would be. */
  nameOf(queue: { readonly name: string; readonly info: string }): string {
    return this.#discovery?.nameOf(queue.name) ?? instanceName(queue.info);
  }

  /** Whether this gateway answers to its name on some network. */
  get isOn(): boolean {
    return this.#announces;
  }

  /** What the network says; undefined where nothing is looked for. */
  get discovery(): Discovery | undefined {
    return this.#options.live.current.gateway.discovery.browse ? this.#discovery : undefined;
  }

  /** Whether the queue is announced now. */
  isAnnounced(queue: string): boolean {
    return this.#discovery?.nameOf(queue) !== undefined;
  }

  async start(doorway: Doorway): Promise<void> {
    const { live, database, host, alerts, clock, log, metrics } = this.#options;
    const { announce, browse, interfaces } = live.current.gateway.discovery;
    this.#doorway = doorway;
    if (!announce && !browse) return;
    if (interfaces === 'all' && isForThisMachine(doorway.addresses)) {
      log.info('queues are not announced, as only this machine can print to them');
      return;
    }
    const rows = database.client(tables);
    this.#discovery = await Discovery.open({
      rows,
      host,
      interfaces,
      browse,
      onFound: this.#options.onFound,
      addresses: announcedDoor(doorway.addresses).map((each) => each.host),
      alerts,
      clock,
      log,
      metrics,
    });
    this.#announces = announce;
    this.#discovery.start();
    this.look();
  }

  /** Makes known what the queues are now; to be called when the configuration has changed. */
  look(): void {
    const { clock, log } = this.#options;
    this.#timer?.cancel();
    if (!this.#announces || this.#stopped) return;
    this.#looking = this.#looking
      .then(() => this.#apply())
      .catch((error: unknown) => log.error('queues were not announced anew', { error: messageOf(error) }));
    this.#timer = clock.after(LOOK_AGAIN, () => this.look());
  }

  /** Takes everything back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#looking;
    await this.#discovery?.stop();
  }

  async #apply(): Promise<void> {
    const queues = this.#options.live.current.queues.filter(({ announce }) => announce);
    const advertised: AdvertisedQueue[] = [];
    for (const queue of queues) advertised.push(await this.describe(queue));
    if (!this.#stopped) this.#discovery?.apply(advertised);
  }

  /** What clients are told of the queue. @param host in addresses that they are told */
  async describe(queue: QueueConfig, host = this.hostName): Promise<AdvertisedQueue> {
    const { intake, addresses = [] } = this.#doorway ?? {};
    const port = announcedPort(addresses);
    const attributes = await intake?.attributesOf(queue, `${host}:${port}`, true);
    const isAuth = queue.authentication === 'required';
    const facts = {
      resourcePath: isAuth ? `ipp/${queue.name}/auth` : `ipp/${queue.name}`,
      tls: TLS_VERSION,
      air: isAuth ? 'username,password' : 'none',
    };
    // Where TLS is needed plain clients would find a printer that turns them away.
    const isPlain = !isAuth && this.#options.live.current.gateway.ipp.encryption === 'offered';
    return {
      queue: queue.name,
      name: instanceName(queue.info),
      txt: attributes === undefined ? [] : txtStrings({ ...facts, attributes }),
      ippPort: isPlain ? port : undefined,
      ippsPort: port,
    };
  }
}
