/** Ends the waits of jobs when their time comes; knows them anew after a restart, as the jobs carry them. */
import type { Clock, Timer } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { Milliseconds, Minutes } from '../base/units.ts';
import { isTerminal, type Job, type JobId } from './job.ts';
import type { Jobs } from './jobs.ts';

export interface HoldTimerOptions {
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
}

/** The wall clock may be set: it is looked at so often at the least. */
const LONGEST_LOOK = Minutes(1);

/** When the next of the job's waits ends; undefined when none does by itself. */
export function nextEnd(job: Job): number | undefined {
  // What is on its way is looked at again when it is held again.
  if (job.state !== 'pending-held') return undefined;
  const times = [job.holdUntilTime, job.delayOutput?.at].filter((each) => each !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

export class HoldTimer {
  readonly #options: HoldTimerOptions;
  readonly #ends = new Map<JobId, number>();
  #timer: Timer | undefined;
  /** The end that is waited for; one that is not there any more only costs a look. */
  #awaited = Number.POSITIVE_INFINITY;

  constructor(options: HoldTimerOptions) {
    this.#options = options;
  }

  start(): void {
    const { jobs } = this.#options;
    for (const job of jobs.all()) this.#note(job);
    jobs.on('changed', (job) => this.#note(job));
    jobs.on('forgotten', (job) => this.#ends.delete(job.id));
    this.#look();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #note(job: Job): void {
    const end = isTerminal(job.state) ? undefined : nextEnd(job);
    if (end === undefined) this.#ends.delete(job.id);
    else if (this.#ends.get(job.id) !== end) {
      this.#ends.set(job.id, end);
      if (end < this.#awaited) this.#wait(end);
    }
  }

  #look(): void {
    const { jobs, clock, log } = this.#options;
    const now = clock.now();
    this.#timer?.cancel();
    this.#awaited = Number.POSITIVE_INFINITY;
    let earliest = Number.POSITIVE_INFINITY;
    for (const [id, end] of [...this.#ends]) {
      if (end > now) {
        earliest = Math.min(earliest, end);
        continue;
      }
      this.#ends.delete(id);
      const change = jobs.apply(id, { kind: 'time-came', at: now });
      if (change === undefined) continue;
      log.info('hold ended: its time has come', { 'job-id': id });
      change.kept.catch((error) =>
        log.error('end of a hold was not kept', { 'job-id': id, error: messageOf(error) }),
      );
    }
    if (earliest < this.#awaited) this.#wait(earliest);
  }

  #wait(end: number): void {
    this.#timer?.cancel();
    this.#awaited = end;
    const { clock } = this.#options;
    const delay = Math.min(LONGEST_LOOK, Math.max(0, end - clock.now()));
    this.#timer = clock.after(Milliseconds(delay), () => this.#look());
  }
}
