/** The composition root: makes the rooms' real objects, ties them together, and takes them apart in reverse order. */
import { type Clock, systemClock } from '../base/clock.ts';
import { Failure } from '../base/errors.ts';
import type { ListenAddress } from '../base/http/listener.ts';
import type { LogOutput } from '../base/log.ts';
import type { Mailer } from '../base/mail/mailer.ts';
import { Metrics } from '../base/metrics.ts';
import type { GatewaySecrets } from '../base/secrets/gateway-secrets.ts';
import type { Config } from '../config/schema.ts';
import type { Pins } from '../drivers/discovery/pins.ts';
import type { CodePolicy } from '../identity/codes/policy.ts';
import type { Delegations } from '../identity/delegations/delegations.ts';
import type { SyncSchedule } from '../identity/directory/schedule.ts';
import type { Identity } from '../identity/identity.ts';
import type { PanelRegistry } from '../panel-protocol/access/registry.ts';
import type { PanelService } from '../panel-protocol/service.ts';
import type { Jobs } from '../spool/jobs.ts';
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import type { PrinterHistory } from '../spool/printers/printer-history.ts';
import type { QueueConditions } from '../spool/queue-conditions.ts';
import type { Releaser } from '../spool/release/releaser.ts';
import { AlertBoard } from './alert-board.ts';
import type { Announcements } from './announcements.ts';
import type { CardReaders } from './card-readers.ts';
import { cardGuessesPerWeek, codePolicy } from './code-watch.ts';
import type { Codes } from './codes.ts';
import type { Credentials } from './credentials.ts';
import { type Doors, openDoors } from './doors.ts';
import type { ForgottenDirectories } from './forgotten-directories.ts';
import type { FoundPrinters } from './found-printers.ts';
import type { Health } from './health.ts';
import type { Listeners } from './listeners.ts';
import { changesThatNeedARestart, LiveConfig } from './live-config.ts';
import { PrinterImport } from './printer-import.ts';
import type { Rekey } from './rekey.ts';
import { type Basics, openRooms, type Rooms } from './rooms.ts';
import type { ServerCertificate } from './server-certificate.ts';

export class Gateway {
  readonly jobs: Jobs;
  readonly releaser: Releaser;
  readonly identity: Identity;
  readonly codes: Codes;
  readonly credentials: Credentials;
  readonly delegations: Delegations;
  readonly directories: SyncSchedule;
  readonly forgotten: ForgottenDirectories;
  readonly board: PrinterBoard;
  readonly pins: Pins;
  readonly foundPrinters: FoundPrinters;
  readonly printerImport: PrinterImport;
  readonly conditions: QueueConditions;
  readonly history: PrinterHistory;
  readonly health: Health;
  readonly announcements: Announcements;
  readonly certificate: ServerCertificate;
  readonly mailer: Mailer;
  readonly secrets: GatewaySecrets;
  readonly rekey: Rekey;
  readonly panels: PanelService;
  readonly readers: CardReaders;
  readonly registry: PanelRegistry;
  readonly log: LogOutput;
  /** As it is now. */
  readonly live: LiveConfig;
  readonly clock: Clock;
  readonly #rooms: Rooms;
  readonly #listeners: Listeners;

  private constructor(basics: Basics, rooms: Rooms, doors: Doors) {
    this.jobs = rooms.jobs;
    this.releaser = rooms.releaser;
    this.identity = rooms.identity;
    this.codes = rooms.codes;
    this.credentials = rooms.credentials;
    this.delegations = rooms.delegations;
    this.directories = rooms.directories.schedule;
    this.forgotten = rooms.directories.forgotten;
    this.board = rooms.board;
    this.pins = rooms.pins;
    this.foundPrinters = doors.foundPrinters;
    this.printerImport = new PrinterImport({
      live: basics.live,
      pins: rooms.pins,
      clock: basics.clock,
      ask: (uri) => doors.foundPrinters.ask(uri),
      isOurPlace: (host, port) => doors.foundPrinters.isOurPlace(host, port),
    });
    this.conditions = rooms.conditions;
    this.history = rooms.watching.history;
    this.health = doors.health;
    this.announcements = doors.announcements;
    this.certificate = doors.certificate;
    this.mailer = rooms.mailer;
    this.secrets = rooms.secrets;
    this.rekey = rooms.rekey;
    this.log = basics.log;
    this.registry = rooms.registry;
    this.live = basics.live;
    this.clock = basics.clock;
    this.#rooms = rooms;
    this.panels = doors.panels;
    this.readers = doors.readers;
    this.#listeners = doors.listeners;
  }

