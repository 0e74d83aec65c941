/** The intake behind a real listener, asked with real messages. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ExecutionContext } from 'ava';
import { HttpListener } from '../../../base/http/listener.ts';
import { type Route, RouteTable } from '../../../base/http/routes.ts';
import { type Log, silentLog } from '../../../base/log.ts';
import { Metrics } from '../../../base/metrics.ts';
import { newKey } from '../../../base/secrets/sealing.ts';
import { GiB, Hours, KiB, MiB, Minutes, Seconds } from '../../../base/units.ts';
import { officePrinter } from '../../../drivers/printers/office-printer.ts';
import { decodeMessage } from '../../../ipp/codec/decode.ts';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { Attributes, type Group, groupOf, type Message } from '../../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../../ipp/vocabulary/build.ts';
import { request } from '../../../ipp/vocabulary/messages.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import { statusName } from '../../../ipp/vocabulary/status.ts';
import type { IntakeLimits } from '../../../spool/intake/call.ts';
import { Room, type RoomLimits } from '../../../spool/intake/room.ts';
import { IntakeService } from '../../../spool/intake/service.ts';
import type { JobId } from '../../../spool/job.ts';
import { Jobs } from '../../../spool/jobs.ts';
import { Subscriptions } from '../../../spool/notifications/subscriptions.ts';
import type { Queue } from '../../../spool/queue.ts';
import type { QueueConditions } from '../../../spool/queue-conditions.ts';
import { JobPasswords } from '../../../spool/release/job-passwords.ts';
import { FewPeople, openTestCredentials, type TestCredentials } from '../../identity/few-people.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingAlerts } from '../../recording-alerts.ts';
import { RecordingLog } from '../../recording-log.ts';
import { MemoryJobStore } from '../../simulators/memory-job-store.ts';
import { openConditions } from '../open-conditions.ts';

export const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');

const QUEUES: Queue[] = [
  {
    name: 'print',
    info: 'Print here',
    location: 'everywhere',
    printers: ['mfp-1'],
    release: 'at-panel',
    authentication: 'optional',
    tokensWithoutTls: 'refuse',
    claimedNames: 'trust',
    unownedJobs: 'claimable',
  },
  {
    name: 'proof',
    info: 'Who are you?',
    location: '',
    printers: ['mfp-1'],
    release: 'at-panel',
    authentication: 'required',
    tokensWithoutTls: 'allow',
    claimedNames: 'trust',
    unownedJobs: 'refuse',
  },
  {
    name: 'strict',
    info: 'For people we know',
    location: '',
    printers: ['mfp-1'],
    release: 'at-panel',
    authentication: 'optional',
    tokensWithoutTls: 'refuse',
    claimedNames: 'trust',
    unownedJobs: 'refuse',
  },
  {
    name: 'direct',
    info: 'Comes out at once',
    location: '',
    printers: ['mfp-1'],
    release: 'immediately',
    authentication: 'optional',
    tokensWithoutTls: 'refuse',
    claimedNames: 'trust',
    unownedJobs: 'claimable',
  },
  // There is no panel at its printer.
  {
    name: 'alone',
    info: 'Comes out at once, far away',
    location: '',
    printers: ['mfp-9'],
    release: 'immediately',
    authentication: 'optional',
    tokensWithoutTls: 'refuse',
    claimedNames: 'trust',
    unownedJobs: 'claimable',
  },
];

export interface Asked {
  readonly operation: number;
  readonly attributes?: AttributesInput;
  readonly job?: AttributesInput | Attributes;
  /** IPP/2.0 unless told. */
  readonly version?: Message['version'];
  /** Further groups behind that of the job. */
  readonly groups?: readonly Group[];
  readonly document?: Buffer | AsyncIterable<Buffer>;
  readonly queue?: string;
  readonly user?: string;
  /** Where it is posted to; the queue's own address unless told. */
  readonly path?: string;
  /** Behind the queue's name, in path and URI: `/auth`, or `/` and a token. */
  readonly suffix?: string;
  readonly http?: HttpOptions;
  /** Instead of a message made of the above. */
  readonly octets?: Buffer;
}

