/** One request as its operation sees it, and what an operation answers. */
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { Bytes, Milliseconds } from '../../base/units.ts';
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import type { PersonId } from '../../identity/person.ts';
import type { Attributes, Group, GroupKind, Message } from '../../ipp/model.ts';
import { groupOf } from '../../ipp/model.ts';
import type { AttributesInput } from '../../ipp/vocabulary/build.ts';
import { read } from '../../ipp/vocabulary/read.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import type { AttributeName, AttributeValue } from '../../ipp/vocabulary/table.ts';
import type { JobPassword } from '../holding.ts';
import type { Canceler, Job, JobId } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { Subscriptions } from '../notifications/subscriptions.ts';
import type { Queue, Queues } from '../queue.ts';
import type { QueueConditions } from '../queue-conditions.ts';
import type { JobStore } from '../store/port.ts';
import { addressesOf, type QueueAddress, uriOf } from './addresses.ts';
import type { Entrance, Submitters } from './entrance.ts';
import type { Gathering } from './gathering.ts';
import { type Requester, type Rights, rightsOver } from './ownership.ts';
import { Refusal } from './refusal.ts';
import type { Room } from './room.ts';

export interface IntakeLimits {
  /** Of one IPP message, without its document. */
  readonly messageSize: Bytes;
  readonly documentSize: Bytes;
  /** From the first octet of a document to its last. */
  readonly documentTime: Milliseconds;
  /** What a client sends at least in ten minutes of our waiting for it. */
  readonly slowestPace: Bytes;
  readonly multipleOperationTimeOut: Milliseconds;
  /** A sender that sends nothing for so long is cut. */
  readonly idleTime: Milliseconds;
}

export interface IntakeOptions {
  readonly jobs: Jobs;
  readonly store: JobStore;
  queues(): Queues;
  limits(): IntakeLimits;
  /** How long a job is held when nobody prints it. */
  heldTime(): Milliseconds;
  /** Shown to clients as part of the queue's make and model. */
  readonly version: string;
  /** What the queue offers now. */
  describe(queue: Queue): PrinterDescription;
  /** `urn:uuid:…`, the same for ever. */
  uuidOf(queue: Queue): string;
  personOf(userName: string): PersonId | undefined;
  readonly submitters: Submitters;
  /** Nothing is answered without TLS. */
  readonly tlsRequired: boolean;
  /** Whether somebody can sign in at one of the queue's printers. */
  hasPanel(queue: Queue): boolean;
  /** The `job-password` of a job as it may be kept. */
  keepPassword(uuid: string, encryption: string, octets: Uint8Array): JobPassword;
  /** Cancels a job wherever it is. */
  cancel(job: JobId, by: Canceler): Promise<Job | undefined>;
  /** Moves a job that waits for its printer to the front, or behind another; false when that cannot be. */
  reorder(job: JobId, behind?: JobId): boolean;
  /** What operators have done to the queues. */
  readonly conditions: QueueConditions;
  /** `printer-state-reasons` of the printer that the queue prints to by itself; empty for others. */
  printerReasons(queue: Queue): readonly string[];
  /** The name under which it is announced by DNS-SD. */
  dnsSdName(queue: Queue): string;
  /** Whether there is room for a job. */
  readonly room: Room;
  readonly subscriptions: Subscriptions;
  /** Calls the listener when something is new about any printer. */
  watchPrinters(listener: () => void): void;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface CallParts {
  readonly request: Message;
  readonly queue: Queue;
  /** Set when the request is about a job. */
  readonly job: Job | undefined;
  readonly address: string;
  /** `localhost:8631`: how the client reaches the gateway. */
  readonly authority: string;
  readonly secure: boolean;
  /** By which of the queue's addresses it came, and what it proved there. */
  readonly entrance: Entrance;
  /** What follows the message. */
  readonly body: AsyncIterable<Uint8Array>;
  readonly intake: IntakeOptions;
  readonly gathering: Gathering;
}

export interface Answer {
  readonly status: Status;
  readonly groups: readonly Group[];
  /** Operation attributes of the answer. */
  readonly operation?: AttributesInput;
  /** Attributes that were ignored or not known. */
  readonly unsupported?: Attributes;
  /** For the person who reads the client's answer; the status' own name unless told. */
  readonly message?: string;
}

export type Operation = (call: Call) => Answer | Promise<Answer>;

export class Call {
  readonly queue: Queue;
  readonly intake: IntakeOptions;
  readonly body: AsyncIterable<Uint8Array>;
  /** Jobs whose documents come one by one. */
  readonly gathering: Gathering;
  readonly requester: Requester;
  readonly #parts: CallParts;

