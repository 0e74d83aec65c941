/** How the world reaches the gateway: listeners, panels, announcements, health. */
import { nodeFiles } from '../base/files/node-files.ts';
import { PanelService } from '../panel-protocol/service.ts';
import { IntakeService } from '../spool/intake/service.ts';
import type { Queue } from '../spool/queue.ts';
import { announcedHost } from './announced-host.ts';
import { Announcements } from './announcements.ts';
import { CardReaders } from './card-readers.ts';
import { FoundPrinters } from './found-printers.ts';
import { Health } from './health.ts';
import { intakePorts } from './intake-ports.ts';
import { Listeners } from './listeners.ts';
import { panelPorts } from './panel-ports.ts';
import type { Basics, Rooms } from './rooms.ts';
import { ServerCertificate } from './server-certificate.ts';
import { serviceRoutes } from './service-routes.ts';
import { VERSION } from './version.ts';

/** How the world reaches the gateway. */
export interface Doors {
  readonly health: Health;
  readonly announcements: Announcements;
  readonly foundPrinters: FoundPrinters;
  readonly panels: PanelService;
  readonly readers: CardReaders;
  readonly certificate: ServerCertificate;
  readonly listeners: Listeners;
}

/** @throws Failure what is in the way; then `unwind` closes what was opened */
export async function openDoors(
  { live, clock, log, metrics, alerts }: Basics,
  rooms: Rooms,
  unwind: AsyncDisposableStack,
): Promise<Doors> {
  const { identity, jobs, board, directories, ages, converting } = rooms;
  const health = new Health({
    version: VERSION,
    stateDirectory: live.current.gateway.stateDirectory,
    clock,
    freeDiskFloor: () => live.limits.freeDiskFloor,
    jobs: () => jobs.living,
    people: () => identity.size,
    printers: () => board.all(),
    alerts: () => alerts.list(),
    directories: () => directories.schedule.directories.map(({ sync }) => sync.state),
    warnings: () => [...ages.warnings(), ...converting.warnings(board.all())],
  });
  const { database, secrets } = rooms;
  const host = announcedHost(secrets.of('names'));
  const announcements = new Announcements({
    live,
    database,
    host,
    alerts,
    onFound: () => foundPrinters.changed(),
    clock,
    log,
    metrics,
  });
  const foundPrinters = new FoundPrinters({
    live,
    pins: rooms.pins,
    discovery: () => announcements.discovery,
    ourAddresses: () => listeners.ippAddresses,
    alerts,
    clock,
    log,
  });
  const dnsSdName = (queue: Queue) => announcements.nameOf(queue);
  const ports = intakePorts({ ...rooms, live, dnsSdName, files: nodeFiles, alerts, clock, log, metrics });
  const intake = new IntakeService(ports);
  const panels = await PanelService.open({
    ...panelPorts({ ...rooms, live, clock }),
    alerts,
    clock,
    log,
    metrics,
  });
  unwind.defer(() => panels.close());
  const readers = new CardReaders({ live, panels, clock, log, metrics });
  unwind.defer(() => readers.close());
  const certificate = await ServerCertificate.open({
    gateway: live.current.gateway,
    announced: announcements.hostName,
    gatewayKey: secrets.of('tls'),
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
    webRoutes: [...panels.routes, ...readers.routes, ...serviceRoutes(health, metrics)],
    webProtocols: panels.protocols,
    mayUsePanel: panels.access.authenticate,
    mayUseReader: readers.route.authenticate,
    log,
    metrics,
  });
  unwind.defer(() => listeners.abort());
  await announcements.start({ intake, addresses: listeners.ippAddresses });
  unwind.defer(() => announcements.stop());
  return { health, announcements, foundPrinters, panels, readers, certificate, listeners };
}