  /** Resolves when it takes jobs and panels. @throws Failure what is in the way */
  static async start(config: Config, log: LogOutput, clock: Clock = systemClock): Promise<Gateway> {
    const metrics = new Metrics();
    metrics.watchProcess();
    const alerts = new AlertBoard({ clock, log, metrics });
    const basics: Basics = { live: new LiveConfig(config), clock, log, metrics, alerts };
    await using unwind = new AsyncDisposableStack();
    const rooms = await openRooms(basics, unwind);
    const doors = await openDoors(basics, rooms, unwind);
    const gateway = new Gateway(basics, rooms, doors);
    rooms.fleet.apply(basics.live.printers, config.limits);
    rooms.pins.onChange(() => gateway.#pinsChanged());
    rooms.watching.start();
    rooms.immediate.start();
    rooms.holdTimer.start();
    rooms.retention.start();
    rooms.codes.start();
    rooms.pageCounter.start();
    rooms.directories.start();
    doors.readers.apply(config.readers);
    unwind.move();
    return gateway;
  }

  /** How long codes must be, as the configuration is now. */
  get codePolicy(): CodePolicy {
    return codePolicy(this.live);
  }

  /** Unknown cards that are looked at in a week, at all panels together. */
  get cardGuessesPerWeek(): number {
    return cardGuessesPerWeek(this.live);
  }

  get config(): Config {
    return this.live.current;
  }

  /** Makes a printer show where it is. @throws Failure; see {@link PrinterFleet.identify} */
  identifyPrinter(name: string): Promise<readonly string[]> {
    return this.#rooms.fleet.identify(name);
  }

  /** Every address that it answers at, and who may ask there. */
  get routes(): Listeners['routes'] {
    return this.#listeners.routes;
  }

  /** Where print clients connect. */
  get ippAddresses(): ListenAddress[] {
    return this.#listeners.ippAddresses;
  }

  /** Where panels and monitoring connect. */
  get webAddresses(): ListenAddress[] {
    return this.#listeners.webAddresses;
  }

  /** Rejects when the gateway cannot go on. */
  get failed(): Promise<never> {
    return this.#rooms.database.died;
  }

  /** Takes over a new configuration. @throws Failure `reload-refused`; then nothing has changed. */
  reload(config: Config): void {
    const fixed = changesThatNeedARestart(this.live.current, config);
    if (fixed.length > 0) {
      throw new Failure('reload-refused', `changed keys that a reload cannot change: ${fixed.join(', ')}`, {
        advice: 'Restart the gateway; jobs and people stay',
      });
    }
    this.live.replace(config);
    this.log.setLevel(config.gateway.log.level);
    this.#rooms.fleet.apply(this.live.printers, config.limits);
    this.#rooms.watching.look();
    this.#rooms.immediate.look();
    this.panels.panelsChanged();
    this.readers.apply(config.readers);
    this.announcements.look();
    void this.certificate.look();
  }

  #pinsChanged(): void {
    this.live.pinsChanged();
    this.#rooms.fleet.apply(this.live.printers, this.live.limits);
    this.#rooms.immediate.look();
    this.panels.panelsChanged();
    this.announcements.look();
    this.foundPrinters.pinsChanged();
  }

  /** Takes nothing new; resolves when what is under way has ended and everything is on disk. */
  async stop(): Promise<void> {
    const { codes, cardBinding, immediate, holdTimer, retention, pageCounter, releaser } = this.#rooms;
    const { board, watching, identity, credentials, registry, store, database } = this.#rooms;
    this.health.stopping();
    immediate.stop();
    holdTimer.stop();
    await Promise.all([
      codes.stop(),
      cardBinding.stop(),
      this.announcements.stop(),
      this.#rooms.directories.stop(),
    ]);
    await Promise.all([this.#listeners.stopIntake(), retention.stop(), pageCounter.stop(), releaser.drain()]);
    await this.readers.close();
    // Panels last, so that whoever stands there still sees what became of the jobs.
    await this.panels.close();
    await this.#listeners.stopWeb();
    board.close();
    await watching.stop();
    this.delegations.close();
    await credentials.close();
    await registry.close();
    await identity.close();
    await store.close();
    await database.close();
  }

  /** Cuts what is under way, so that {@link stop} comes to its end at once. */
  abort(): void {
    this.releaser.abort();
    this.#listeners.abort();
  }
}
