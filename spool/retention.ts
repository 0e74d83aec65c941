/** Ends what nobody prints, and forgets what has ended: looks once a minute, sooner where a document is late by then. */
import type { Clock, Timer } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { Milliseconds, Minutes, Seconds } from '../base/units.ts';
import { fateOfJobs } from '../identity/leavers.ts';
import { isTerminal, type Job, type JobId } from './job.ts';
import type { Jobs } from './jobs.ts';

export interface RetentionOptions {
  readonly jobs: Jobs;
  /** How long an ended job is listed. */
  history(): Milliseconds;
  /** How many ended jobs are listed at the most; past it the oldest is forgotten at once. */
  mostEnded(): number;
  /** How long a job without a document waits for it (`multiple-operation-time-out`). */
  documentTime(): Milliseconds;
  /** Since when the job's owner may not sign in, in milliseconds since 1970; undefined while they may, or it has none. */
  ownerLeftAt(job: Job): number | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const INTERVAL = Minutes(1);
/** Between two looks at the least, whatever is due: each goes through all jobs. */
const SHORTEST_INTERVAL = Seconds(1);
/** Ended in one turn, so that a gateway that was off for a week does not do thousands at once. */
const MOST_AT_A_TIME = 200;

export type Verdict = 'stays' | 'expires' | 'late' | 'forgotten';

/** What is due for a job now: a pure function. */
export function verdictOf(
  job: Job,
  now: number,
  history: Milliseconds,
  documentTime: Milliseconds,
  ownerLeftAt?: number,
): Verdict {
  if (isTerminal(job.state))
    return (job.completedAt ?? job.createdAt) + history <= now ? 'forgotten' : 'stays';
  if (job.receiving) return 'stays';
  if (job.document === undefined)
    return (job.gatheredAt ?? job.createdAt) + documentTime <= now ? 'late' : 'stays';
  if (job.state !== 'pending-held') return 'stays';
  return job.expiresAt <= now || fateOfJobs(ownerLeftAt, now) === 'ends' ? 'expires' : 'stays';
}

export class Retention {
  readonly #options: RetentionOptions;
  /** In the order of their ends. */
  readonly #ended = new Set<JobId>();
  #timer: Timer | undefined;
  /** Of the clock's monotonic time. */
  #wakesAt = 0;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    const { jobs } = this.#options;
    for (const job of jobs.all()) if (isTerminal(job.state)) this.#ended.add(job.id);
    jobs.on('changed', (job) => {
      this.#noteEnd(job);
      this.#wakeFor(job);
    });
    jobs.on('forgotten', (job) => this.#ended.delete(job.id));
    this.#wait();
  }

  #wait(): void {
    this.#wakesAt = this.#options.clock.monotonic() + INTERVAL;
    this.#timer = this.#options.clock.after(INTERVAL, () => this.#wake());
    for (const job of this.#options.jobs.all()) this.#wakeFor(job);
  }

  /** A job that waits for its document is looked at when its time is over. */
  #wakeFor(job: Job): void {
    if (this.#timer === undefined || isTerminal(job.state) || job.receiving || job.document) return;
    const { clock, documentTime } = this.#options;
    const left = (job.gatheredAt ?? job.createdAt) + documentTime() - clock.now();
    const wait = Milliseconds(Math.max(left, SHORTEST_INTERVAL));
    const at = clock.monotonic() + wait;
    if (at >= this.#wakesAt) return;
    this.#timer.cancel();
    this.#wakesAt = at;
    this.#timer = clock.after(wait, () => this.#wake());
  }

  #wake(): void {
    this.#timer = undefined;
    this.#looking = this.look()
      .catch((error) => this.#options.log.error('retention failed', { error: messageOf(error) }))
      .finally(() => this.#wait());
  }

  /** Resolves when a look that is under way has ended. */
  async stop(): Promise<void> {
    this.#cancel();
    await this.#looking;
    this.#cancel();
  }

  #cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** One look over all jobs. */
  async look(): Promise<void> {
    const { jobs, clock, log } = this.#options;
    const due = this.#due();
    for (const job of due.late) {
      jobs.apply(job.id, { kind: 'documents-failed', at: clock.now() });
      log.info('job aborted: its document never came', { 'job-id': job.id });
    }
    for (const job of due.expires) {
      await jobs.apply(job.id, { kind: 'expired', at: clock.now() })?.kept;
      log.info('held job expired', { 'job-id': job.id, queue: job.queue });
    }
    if (due.forgotten.length > 0) await jobs.forget(due.forgotten);
  }

  /** A client that makes and cancels jobs all day must not fill the memory within the hour. */
  #noteEnd(job: Job): void {
    if (!isTerminal(job.state)) return;
    this.#ended.add(job.id);
    const { jobs, mostEnded, log } = this.#options;
    const [oldest] = this.#ended;
    if (this.#ended.size <= mostEnded() || oldest === undefined) return;
    const forgotten = jobs.get(oldest);
    if (forgotten === undefined) return;
    jobs
      .forget([forgotten])
      .catch((error) => log.error('job was not forgotten', { error: messageOf(error) }));
  }

  #due(): Record<Exclude<Verdict, 'stays'>, Job[]> {
    const { jobs, clock, history, documentTime, ownerLeftAt } = this.#options;
    const due = { late: [] as Job[], expires: [] as Job[], forgotten: [] as Job[] };
    for (const job of jobs.all()) {
      const verdict = verdictOf(job, clock.now(), history(), documentTime(), ownerLeftAt(job));
      if (verdict === 'stays') continue;
      // What is in memory only costs nothing to end.
      if (verdict === 'late' || due[verdict].length < MOST_AT_A_TIME) due[verdict].push(job);
    }
    return due;
  }
}