export interface HttpOptions {
  /** `ada:password`; sent as HTTP Basic. */
  readonly credentials?: string;
  /** An address of this machine, 127.0.0.1 unless told. */
  readonly from?: string;
  /** Asks before it sends the body. */
  readonly expect?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answered {
  readonly message: Message;
  /** `successful-ok` */
  readonly status: string;
  readonly job: Attributes;
}

/** An answer without IPP. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;

  constructor(status: number, headers: IncomingHttpHeaders) {
    super(`HTTP ${status}`);
    this.status = status;
    this.headers = headers;
  }
}

export class IntakeUnderTest {
  readonly store = new MemoryJobStore();
  readonly jobs = new Jobs(this.store);
  readonly clock = new ManualClock();
  readonly passwords = new JobPasswords({
    gatewayKey: newKey(),
    clock: this.clock,
    log: silentLog,
    metrics: new Metrics(),
  });
  readonly canceled: JobId[] = [];
  readonly reordered: [JobId, JobId | undefined][] = [];
  readonly metrics = new Metrics();
  readonly alerts = new RecordingAlerts();
  readonly recorded = new RecordingLog();
  limits: IntakeLimits & RoomLimits = {
    messageSize: KiB(256),
    documentSize: MiB(1),
    documentTime: Hours(6),
    slowestPace: KiB(64),
    jobs: 100,
    heldBytes: GiB(1),
    jobsPerPerson: 100,
    bytesPerPerson: GiB(1),
    jobsPerAddress: 100,
    bytesPerAddress: GiB(1),
    jobsPerToken: 100,
    bytesPerToken: GiB(1),
    jobsPerQueue: 100,
    bytesPerQueue: GiB(1),
    openJobsPerAddress: 100,
    freeDiskFloor: GiB(1),
    multipleOperationTimeOut: Minutes(2),
    idleTime: Minutes(5),
  };
  freeDisk = GiB(10);
  readonly people = new FewPeople();
  log: Log = this.recorded;
  /** As if everybody came over TLS. */
  secure = false;
  tlsRequired = false;
  #credentials: TestCredentials | undefined;
  conditions!: QueueConditions;
  printerReasons: readonly string[] = [];
  /** What the printers take; to be set before it is started. */
  formats: readonly string[] = ['application/pdf', 'image/jpeg'];
  /** Says that something is new about a printer. */
  printersChanged: () => void = () => {};
  readonly room = new Room({
    jobs: this.jobs,
    limits: () => this.limits,
    freeDisk: async () => this.freeDisk,
    alerts: this.alerts,
    clock: this.clock,
    log: this.log,
    metrics: this.metrics,
  });
  #port = 0;

