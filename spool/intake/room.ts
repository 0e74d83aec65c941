/** Whether there is room for a job: bounds on what is held, and the disk. Says no to the client, the log and the metrics. */
import type { Alerts } from '../../base/alerts.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { SparingLog } from '../../base/sparing-log.ts';
import type { Bytes } from '../../base/units.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import type { Arrival, Borne, Holding } from '../holdings.ts';
import type { Jobs } from '../jobs.ts';
import { DiskFloor } from './disk-floor.ts';
import { type HoldingLimit, type HoldingLimits, limitPassed } from './holding-limits.ts';
import { Refusal } from './refusal.ts';

export interface RoomLimits extends HoldingLimits {
  readonly freeDiskFloor: Bytes;
}

export interface RoomOptions {
  readonly jobs: Jobs;
  limits(): RoomLimits;
  /** Free space for documents. */
  freeDisk(): Promise<Bytes>;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Takes the octets of one document as they come. To be disposed of once the document is kept or given up. */
export interface DocumentRoom extends Disposable {
  /** To be awaited before they are written. @throws Refusal */
  take(octets: number): Promise<void>;
}

/** One octet stands for the document, so that nothing begins to come where nothing more fits. */
const NEW_JOB: Holding = { jobs: 1, octets: 1, open: 0 };
const OPEN_JOB: Holding = { ...NEW_JOB, open: 1 };

/** The share of a limit below which its alert ends, so that it does not come and go with every job. */
const ALL_CLEAR_SHARE = 0.95;

const NO_ROOM = 'the printer has no room for new jobs; try again later';

export class Room {
  readonly #options: RoomOptions;
  readonly #disk: DiskFloor;
  readonly #log: SparingLog;
  readonly #refusals;
  readonly #standing = new Set<HoldingLimit>();

  constructor(options: RoomOptions) {
    const { jobs, limits, freeDisk, alerts, clock, log, metrics } = options;
    this.#options = options;
    this.#log = new SparingLog(log, clock);
    this.#disk = new DiskFloor({
      freeDisk,
      floor: () => limits().freeDiskFloor,
      alerts,
      clock,
    });
    this.#refusals = metrics.counter('limit_refusals_total', 'Jobs and documents refused by a limit', [
      'limit',
    ]);
    metrics.gauge('held_octets', 'Octets of the documents of jobs that have not ended', () => {
      return jobs.holdings.all.octets;
    });
    metrics.gauge('open_jobs', 'Jobs that wait for their document', () => jobs.holdings.all.open);
    jobs.on('changed', () => this.#clearAlerts());
    jobs.on('forgotten', () => this.#clearAlerts());
  }

  /** True while the disk is above its floor. */
  diskHasRoom(): Promise<boolean> {
    return this.#disk.hasRoom();
  }

  /** @throws Refusal `busy` below the floor of the disk */
  async checkDisk(): Promise<void> {
    if (!(await this.diskHasRoom())) throw this.#diskRefusal();
  }

  /** Whether one job more may be held. @throws Refusal */
  checkJob(job: Borne): void {
    this.#check(job, NEW_JOB);
  }

  /** Whether one job more may wait for its document. @throws Refusal */
  checkOpenJob(job: Borne): void {
    this.#check(job, OPEN_JOB);
  }

  /** For a document that begins to come. */
  receive(job: Borne): DocumentRoom {
    const arrival: Arrival = this.#options.jobs.holdings.arriving(job);
    return {
      take: async (octets) => {
        this.#check(job, { jobs: 0, octets, open: 0 });
        arrival.add(octets);
        if (!(await this.#disk.hasRoomFor(octets))) throw this.#diskRefusal();
      },
      [Symbol.dispose]: () => arrival[Symbol.dispose](),
    };
  }

  /** The disk took no more. @returns what the client hears. */
  diskFull(): Refusal {
    this.#disk.isFull();
    return this.#diskRefusal();
  }

  #diskRefusal(): Refusal {
    this.#refusals.inc({ limit: 'free-disk-floor' });
    this.#log.warn('job refused: the disk is too full', { limit: 'free-disk-floor' });
    return new Refusal(Status.serverErrorBusy, NO_ROOM);
  }

  #check(job: Borne, adding: Holding): void {
    const { jobs, limits, alerts } = this.#options;
    const limit = limitPassed(jobs.holdings, job, adding, limits());
    if (limit === undefined) return;
    this.#refusals.inc({ limit: limit.name });
    this.#log.warn(
      'job refused: a limit is reached',
      {
        limit: limit.name,
        queue: job.queue,
        client: job.submitter.address,
        owner: job.owner.kind === 'person' ? job.owner.person : undefined,
      },
      limit.name,
    );
    if (limit.bearer === 'all') {
      this.#standing.add(limit);
      alerts.raise({
        kind: 'application',
        key: `limit ${limit.name}`,
        message: `the gateway holds as much as limits.${limit.name} allows: new jobs are refused`,
      });
    }
    throw new Refusal(limit.status, limit.message);
  }

  #clearAlerts(): void {
    if (this.#standing.size === 0) return;
    const { jobs, limits, alerts } = this.#options;
    for (const limit of this.#standing) {
      if (jobs.holdings.all[limit.measure] > limits()[limit.key] * ALL_CLEAR_SHARE) continue;
      this.#standing.delete(limit);
      alerts.clear(`limit ${limit.name}`);
    }
  }
}