  constructor(parts: CallParts) {
    this.queue = parts.queue;
    this.intake = parts.intake;
    this.gathering = parts.gathering;
    this.body = parts.body;
    this.#parts = parts;
    this.requester = {
      address: parts.address,
      claimedName: this.operation('requesting-user-name') ?? '',
      ...parts.entrance.proof,
    };
  }

  /** An operation attribute; undefined when it was not sent. */
  operation<Name extends AttributeName>(name: Name): AttributeValue<Name> | undefined {
    return read(this.group('operation'), name);
  }

  group(kind: GroupKind): Attributes {
    return groupOf(this.#parts.request, kind);
  }

  /** All groups of a kind, in the order of the request. */
  groups(kind: GroupKind): Attributes[] {
    const { groups } = this.#parts.request;
    return groups.filter((group) => group.kind === kind).map((group) => group.attributes);
  }

  /** The job that the request is about, as it is now. @throws Refusal when it names none, or it is gone. */
  get job(): Job {
    const { job } = this.#parts;
    if (job === undefined) throw new Refusal(Status.clientErrorBadRequest, 'the request names no job');
    const latest = this.intake.jobs.get(job.id);
    if (latest === undefined) throw new Refusal(Status.clientErrorNotFound, 'there is no such job');
    return latest;
  }

  /** The same; undefined when it names none. */
  get namedJob(): Job | undefined {
    return this.#parts.job;
  }

  /** What the requester may do with a job of this queue. */
  rightsOver(job: Job): Rights {
    return rightsOver(job, this.requester, this.queue);
  }

  /** The job that the request is about. @throws Refusal `not-authorized` when the requester may not do this with it. */
  jobTo(right: keyof Rights): Job {
    if (!this.rightsOver(this.job)[right]) {
      throw new Refusal(
        Status.clientErrorNotAuthorized,
        'only its owner, or who sent the job, from where it was sent, may do this',
      );
    }
    return this.job;
  }

  /** The job, if it is the requester's own. @throws Refusal `not-authorized` when it is not. */
  get ownJob(): Job {
    return this.jobTo('list');
  }

  /** @throws Refusal unless the request came by an operator's token. */
  mustBeOperator(): void {
    if (this.requester.operator) return;
    throw new Refusal(Status.clientErrorNotAuthorized, 'only an operator of this printer may do this');
  }

  /** True when nothing tells whose jobs "my jobs" would be. */
  get isNobody(): boolean {
    return this.requester.verified === undefined && this.requester.claimedName === '';
  }

  /** By which the client came: `ipp://localhost:8631/ipp/print`, or with `/auth` or its token. For nobody else's eyes. */
  get printerUri(): string {
    const { authority, secure, entrance } = this.#parts;
    return uriOf(secure ? 'ipps' : 'ipp', authority, this.queue) + entrance.suffix;
  }

  /** What this client is told of the queue's addresses. */
  get addresses(): QueueAddress[] {
    const { entrance, authority, secure } = this.#parts;
    const { tlsRequired } = this.intake;
    return addressesOf(this.queue, entrance, { authority, secure, tlsRequired });
  }

  /** `http://localhost:8631`: for people and their browsers. */
  get webUri(): string {
    return `${this.#parts.secure ? 'https' : 'http'}://${this.#parts.authority}`;
  }

  jobUri(id: JobId): string {
    return `${this.printerUri}/jobs/${id}`;
  }

  get secure(): boolean {
    return this.#parts.secure;
  }

  get authority(): string {
    return this.#parts.authority;
  }
}

export const ok = (...groups: Group[]): Answer => ({ status: Status.successfulOk, groups });
