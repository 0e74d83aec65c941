/** News of printing, thinned out: the first at once, then the latest of each kind at intervals. */
import type { Clock, Timer } from '../../base/clock.ts';
import type { JobId, JobProgress } from '../../spool/job.ts';
import { PROGRESS_INTERVAL } from '../bounds.ts';

export class Pacing {
  readonly #clock: Clock;
  readonly #deliver: (job: JobId, progress: readonly JobProgress[]) => void;
  readonly #latest = new Map<JobId, Map<JobProgress['kind'], JobProgress>>();
  #timer: Timer | undefined;

  constructor(clock: Clock, deliver: (job: JobId, progress: readonly JobProgress[]) => void) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  add(job: JobId, progress: JobProgress): void {
    const latest = this.#latest.get(job) ?? new Map<JobProgress['kind'], JobProgress>();
    this.#latest.set(job, latest.set(progress.kind, progress));
    if (this.#timer === undefined) this.#flush();
  }

  /** It has ended: what was not delivered would come too late. */
  forget(job: JobId): void {
    this.#latest.delete(job);
  }

  /** Forgets what was not delivered. */
  clear(): void {
    this.#latest.clear();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#latest.size === 0) return;
    const due = [...this.#latest];
    this.#latest.clear();
    this.#timer = this.#clock.after(PROGRESS_INTERVAL, () => this.#flush());
    for (const [job, latest] of due) this.#deliver(job, [...latest.values()]);
  }
}
