/** What the gateway keeps and does, whoever asks for it: opened in order, closed in reverse. */
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { Database } from '../base/database/database.ts';
import { nodeFiles } from '../base/files/node-files.ts';
import type { LogOutput } from '../base/log.ts';
import type { Mailer } from '../base/mail/mailer.ts';
import type { Metrics } from '../base/metrics.ts';
import { GatewaySecrets } from '../base/secrets/gateway-secrets.ts';
import { tables as secretTables } from '../base/secrets/tables.ts';
import { tables as pinTables } from '../drivers/discovery/pin-tables.ts';
import { Pins } from '../drivers/discovery/pins.ts';
import { tables as discoveryTables } from '../drivers/discovery/tables.ts';
import { CardBinding } from '../identity/binding/card-binding.ts';
import { tables as bindingTables } from '../identity/binding/tables.ts';
import { DatabaseIdentityStore } from '../identity/database-store.ts';
import { Delegations } from '../identity/delegations/delegations.ts';
import { tables as delegationTables } from '../identity/delegations/tables.ts';
import type { ContactAges } from '../identity/directory/contact.ts';
import { Guessing } from '../identity/guessing/guessing.ts';
import { Identity } from '../identity/identity.ts';
import type { PersonId } from '../identity/person.ts';
import { tables as rekeyTables } from '../identity/rekey/tables.ts';
import { tables as identityTables } from '../identity/tables.ts';
import { PanelRegistry } from '../panel-protocol/access/registry.ts';
import { tables as panelTables } from '../panel-protocol/access/tables.ts';
import type { PageCounter } from '../spool/formats/page-counter.ts';
import { HoldTimer } from '../spool/hold-timer.ts';
import type { Job } from '../spool/job.ts';
import { Jobs } from '../spool/jobs.ts';
import { tables as historyTables } from '../spool/printers/history-tables.ts';
import { PrinterBoard } from '../spool/printers/printer-board.ts';
import { tables as printerTables } from '../spool/printers/tables.ts';
import { tables as conditionTables, isStopped, QueueConditions } from '../spool/queue-conditions.ts';
import { ImmediateRelease } from '../spool/release/immediate.ts';
import { JobPasswords } from '../spool/release/job-passwords.ts';
import { Releaser } from '../spool/release/releaser.ts';
import { Retention } from '../spool/retention.ts';
import { EmbeddedJobStore } from '../spool/store/embedded-store.ts';
import { tables as spoolTables } from '../spool/store/tables.ts';
import type { AlertBoard } from './alert-board.ts';
import { tables as alertTables } from './alerts/tables.ts';
import { tellOfAnswers } from './answering-printers.ts';
import { codePolicy } from './code-watch.ts';
import { type Codes, openCodes } from './codes.ts';
import { type Converting, openConverting } from './converting.ts';
import { type Credentials, credentialTables, openCredentials } from './credentials.ts';
import { contactAges, type Directories, directoryTables, openDirectories } from './directories.ts';
import { guessingLimits, type LiveConfig } from './live-config.ts';
import { bindingSettings, mailerOf } from './mail.ts';
import { pageCounting } from './page-counting.ts';
import { PrinterFleet } from './printer-fleet.ts';
import { Rekey } from './rekey.ts';
import { openWatching, type Watching } from './watching.ts';

/** What every part needs. */
export interface Basics {
  readonly live: LiveConfig;
  readonly clock: Clock;
  readonly log: LogOutput;
  readonly metrics: Metrics;
  readonly alerts: AlertBoard;
}

/** What the gateway keeps and does, whoever asks for it. */
export interface Rooms {
  readonly database: Database;
  readonly secrets: GatewaySecrets;
  readonly rekey: Rekey;
  readonly identity: Identity;
  readonly guessing: Guessing;
  readonly ages: ContactAges;
  readonly codes: Codes;
  readonly mailer: Mailer;
  readonly credentials: Credentials;
  readonly directories: Directories;
  readonly store: EmbeddedJobStore;
  readonly jobs: Jobs;
  readonly board: PrinterBoard;
  readonly pins: Pins;
  readonly watching: Watching;
  readonly conditions: QueueConditions;
  readonly releaser: Releaser;
  readonly passwords: JobPasswords;
  readonly delegations: Delegations;
  readonly cardBinding: CardBinding;
  /** People who have delegated the printing of their jobs to this person for now. */
  delegators(person: PersonId): readonly PersonId[];
  readonly holdTimer: HoldTimer;
  readonly fleet: PrinterFleet;
  readonly immediate: ImmediateRelease;
  readonly retention: Retention;
  readonly pageCounter: PageCounter;
  readonly converting: Converting;
  readonly registry: PanelRegistry;
}

