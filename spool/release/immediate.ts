/** Queues that print at once: releases the jobs that wait for nobody, and again when the printer would not take them. */
import type { Clock, Timer } from '../../base/clock.ts';
import { type Milliseconds, Minutes, Seconds } from '../../base/units.ts';
import type { Job, JobId } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { Queue, Queues } from '../queue.ts';
import type { Releaser } from './releaser.ts';

export interface ImmediateReleaseOptions {
  readonly jobs: Jobs;
  readonly releaser: Releaser;
  queues(): Queues;
  /** True while an operator's word keeps the job from being printed, or its owner has left. */
  isStopped(job: Job): boolean;
  readonly clock: Clock;
}

/** After a print that the printer did not take: nothing came out, so asking again is free. */
const RETRY_DELAYS = [Seconds(10), Seconds(30), Minutes(1), Minutes(2)] as const;
const LONGEST_RETRY_DELAY = Minutes(5);

/**
 * When the queue releases this job by itself: 0 is now, undefined is never (somebody has to decide).
 * @param failures tries of this run of the gateway that did not print.
 */
export function releaseDelay(job: Job, queue: Queue | undefined, failures: number): Milliseconds | undefined {
  if (queue?.release !== 'immediately') return undefined;
  if (job.state !== 'pending-held' || job.document === undefined) return undefined;
  // Somebody has to come, its time has to come, or it lies in store until it is asked for.
  if (job.releaseAction !== 'none' || job.stored) return undefined;
  if (job.holdUntil !== 'no-hold' || job.delayOutput !== undefined) return undefined;
  // Pages may have come out: only a person can know whether to print it again.
  if (job.trouble !== undefined && job.trouble.outcome !== 'not-printed') return undefined;
  if (failures === 0) return Seconds(0);
  return RETRY_DELAYS[failures - 1] ?? LONGEST_RETRY_DELAY;
}

export class ImmediateRelease {
  readonly #options: ImmediateReleaseOptions;
  readonly #failures = new Map<JobId, number>();
  readonly #timers = new Map<JobId, Timer>();
  #tries = 0;

  constructor(options: ImmediateReleaseOptions) {
    this.#options = options;
  }

  /** Begins with what is held already. */
  start(): void {
    this.#options.jobs.on('changed', (job, before) => this.#changed(job, before));
    this.look();
  }

  /** Considers every job anew; after a change of the queues. */
  look(): void {
    for (const job of [...this.#options.jobs.all()]) this.#consider(job);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #changed(job: Job, before: Job | undefined): void {
    // What an operator stopped says nothing of the printer, and goes on at once when it may.
    const isFailure = job.trouble !== undefined && !this.#options.isStopped(job);
    if (isFailure && job.trouble !== before?.trouble) {
      this.#failures.set(job.id, (this.#failures.get(job.id) ?? 0) + 1);
    }
    if (job.completedAt !== undefined) this.#failures.delete(job.id);
    this.#consider(job);
  }

  #consider(job: Job): void {
    this.#timers.get(job.id)?.cancel();
    this.#timers.delete(job.id);
    const { queues, isStopped, clock } = this.#options;
    const queue = queues().get(job.queue);
    const delay = releaseDelay(job, queue, this.#failures.get(job.id) ?? 0);
    const printer = queue?.printers[0];
    if (delay === undefined || printer === undefined || isStopped(job)) return;
    // Even a delay of 0 waits for the next turn: this runs inside another change of the same job.
    this.#timers.set(
      job.id,
      clock.after(delay, () => {
        this.#timers.delete(job.id);
        const key = `queue-${job.id}-${clock.now()}-${++this.#tries}`;
        this.#options.releaser.release({ jobs: [job.id], printer, by: 'queue', key });
      }),
    );
  }
}
