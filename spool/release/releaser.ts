/** Takes releases, puts them in line at their printers, and tells how each ends. */
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { Milliseconds } from '../../base/units.ts';
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import type { PrinterDriver, Trouble } from '../../drivers/printers/port.ts';
import type { PersonId } from '../../identity/person.ts';
import { type Canceler, isKnownRelease, type Job, type JobId } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import { isStopping } from '../printers/stopping-reasons.ts';
import type { Queues } from '../queue.ts';
import type { JobStore } from '../store/port.ts';
import { changedNames } from './choices/changes.ts';
import { refusedChanges } from './choices/options.ts';
import type { JobPasswords } from './job-passwords.ts';
import { mayRelease, type ReleaseRefusal } from './permission.ts';
import { PrinterLine, type Waiting } from './printer-line.ts';
import type { ReleaseAnswer, ReleaseRequest } from './release-request.ts';
import { sendJob } from './send-job.ts';
import { StuckPrinters } from './stuck.ts';

export interface ReleaserOptions {
  readonly jobs: Jobs;
  readonly store: JobStore;
  /** The queues as they are configured now. */
  queues(): Queues;
  /** True while an operator's word keeps the job from being printed, or its owner has left. */
  isStopped(job: Job): boolean;
  readonly passwords: JobPasswords;
  /** User name for the printer's own records; undefined when the person is known no more. */
  userNameOf(person: PersonId): string | undefined;
  /** People who have delegated the printing of their jobs to this person for now. */
  delegators(person: PersonId): readonly PersonId[];
  /** What the printer can do, as far as it has told. */
  describe(printer: string): PrinterDescription | undefined;
  /** How long a busy printer is waited for. */
  busyTime(): Milliseconds;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A job in a printer's line, or at the printer. */
interface UnderWay {
  readonly printer: string;
  /** When it joined the line, on the monotonic clock. */
  readonly since: number;
  readonly line: PrinterLine;
  readonly entry: Waiting;
  readonly abort: AbortController;
  /** Aborted when no try, and no further document of it, may begin. */
  readonly noMore: AbortController;
  /** Resolves when it has ended, one way or another. */
  readonly ended: Promise<void>;
  canceled?: Canceler;
}

interface Printer {
  readonly name: string;
  readonly driver: PrinterDriver;
  readonly line: PrinterLine;
  /** Aborted when nothing new may begin here. */
  readonly noMore: AbortController;
}

const NO_TURN: Trouble = {
  reason: 'not-accepting',
  detail: 'the queue was paused, or the gateway is stopping or has this printer no more',
};
const WAITED_TOO_LONG: Trouble = { reason: 'busy', detail: 'the printer did not go on with the job before' };

export class Releaser {
  readonly #options: ReleaserOptions;
  readonly #printers = new Map<string, Printer>();
  readonly #underWay = new Map<JobId, UnderWay>();
  readonly #outcomes;
  readonly #firstByte;
  readonly #stuck: StuckPrinters;
  #stopping = false;