/** @throws Failure what is in the way; then `unwind` closes what was opened */
export async function openRooms(
  { live, clock, log, metrics, alerts }: Basics,
  unwind: AsyncDisposableStack,
): Promise<Rooms> {
  const { stateDirectory, keyFile } = live.current.gateway;
  const database = await Database.open({
    folder: stateDirectory,
    tables: [
      secretTables,
      spoolTables,
      printerTables,
      discoveryTables,
      pinTables,
      identityTables,
      directoryTables,
      conditionTables,
      panelTables,
      ...credentialTables,
      delegationTables,
      bindingTables,
      rekeyTables,
      alertTables,
      historyTables,
    ],
  });
  unwind.defer(() => database.close());
  const secrets = await GatewaySecrets.open({
    files: nodeFiles,
    path: keyFile,
    store: database.client(secretTables),
  });
  const rekey = new Rekey({
    store: database.client(rekeyTables),
    secrets,
    files: nodeFiles,
    stateDirectory,
    log,
  });
  await rekey.carryOut();
  const ages = contactAges(live.current.directories, clock);
  const guessing = new Guessing({ clock, alerts, limits: guessingLimits(live.limits) });
  const identity = await Identity.open({
    ages,
    snapshot: { files: nodeFiles, path: join(stateDirectory, 'people.snapshot') },
    store: new DatabaseIdentityStore(database),
    gatewayKey: secrets.of('people'),
    clock,
    log,
    metrics,
    codePolicy: () => codePolicy(live),
    codesForNewPeople: () => live.current.codes.forNewPeople !== undefined,
    codesNeedPin: () => live.current.codes.secondFactor === 'pin',
    guessing,
  });
  unwind.defer(() => identity.close());
  const mailer = mailerOf({ live, clock, log, metrics });
  const codes = await openCodes({
    live,
    database,
    gatewayKey: secrets.of('codes'),
    identity,
    mailer,
    alerts,
    clock,
    log,
    metrics,
  });
  unwind.defer(() => codes.stop());
  const credentials = await openCredentials({ live, database, secrets, identity, ages, clock, log, metrics });
  unwind.defer(() => credentials.close());
  const delegations = await Delegations.open({
    store: database.client(delegationTables),
    people: identity,
    clock,
    log,
    metrics,
  });
  unwind.defer(() => delegations.close());
  const cardBinding = await CardBinding.open({
    people: identity,
    store: database.client(bindingTables),
    guessing,
    mailer,
    settings: () => bindingSettings(live),
    clock,
    log,
    metrics,
  });
  unwind.defer(() => cardBinding.stop());
  const directories = await openDirectories(live.current.directories, {
    database,
    gatewayKey: secrets.of('directories'),
    identity,
    ages,
    alerts,
    clock,
    log,
    metrics,
  });
  unwind.defer(() => directories.stop());
  const registry = await PanelRegistry.open({ store: database.client(panelTables), clock, log, metrics });
  unwind.defer(() => registry.close());
  live.watchEnrolled(() => registry.panels());
  const rows = database.client(spoolTables);
  const store = await EmbeddedJobStore.open({
    files: nodeFiles,
    rows,
    folder: stateDirectory,
    gatewayKey: secrets.of('jobs'),
    log,
  });
  unwind.defer(() => store.close());
  const jobs = new Jobs(store);
  const found = await jobs.recover(clock.now());
  log.info('jobs recovered', found);
  metrics.gauge('jobs', 'Jobs that have not ended', () => jobs.living);
  const converting = await openConverting({ live, clock, log, metrics });
  const { converter } = converting;
  const board = await PrinterBoard.open({
    rows: database.client(printerTables),
    serve: (description) => converter.serve(description),
    interval: () => live.limits.printerPoll,
    alerts,
    clock,
    log,
  });
  unwind.defer(() => board.close());
  const pins = await Pins.open({ store: database.client(pinTables), log, metrics });
  live.watchPins(() => pins.all());
  for (const { name, uri } of pins.all()) {
    const isThere = live.printers.some((each) => each.name === name);
    if (uri !== undefined && !isThere) log.error('pinned printer cannot be used', { printer: name });
  }
  const watching = await openWatching({ board, live, database, mailer, alerts, clock, log, metrics });
  unwind.defer(() => watching.stop());
  const conditions = await QueueConditions.open(database.client(conditionTables));
  const queues = () => live.queues;
  const leftAt = (job: Job) => (job.owner.kind === 'person' ? identity.leftAt(job.owner.person) : undefined);
  const stopped = (job: Job) => isStopped(job, conditions.of(job.queue)) || leftAt(job) !== undefined;
  const passwords = new JobPasswords({ gatewayKey: secrets.of('job passwords'), clock, log, metrics });
  const delegators = (person: PersonId) => delegations.delegators(person);
  const releaser = new Releaser({
    jobs,
    store,
    queues,
    isStopped: stopped,
    passwords,
    userNameOf: (person) => identity.person(person)?.userName,
    delegators,
    converter,
    describe: (printer) => board.get(printer)?.description,
    busyTime: () => live.limits.printerBusyTime,
    watcher: board,
    clock,
    log,
    metrics,
  });
  unwind.defer(() => releaser.drain());
  tellOfAnswers(board, releaser);
  jobs.on('progress', ({ release }, progress) => {
    if (progress.kind === 'printer-state' && release !== undefined)
      board.noticed(release.printer, progress.reasons);
  });
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
    secrets,
    rekey,
    identity,
    guessing,
    ages,
    codes,
    mailer,
    credentials,
    directories,
    store,
    jobs,
    board,
    pins,
    watching,
    conditions,
    releaser,
    delegations,
    cardBinding,
    delegators,
    passwords,
    holdTimer: new HoldTimer({ jobs, clock, log }),
    fleet: new PrinterFleet({ board, releaser, clock, log }),
    immediate,
    retention,
    pageCounter,
    converting,
    registry,
  };
}
