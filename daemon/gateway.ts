/** The composition root: makes the rooms' real objects, ties them together, and takes them apart in reverse order. */
import { join } from 'node:path';
import { type Clock, systemClock } from '../base/clock.ts';
import { Database } from '../base/database/database.ts';
import { Failure } from '../base/errors.ts';
import { nodeFiles } from '../base/files/node-files.ts';
import type { ListenAddress } from '../base/http/listener.ts';
import type { LogOutput } from '../base/log.ts';
import type { Mailer } from '../base/mail/mailer.ts';
import { Metrics } from '../base/metrics.ts';
import { loadGatewayKey } from '../base/secrets/gateway-key.ts';
import type { Key } from '../base/secrets/sealing.ts';
import type { Config } from '../config/schema.ts';
import { tables as discoveryTables } from '../drivers/discovery/tables.ts';
import type { CodePolicy } from '../identity/codes/policy.ts';
import { DatabaseIdentityStore } from '../identity/database-store.ts';
import type { SyncSchedule } from '../identity/directory/schedule.ts';
import { Guessing } from '../identity/guessing/guessing.ts';
import { Identity } from '../identity/identity.ts';
import { tables as identityTables } from '../identity/tables.ts';
import { PanelService } from '../panel-protocol/service.ts';
import type { PageCounter } from '../spool/formats/page-counter.ts';
import { HoldTimer } from '../spool/hold-timer.ts';
import { IntakeService } from '../spool/intake/service.ts';
import type { Job } from '../spool/job.ts';
import { Jobs } from '../spool/jobs.ts';
import { PrinterBoard } from '../spool/printers/printer-board.ts';
import { tables as printerTables } from '../spool/printers/tables.ts';
import type { Queue } from '../spool/queue.ts';
import { tables as conditionTables, isStopped, QueueConditions } from '../spool/queue-conditions.ts';
import { ImmediateRelease } from '../spool/release/immediate.ts';
import { JobPasswords } from '../spool/release/job-passwords.ts';
import { Releaser } from '../spool/release/releaser.ts';
import { Retention } from '../spool/retention.ts';
import { EmbeddedJobStore } from '../spool/store/embedded-store.ts';
import { tables as spoolTables } from '../spool/store/tables.ts';
import { AlertBoard } from './alert-board.ts';
import { announcedHost } from './announced-host.ts';
import { Announcements } from './announcements.ts';
import { CodeWatch, codePolicy } from './code-watch.ts';
import { type Credentials, credentialTables, openCredentials } from './credentials.ts';
import { directoryTables, openDirectories } from './directories.ts';
import { Health } from './health.ts';
import { intakePorts } from './intake-ports.ts';
import { Listeners } from './listeners.ts';
import { changesThatNeedARestart, guessingLimits, LiveConfig } from './live-config.ts';
import { mailerOf } from './mail.ts';
import { pageCounting } from './page-counting.ts';
import { panelPorts } from './panel-ports.ts';
import { PrinterFleet } from './printer-fleet.ts';
import { ServerCertificate } from './server-certificate.ts';
import { serviceRoutes } from './service-routes.ts';
import { VERSION } from './version.ts';

/** What every part needs. */
interface Basics {
  readonly live: LiveConfig;
  readonly clock: Clock;
  readonly log: LogOutput;
  readonly metrics: Metrics;
  readonly alerts: AlertBoard;
}

/** What the gateway keeps and does, whoever asks for it. */
interface Rooms {
  readonly database: Database;
  readonly gatewayKey: Key;
  readonly identity: Identity;
  readonly codeWatch: CodeWatch;
  readonly credentials: Credentials;
  readonly directories: Awaited<ReturnType<typeof openDirectories>>;
  readonly store: EmbeddedJobStore;
  readonly jobs: Jobs;
  readonly board: PrinterBoard;
  readonly conditions: QueueConditions;
  readonly releaser: Releaser;
  readonly passwords: JobPasswords;
  readonly holdTimer: HoldTimer;
  readonly fleet: PrinterFleet;
  readonly immediate: ImmediateRelease;
  readonly retention: Retention;
  readonly pageCounter: PageCounter;
}

export class Gateway {
  readonly jobs: Jobs;
  readonly releaser: Releaser;
  readonly identity: Identity;
  readonly credentials: Credentials;
  readonly directories: SyncSchedule;
  readonly board: PrinterBoard;
  readonly conditions: QueueConditions;
  readonly health: Health;
  readonly announcements: Announcements;
  readonly certificate: ServerCertificate;
  readonly mailer: Mailer;
  readonly log: LogOutput;
  readonly #live: LiveConfig;
  readonly #rooms: Rooms;
  readonly #panels: PanelService;
  readonly #listeners: Listeners;