  constructor(options: ReleaserOptions) {
    this.#options = options;
    this.#outcomes = options.metrics.counter('releases_total', 'Ended releases', ['outcome']);
    this.#firstByte = options.metrics.histogram(
      'release_first_byte_seconds',
      'From the release to the first octet of the document at the printer',
    );
    options.metrics.gauge('releases_under_way', 'Jobs that wait for a printer or are being printed', () => {
      return this.#underWay.size;
    });
    this.#stuck = new StuckPrinters({
      clock: options.clock,
      waitTime: () => options.busyTime(),
      giveUpOn: (printer, since) => this.#giveUpOn(printer, since),
    });
    options.jobs.on('changed', (job, before) => {
      this.#leaveWhenHeld(job, before);
      if (before?.state === 'processing' && job.state !== 'processing')
        this.#stuck.set(before.release?.printer ?? '', false);
    });
    options.jobs.on('progress', ({ release }, progress) => {
      if (progress.kind === 'printer-state')
        this.#stuck.set(release?.printer ?? '', progress.reasons.some(isStopping));
    });
  }

  /** What a queue releases by itself has nobody who waits for it, and all the time. */
  #giveUpOn(printer: string, since: number): void {
    const { jobs, log } = this.#options;
    for (const [id, underWay] of [...this.#underWay]) {
      if (underWay.printer !== printer || underWay.since > since) continue;
      if (jobs.get(id)?.release?.by === 'queue' || !underWay.line.leave(underWay.entry)) continue;
      log.info('job waited too long for its printer', { 'job-id': id, printer });
      underWay.entry.giveUp(WAITED_TOO_LONG);
    }
  }

  /** Who holds a job takes it out of the line. */
  #leaveWhenHeld(job: Job, before: Job | undefined): void {
    if (before?.state !== 'pending' || job.state !== 'pending-held') return;
    const underWay = this.#underWay.get(job.id);
    if (underWay?.line.leave(underWay.entry)) this.#underWay.delete(job.id);
  }

  addPrinter(name: string, driver: PrinterDriver): void {
    this.#printers.set(name, { name, driver, line: new PrinterLine(), noMore: new AbortController() });
  }

  /** Lets a document that is on its way finish; what waits for this printer, in line or busy, is held again. */
  async removePrinter(name: string): Promise<void> {
    const printer = this.#printers.get(name);
    this.#printers.delete(name);
    printer?.noMore.abort();
    this.#stuck.set(name, false);
    await printer?.line.close();
    await printer?.driver.close();
  }

  /** Somebody who may print stands at this printer. */
  warm(printer: string): void {
    this.#printers.get(printer)?.driver.warm();
  }

  /** Answers at once; how each print goes on is told by the jobs' own events. */
  release(request: ReleaseRequest): ReleaseAnswer[] {
    return request.jobs.map((job) => {
      const refused = this.#releaseOne(job, request);
      return refused === undefined ? { job } : { job, refused };
    });
  }

  /**
   * Cancels a job, wherever it is. Resolves once its state is on disk, to the job as it is then; undefined when there is
   * none or it had ended before. One that can be stopped no more ends as the printer says.
   */
  async cancel(id: JobId, by: Canceler = 'person'): Promise<Job | undefined> {
    const underWay = this.#underWay.get(id);
    if (underWay !== undefined && !underWay.line.leave(underWay.entry)) {
      underWay.canceled = by;
      underWay.abort.abort();
      await underWay.ended;
      return this.#options.jobs.get(id);
    }
    this.#underWay.delete(id);
    return this.#markCanceled(id, by);
  }

  /**
   * Lets a job that waits for its printer go before all others there, or right behind another that waits there too.
   * @returns false when it does not wait, or the other does not.
   */
  reorder(id: JobId, behind?: JobId): boolean {
    const moved = this.#underWay.get(id);
    const other = behind === undefined ? undefined : this.#underWay.get(behind);
    if (moved === undefined || (behind !== undefined && other?.line !== moved.line)) return false;
    return moved.line.move(moved.entry, other?.entry);
  }

  /**
   * Holds again what an operator's word keeps from being printed now, in line or waiting for a busy printer; a document
   * that is on its way is finished. To be called when `isStopped` answers otherwise than before.
   */
  holdStopped(): void {
    const { jobs, isStopped } = this.#options;
    for (const [id, { line, entry, noMore }] of [...this.#underWay]) {
      const job = jobs.get(id);
      if (job === undefined || !isStopped(job)) continue;
      if (line.leave(entry)) entry.giveUp();
      else noMore.abort();
    }
  }

  /** Takes no more; resolves when what is at the printers has ended and been kept. What waits is held again. */
  async drain(): Promise<void> {
    this.#stopping = true;
    await Promise.all(Array.from(this.#printers.keys(), (name) => this.removePrinter(name)));
  }

  /** Cuts what is at the printers; to be followed by {@link drain}. */
  abort(): void {
    for (const { abort } of this.#underWay.values()) abort.abort();
  }

  #releaseOne(id: JobId, request: ReleaseRequest): ReleaseRefusal | undefined {
    const { jobs, queues, log } = this.#options;
    const job = jobs.get(id);
    if (job === undefined) return 'job-not-found';
    if (isKnownRelease(job, request)) return undefined;
    const printer = this.#printers.get(request.printer);
    if (printer === undefined || this.#stopping) return 'printer-gone';
    const delegators = request.by === 'queue' ? [] : this.#options.delegators(request.by);
    const permission = mayRelease(job, request.by, request.printer, queues().get(job.queue), delegators);
    if (!permission.may) return permission.why;
    if (this.#options.isStopped(job)) return 'queue-paused';
    const { changes = {}, keep } = request;
    if (refusedChanges(changes, job, this.#options.describe(request.printer)).length > 0) return 'conflict';
    if (permission.wantsPassword) {
      const refusal = this.#options.passwords.check(job, request.password);
      if (refusal !== undefined) return refusal;
    }
    if (permission.claims && request.by !== 'queue') this.#claim(job, request.by);
    const at = this.#options.clock.now();
    const release = {
      printer: request.printer,
      key: request.key,
      by: request.by,
      at,
      ...(changedNames(changes).length === 0 ? {} : { changes }),
      ...(keep ? { keep: true as const } : {}),
    };
    if (jobs.apply(id, { kind: 'release-asked', release }) === undefined) return 'job-not-held';
    log.info('job released', {
      'job-id': id,
      printer: request.printer,
      by: request.by,
      ...(permission.onBehalfOf === undefined ? {} : { owner: permission.onBehalfOf }),
      ...(release.changes === undefined ? {} : { changed: changedNames(changes) }),
      ...(keep ? { keep } : {}),
    });
    this.#join(id, printer);
    return undefined;
  }

  #claim(job: Job, person: PersonId): void {
    const { jobs, log } = this.#options;
    const claim = jobs.apply(job.id, { kind: 'claimed', person });
    const before = job.owner.kind === 'person' ? job.owner.person : 'nobody';
    log.info('job claimed', { 'job-id': job.id, person, before, client: job.submitter.address });
    claim?.kept.catch((error) =>
      log.error('claim was not kept', { 'job-id': job.id, error: messageOf(error) }),
    );
  }

  #join(id: JobId, printer: Printer): void {
    const abort = new AbortController();
    const noMore = new AbortController();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const released = this.#options.clock.monotonic();
    const entry: Waiting = {
      run: async () => {
        const last = AbortSignal.any([printer.noMore.signal, noMore.signal]);
        await this.#send(id, printer, released, { abort: abort.signal, noMore: last });
        const canceled = this.#underWay.get(id)?.canceled;
        this.#underWay.delete(id);
        if (canceled !== undefined)
          await this.#markCanceled(id, canceled).catch((error) => this.#notKept(id, error));
        resolve();
      },
      giveUp: (trouble = NO_TURN) => {
        this.#underWay.delete(id);
        const change = this.#options.jobs.apply(id, {
          kind: 'turn-given-up',
          trouble,
          at: this.#options.clock.now(),
        });
        change?.kept.catch((error) => this.#notKept(id, error));
        resolve();
      },
    };
    this.#underWay.set(id, {
      printer: printer.name,
      since: released,
      line: printer.line,
      entry,
      abort,
      noMore,
      ended,
    });
    printer.line.join(entry);
  }

  async #send(
    id: JobId,
    printer: Printer,
    released: number,
    { abort, noMore }: { readonly abort: AbortSignal; readonly noMore: AbortSignal },
  ): Promise<void> {
    const { jobs, store, clock, log, busyTime, userNameOf } = this.#options;
    const job = jobs.get(id);
    if (job === undefined) return;
    try {
      const result = await sendJob(
        job,
        {
          jobs,
          store,
          driver: printer.driver,
          noMore,
          userName: (job.owner.kind === 'person' ? userNameOf(job.owner.person) : undefined) ?? '',
          busyTime: busyTime(),
          clock,
          log,
          onFirstByte: () => this.#firstByte.observe((clock.monotonic() - released) / 1000),
        },
        abort,
      );
      if (result !== undefined) this.#outcomes.inc({ outcome: result.outcome });
    } catch (error) {
      this.#notKept(id, error);
    }
  }

  async #markCanceled(id: JobId, by: Canceler): Promise<Job | undefined> {
    const change = this.#options.jobs.apply(id, { kind: 'canceled', at: this.#options.clock.now(), by });
    await change?.kept;
    return change?.job;
  }

  /** The store failed; the job goes on in memory, and after a restart is what the disk says. */
  #notKept(id: JobId, error: unknown): void {
    this.#options.log.error('state of a job was not kept', { 'job-id': id, error: messageOf(error) });
  }
}
