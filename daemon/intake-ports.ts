/** Ties what the intake needs to the rooms that have it. */
import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { FilePort } from '../base/files/port.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import type { GatewaySecrets } from '../base/secrets/gateway-secrets.ts';
import { deriveKey, type Key } from '../base/secrets/sealing.ts';
import type { PrinterDescription } from '../drivers/printers/description.ts';
import { officePrinter } from '../drivers/printers/office-printer.ts';
import type { Identity } from '../identity/identity.ts';
import { activePeople } from '../identity/leavers.ts';
import { asOffered } from '../spool/formats/conversion/served.ts';
import type { IntakeOptions } from '../spool/intake/call.ts';
import type { Jobs } from '../spool/jobs.ts';
import { Subscriptions } from '../spool/notifications/subscriptions.ts';
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import type { Queue } from '../spool/queue.ts';
import type { QueueConditions } from '../spool/queue-conditions.ts';
import { describeQueue } from '../spool/queue-description.ts';
import type { JobPasswords } from '../spool/release/job-passwords.ts';
import type { Releaser } from '../spool/release/releaser.ts';
import type { JobStore } from '../spool/store/port.ts';
import type { Credentials } from './credentials.ts';
import { hasPanel } from './holding.ts';
import type { LiveConfig } from './live-config.ts';
import { type RoomParts, roomForJobs } from './room-for-jobs.ts';
import { VERSION } from './version.ts';

export interface IntakeRooms extends RoomParts {
  readonly live: LiveConfig;
  readonly dnsSdName: IntakeOptions['dnsSdName'];
  readonly identity: Identity;
  readonly credentials: Credentials;
  readonly jobs: Jobs;
  readonly store: JobStore;
  readonly board: PrinterBoard;
  readonly releaser: Releaser;
  readonly passwords: JobPasswords;
  readonly files: FilePort;
  readonly secrets: GatewaySecrets;
  readonly conditions: QueueConditions;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Until a printer of the queue has answered for the first time: PDF, which nearly every one takes. */
const UNKNOWN_PRINTERS = officePrinter(['application/pdf']);

export function intakePorts(rooms: IntakeRooms): IntakeOptions {
  const {
    live,
    identity,
    credentials,
    jobs,
    store,
    board,
    releaser,
    passwords,
    secrets,
    conditions,
    clock,
    log,
    metrics,
  } = rooms;
  const people = activePeople(identity);
  const uuidKey = deriveKey(secrets.of('names'), 'printer uuids');
  return {
    jobs,
    store,
    queues: () => live.queues,
    limits: () => live.limits,
    heldTime: () => live.current.retention.held,
    version: VERSION,
    describe: remembered(board),
    uuidOf: (queue) => uuidUrn(uuidKey, queue.name),
    personOf: (userName) => people.byUserName(userName)?.id,
    tlsRequired: live.current.gateway.ipp.encryption === 'required',
    submitters: { ...credentials, person: (id) => people.person(id) },
    hasPanel: (queue) => hasPanel(live, queue),
    keepPassword: (uuid, encryption, octets) => passwords.keep(uuid, encryption, octets),
    cancel: (job, by) => releaser.cancel(job, by),
    reorder: (job, behind) => releaser.reorder(job, behind),
    conditions,
    // A queue that prints by itself has one printer, and what is wrong with that one is wrong with the queue.
    printerReasons: ({ release, printers }) =>
      release === 'immediately' ? (board.get(printers[0] ?? '')?.reasons ?? []) : [],
    dnsSdName: rooms.dnsSdName,
    room: roomForJobs(rooms),
    subscriptions: new Subscriptions(clock, metrics),
    watchPrinters: (listener) => void board.on('changed', listener),
    clock,
    log,
    metrics,
  };
}

/** The description of a queue, made anew only when one of its printers tells something new. */
function remembered(board: PrinterBoard): (queue: Queue) => PrinterDescription {
  const known = new Map<
    string,
    { readonly of: readonly PrinterDescription[]; readonly is: PrinterDescription }
  >();
  return (queue) => {
    const of = queue.printers
      .map((name) => board.get(name)?.description)
      .filter((each) => each !== undefined);
    const before = known.get(queue.name);
    if (before?.of.length === of.length && of.every((each, index) => each === before.of[index]))
      return before.is;
    const is = describeQueue(of.map(asOffered)) ?? UNKNOWN_PRINTERS;
    known.set(queue.name, { of, is });
    return is;
  };
}

/** A UUID (RFC 9562 version 8) that is this gateway's queue's for ever, and tells nothing of the key. */
function uuidUrn(key: Key, queue: string): string {
  const digest = createHash('sha256').update(key.reveal()).update(queue).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return `urn:uuid:${parts.join('-')}`;
}