  private constructor(basics: Basics, rooms: Rooms, doors: Doors) {
    this.jobs = rooms.jobs;
    this.releaser = rooms.releaser;
    this.identity = rooms.identity;
    this.credentials = rooms.credentials;
    this.directories = rooms.directories.schedule;
    this.board = rooms.board;
    this.conditions = rooms.conditions;
    this.health = doors.health;
    this.announcements = doors.announcements;
    this.certificate = doors.certificate;
    this.mailer = mailerOf(basics);
    this.log = basics.log;
    this.#live = basics.live;
    this.#rooms = rooms;
    this.#panels = doors.panels;
    this.#listeners = doors.listeners;
  }

  /** Resolves when it takes jobs and panels. @throws Failure what is in the way */
  static async start(config: Config, log: LogOutput): Promise<Gateway> {
    const metrics = new Metrics();
    metrics.watchProcess();
    const clock = systemClock;
    const alerts = new AlertBoard({ clock, log, metrics });
    const basics: Basics = { live: new LiveConfig(config), clock, log, metrics, alerts };
    await using unwind = new AsyncDisposableStack();
    const rooms = await openRooms(basics, unwind);
    const doors = await openDoors(basics, rooms, unwind);
    const gateway = new Gateway(basics, rooms, doors);
    rooms.fleet.apply(config.printers, config.limits);
    rooms.immediate.start();
    rooms.holdTimer.start();
    rooms.retention.start();
    rooms.codeWatch.start();
    rooms.pageCounter.start();
    rooms.directories.start();
    unwind.move();
    return gateway;
  }

