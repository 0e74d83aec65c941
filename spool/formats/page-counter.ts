/** Counts the pages of accepted jobs, one document at a time; no client waits for it, and after a restart it goes on. */
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { isTerminal, type Job, type JobId } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { JobStore } from '../store/port.ts';
import { type Counted, countPages } from './pages/count-pages.ts';
import type { PageCount } from './pages/page-count.ts';
import { type CountBounds, findSandbox, type Sandbox } from './pages/sandbox.ts';

export interface PageCounterOptions {
  readonly jobs: Jobs;
  readonly store: JobStore;
  bounds(): CountBounds;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Counted by a child process. */
const BY_CHILD = new Set(['application/pdf', 'application/pclm', 'image/pwg-raster', 'image/urf']);
/** One page each, without a look. */
const ONE_PAGE = new Set(['image/jpeg', 'image/png']);
/** Read as a whole by its counter, so it must be a part of the memory that the child may have. */
const WHOLE = new Set(['application/pdf', 'application/pclm']);
const MOST_OF_MEMORY = 0.4;

export class PageCounter {
  readonly #options: PageCounterOptions;
  readonly #outcomes;
  readonly #seconds;
  /** In the order of their arrival. Never more than there are living jobs. */
  readonly #waiting = new Set<JobId>();
  #current: { readonly id: JobId; readonly abort: AbortController } | undefined;
  #sandbox: Promise<Sandbox> | undefined;
  #working: Promise<void> | undefined;
  #stopped = false;

  constructor(options: PageCounterOptions) {
    this.#options = options;
    const { metrics } = options;
    this.#outcomes = metrics.counter('page_counts_total', 'Documents whose pages were counted, by outcome', [
      'outcome',
    ]);
    this.#seconds = metrics.histogram(
      'page_count_seconds',
      'Time that counting the pages of a document took',
    );
    metrics.gauge(
      'page_counts_waiting',
      'Documents whose pages are still to be counted',
      () => this.#waiting.size,
    );
  }

  start(): void {
    const { jobs } = this.#options;
    for (const job of jobs.all()) this.#look(job);
    jobs.on('changed', this.#look);
    jobs.on('forgotten', this.#look);
  }

  /** Ends the child that is at work; its job is counted after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const { jobs } = this.#options;
    jobs.off('changed', this.#look);
    jobs.off('forgotten', this.#look);
    this.#waiting.clear();
    this.#current?.abort.abort();
    await this.#working;
  }

  readonly #look = (job: Job): void => {
    if (isWanted(job)) {
      if (this.#current?.id !== job.id) this.#waiting.add(job.id);
      if (!this.#stopped) this.#working ??= this.#work();
      return;
    }
    this.#waiting.delete(job.id);
    if (isTerminal(job.state) && this.#current?.id === job.id) this.#current.abort.abort();
  };

  async #work(): Promise<void> {
    // Not within the change that a client waits for.
    await Promise.resolve();
    for (let [id] = this.#waiting; id !== undefined; [id] = this.#waiting) {
      this.#waiting.delete(id);
      const job = this.#options.jobs.get(id);
      if (job !== undefined && isWanted(job))
        await this.#count(job).catch((error) => this.#failed(job, error));
    }
    this.#working = undefined;
  }

  async #count(job: Job): Promise<void> {
    const { clock, jobs, log } = this.#options;
    const began = clock.monotonic();
    const abort = new AbortController();
    this.#current = { id: job.id, abort };
    try {
      const { count, trouble } = await this.#countOf(job, abort.signal);
      if (abort.signal.aborted) return;
      const seconds = (clock.monotonic() - began) / 1000;
      this.#outcomes.inc({ outcome: count.kind });
      this.#seconds.observe(seconds);
      log.info('pages counted', {
        'job-id': job.id,
        ...count,
        ...(trouble === undefined ? {} : { trouble }),
      });
      this.#current = undefined;
      await jobs.apply(job.id, { kind: 'pages-counted', count })?.kept;
    } finally {
      this.#current = undefined;
    }
  }

  async #countOf(job: Job, signal: AbortSignal): Promise<Counted> {
    const { store, bounds, clock, log } = this.#options;
    const { format = '', octets = 0 } = job.document ?? {};
    if (ONE_PAGE.has(format)) return { count: { kind: 'counted', pages: 1 } };
    const allowed = bounds();
    if (WHOLE.has(format) && octets > allowed.memory * MOST_OF_MEMORY) return { count: UNKNOWN };
    this.#sandbox ??= findSandbox().then((found) => {
      const { bubblewrap, prlimit } = found;
      log.info('pages are counted by child processes', {
        bubblewrap: bubblewrap ?? 'not there, or not allowed to run',
        prlimit: prlimit ?? 'not there',
      });
      return found;
    });
    return countPages(format, store.read(job.id), await this.#sandbox, allowed, clock, signal);
  }

  #failed(job: Job, error: unknown): void {
    this.#options.log.error('pages were not counted', { 'job-id': job.id, error: messageOf(error) });
  }
}

const UNKNOWN: PageCount = { kind: 'unknown' };

function isWanted(job: Job): boolean {
  const { document } = job;
  if (document === undefined || document.count !== undefined || isTerminal(job.state)) return false;
  // Several documents lie one behind the other, which no counter can read.
  if (document.parts !== undefined) return false;
  return BY_CHILD.has(document.format) || ONE_PAGE.has(document.format);
}