  async start(t: ExecutionContext): Promise<this> {
    this.conditions = await openConditions();
    const description = officePrinter(this.formats);
    this.#credentials = await openTestCredentials(this);
    const { people } = this;
    const { passwords } = this;
    const service = new IntakeService({
      jobs: this.jobs,
      store: this.store,
      queues: () => new Map(QUEUES.map((queue) => [queue.name, queue])),
      limits: () => this.limits,
      heldTime: () => Hours(72),
      version: '1.2.3',
      describe: () => description,
      uuidOf: () => 'urn:uuid:00000000-0000-8000-8000-000000000001',
      personOf: (name) => people.byUserName(name)?.id,
      tlsRequired: this.tlsRequired,
      submitters: { ...this.#credentials, person: (id) => people.person(id) },
      hasPanel: (queue) => queue.name !== 'alone',
      keepPassword: (uuid, encryption, octets) => passwords.keep(uuid, encryption, octets),
      cancel: async (id, by) => {
        this.canceled.push(id);
        const change = this.jobs.apply(id, { kind: 'canceled', at: this.clock.now(), by });
        await change?.kept;
        return change?.job;
      },
      reorder: (job, behind) => {
        this.reordered.push([job, behind]);
        return this.jobs.get(job)?.state === 'pending';
      },
      conditions: this.conditions,
      printerReasons: () => this.printerReasons,
      dnsSdName: (queue) => queue.info,
      room: this.room,
      subscriptions: new Subscriptions(this.clock, this.metrics),
      watchPrinters: (listener) => {
        this.printersChanged = listener;
      },
      clock: this.clock,
      log: this.log,
      metrics: this.metrics,
    });
    const listener = await HttpListener.open({
      name: 'ipp',
      addresses: [{ host: '127.0.0.1', port: 0 }],
      routes: new RouteTable(
        service.routes.map((route) => this.#asTold(route)),
        {
          anyone: () => true,
          loopback: () => false,
          panel: () => false,
        },
      ),
      limits: {
        connections: 100,
        connectionsPerAddress: 100,
        headerBytes: KiB(16),
        headerTime: Seconds(10),
        idleTime: Minutes(5),
      },
      hostAllowed: () => true,
      log: silentLog,
      metrics: new Metrics(),
    });
    t.teardown(() => listener.abort());
    this.#port = listener.addresses[0]?.port ?? 0;
    return this;
  }

  get credentials(): TestCredentials {
    if (this.#credentials === undefined) throw new Error('not started');
    return this.#credentials;
  }

  /** TLS itself is tested elsewhere. */
  #asTold(route: Route): Route {
    if (route.method === 'WEBSOCKET') return route;
    return { ...route, handle: (exchange) => route.handle({ ...exchange, secure: this.secure }) };
  }

  get authority(): string {
    return `localhost:${this.#port}`;
  }

  /** Asks as `ada` unless told. */
  async ask(asked: Asked): Promise<Answered> {
    const { queue = 'print', user = 'ada', suffix = '' } = asked;
    const groups: Group[] = [];
    if (asked.job !== undefined) {
      const job = asked.job instanceof Attributes ? asked.job : attributes(asked.job);
      groups.push({ kind: 'job', attributes: job });
    }
    groups.push(...(asked.groups ?? []));
    const message = request({
      operation: asked.operation as Operation,
      ...(asked.version === undefined ? {} : { version: asked.version }),
      requestId: 7,
      attributes: attributes({
        'printer-uri': `ipp://${this.authority}/ipp/${queue}${suffix}`,
        'requesting-user-name': user === '' ? undefined : user,
        ...asked.attributes,
      }),
      groups,
    });
    const octets = asked.octets ?? withDocument(encodeMessage(message), asked.document ?? Buffer.alloc(0));
    const path = asked.path ?? `/ipp/${queue}${suffix}`;
    const { status, headers, body } = await this.exchange(path, octets, asked.http);
    if (status !== 200) throw new HttpError(status, headers);
    const answer = decodeMessage(body);
    return { message: answer, status: statusName(answer.code), job: groupOf(answer, 'job') };
  }

  /** @returns the body of the answer. */
  async post(path: string, octets: Buffer): Promise<Buffer> {
    return (await this.exchange(path, octets)).body;
  }

  /** @param octets what is sent, or its parts as they come. */
  exchange(
    path: string,
    octets: Buffer | AsyncIterable<Buffer>,
    { credentials, from, expect }: HttpOptions = {},
  ): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const headers = {
        'Content-Type': 'application/ipp',
        Host: this.authority,
        ...(expect ? { Expect: '100-continue' } : {}),
        ...(credentials === undefined
          ? {}
          : { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
      };
      const address = { host: '127.0.0.1', port: this.#port, ...(from ? { localAddress: from } : {}) };
      const sent = httpRequest({ ...address, path, method: 'POST', headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.on('error', reject);
      if (Buffer.isBuffer(octets)) sent.end(octets);
      else pipeline(octets, sent).catch(reject);
    });
  }

  /** Prints a small PDF; gives its id. */
  async print(attributesOfJob: AttributesInput = {}, user = 'ada', queue = 'print'): Promise<JobId> {
    const { job, status } = await this.ask({
      operation: Operation.printJob,
      attributes: { 'job-name': 'Payslip', 'document-format': 'application/pdf' },
      job: attributesOfJob,
      document: PDF,
      user,
      queue,
    });
    const id = job.get('job-id')?.values[0];
    if (id?.syntax !== 'integer') throw new Error(`not printed: ${status}`);
    return id.value as JobId;
  }
}

function withDocument(
  message: Buffer,
  document: Buffer | AsyncIterable<Buffer>,
): Buffer | AsyncIterable<Buffer> {
  return Buffer.isBuffer(document) ? Buffer.concat([message, document]) : joined(message, document);
}

async function* joined(message: Buffer, document: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield message;
  yield* document;
}