  /** How long codes must be, as the configuration is now. */
  get codePolicy(): CodePolicy {
    return codePolicy(this.#live);
  }

  get config(): Config {
    return this.#live.current;
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
    const fixed = changesThatNeedARestart(this.#live.current, config);
    if (fixed.length > 0) {
      throw new Failure('reload-refused', `changed keys that a reload cannot change: ${fixed.join(', ')}`, {
        advice: 'Restart the gateway; jobs and people stay',
      });
    }
    this.#live.replace(config);
    this.log.setLevel(config.gateway.log.level);
    this.#rooms.fleet.apply(config.printers, config.limits);
    this.#rooms.immediate.look();
    this.#panels.panelsChanged();
    this.announcements.look();
    void this.certificate.look();
  }

  /** Takes nothing new; resolves when what is under way has ended and everything is on disk. */
  async stop(): Promise<void> {
    const { codeWatch, immediate, holdTimer, retention, pageCounter, releaser } = this.#rooms;
    const { board, identity, credentials, store, database } = this.#rooms;
    this.health.stopping();
    immediate.stop();
    codeWatch.stop();
    holdTimer.stop();
    await Promise.all([this.announcements.stop(), this.#rooms.directories.schedule.stop()]);
    await Promise.all([this.#listeners.stopIntake(), retention.stop(), pageCounter.stop(), releaser.drain()]);
    // Panels last, so that whoever stands there still sees what became of the jobs.
    await this.#panels.close();
    await this.#listeners.stopWeb();
    board.close();
    await credentials.close();
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

/** How the world reaches the gateway. */
interface Doors {
  readonly health: Health;
  readonly announcements: Announcements;
  readonly panels: PanelService;
  readonly certificate: ServerCertificate;
  readonly listeners: Listeners;
}

async function openRooms(
  { live, clock, log, metrics, alerts }: Basics,
  unwind: AsyncDisposableStack,
): Promise<Rooms> {
  const { stateDirectory, keyFile } = live.current.gateway;
  const database = await Database.open({
    folder: stateDirectory,
    tables: [
      spoolTables,
      printerTables,
      discoveryTables,
      identityTables,
      directoryTables,
      conditionTables,
      ...credentialTables,
    ],
  });
  unwind.defer(() => database.close());
  const gatewayKey: Key = await loadGatewayKey(nodeFiles, keyFile, database.created);
  const identity = await Identity.open({
    snapshot: { files: nodeFiles, path: join(stateDirectory, 'people.snapshot') },
    store: new DatabaseIdentityStore(database),
    gatewayKey,
    clock,
    log,
    metrics,
    codePolicy: () => codePolicy(live),
    guessing: new Guessing({ clock, alerts, limits: guessingLimits(live.limits) }),
  });
  unwind.defer(() => identity.close());
  const credentials = await openCredentials({ live, database, gatewayKey, identity, clock, log, metrics });
  unwind.defer(() => credentials.close());
  const directories = await openDirectories(live.current.directories, {
    database,
    gatewayKey,
    identity,
    alerts,
    clock,
    log,
    metrics,
  });
  unwind.defer(() => directories.schedule.stop());
  const rows = database.client(spoolTables);
  const store = await EmbeddedJobStore.open({
    files: nodeFiles,
    rows,
    folder: stateDirectory,
    gatewayKey,
    log,
  });
  unwind.defer(() => store.close());
  const jobs = new Jobs(store);
  const found = await jobs.recover(clock.now());
  log.info('jobs recovered', found);
  metrics.gauge('jobs', 'Jobs that have not ended', () => jobs.living);
  const board = await PrinterBoard.open({ rows: database.client(printerTables), alerts, clock, log });
  unwind.defer(() => board.close());
  const conditions = await QueueConditions.open(database.client(conditionTables));
  const queues = () => live.queues;
  const leftAt = (job: Job) => (job.owner.kind === 'person' ? identity.leftAt(job.owner.person) : undefined);
  const stopped = (job: Job) => isStopped(job, conditions.of(job.queue)) || leftAt(job) !== undefined;
  const passwords = new JobPasswords({ gatewayKey, clock, log, metrics });
  const releaser = new Releaser({
    jobs,
    store,
    queues,
    isStopped: stopped,
    passwords,
    userNameOf: (person) => identity.person(person)?.userName,
    busyTime: () => live.limits.printerBusyTime,
    clock,
    log,
    metrics,
  });
  unwind.defer(() => releaser.drain());
  const immediate = new ImmediateRelease({ jobs, releaser, queues, isStopped: stopped, clock });
  const lookAgain = () => {
    releaser.holdStopped();
    immediate.look();
  };
  conditions.on('changed', lookAgain);
  identity.onChange(lookAgain);
  const retention = new Retention({
    jobs,
    history: () => live.current.retention.history,
    mostEnded: () => live.limits.jobs,
    documentTime: () => live.limits.multipleOperationTimeOut,
    ownerLeftAt: leftAt,
    clock,
    log,
  });
  const pageCounter = pageCounting({ live, jobs, store, clock, log, metrics });
  unwind.defer(() => pageCounter.stop());
  return {
    database,
    gatewayKey,
    identity,
    codeWatch: new CodeWatch({
      policy: () => codePolicy(live),
      shareOfCodes: (digits) => identity.shareOfCodes(digits),
      alerts,
      clock,
      log,
    }),
    credentials,
    directories,
    store,
    jobs,
    board,
    conditions,
    releaser,
    passwords,
    holdTimer: new HoldTimer({ jobs, clock, log }),
    fleet: new PrinterFleet({ board, releaser, clock, log }),
    immediate,
    retention,
    pageCounter,
  };
}

async function openDoors(
  { live, clock, log, metrics, alerts }: Basics,
  rooms: Rooms,
  unwind: AsyncDisposableStack,
): Promise<Doors> {
  const { identity, jobs, board } = rooms;
  const health = new Health({
    version: VERSION,
    stateDirectory: live.current.gateway.stateDirectory,
    clock,
    freeDiskFloor: () => live.limits.freeDiskFloor,
    jobs: () => jobs.living,
    people: () => identity.size,
    printers: () => board.all(),
    alerts: () => alerts.list(),
  });
  const { database, gatewayKey } = rooms;
  const host = announcedHost(gatewayKey);
  const announcements = new Announcements({ live, database, host, alerts, clock, log, metrics });
  const dnsSdName = (queue: Queue) => announcements.nameOf(queue);
  const ports = intakePorts({ ...rooms, live, dnsSdName, files: nodeFiles, alerts, clock, log, metrics });
  const intake = new IntakeService(ports);
  const panels = await PanelService.open({ ...panelPorts({ ...rooms, live }), clock, log, metrics });
  unwind.defer(() => panels.close());
  const certificate = await ServerCertificate.open({
    gateway: live.current.gateway,
    announced: announcements.hostName,
    gatewayKey,
    clock,
    log,
    metrics,
    alerts,
  });
  const listeners = await Listeners.open({
    live,
    ippRoutes: intake.routes,
    hostName: announcements.hostName,
    certificate,
    webRoutes: [...panels.routes, ...serviceRoutes(health, metrics)],
    mayUsePanel: panels.authenticate,
    log,
    metrics,
  });
  unwind.defer(() => listeners.abort());
  await announcements.start({ intake, addresses: listeners.ippAddresses });
  unwind.defer(() => announcements.stop());
  return { health, announcements, panels, certificate, listeners };
}
