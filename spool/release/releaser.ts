/** Takes releases, lets them have their turns at the printers, and knows which printers do not go on. */
import { messageOf } from '../../base/errors.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { Milliseconds } from '../../base/units.ts';
import type { PrinterDriver, PrintResult, Trouble } from '../../drivers/printers/port.ts';
import type { PersonId } from '../../identity/person.ts';
import type { Converter } from '../formats/conversion/converter.ts';
import type { Canceler, Job, JobId } from '../job.ts';
import { isStopping } from '../printers/stopping-reasons.ts';
import { Admission, type AdmissionOptions } from './admission.ts';
import { type DocumentSource, FirstChunks } from './first-chunks.ts';
import { type FailureWatcher, failureIn, OutOfOrder } from './out-of-order.ts';
import type { ReleaseAnswer, ReleaseRequest } from './release-request.ts';
import { sendJob } from './send-job.ts';
import { StuckPrinters } from './stuck.ts';
import { type Turn, Turns } from './turns.ts';

export interface ReleaserOptions extends AdmissionOptions {
  readonly store: DocumentSource;
  readonly converter: Converter;
  /** User name for the printer's own records; undefined when the person is known no more. */
  userNameOf(person: PersonId): string | undefined;
  /** How long a busy printer is waited for. */
  busyTime(): Milliseconds;
  readonly watcher: FailureWatcher;
  readonly metrics: Metrics;
}

const WAITED_TOO_LONG: Trouble = { reason: 'busy', detail: 'the printer did not go on with the job before' };

export class Releaser {
  readonly #options: ReleaserOptions;
  readonly #admission: Admission;
  readonly #turns: Turns;
  readonly #outOfOrder: OutOfOrder;
  readonly #stuck: StuckPrinters;
  readonly #firstChunks: FirstChunks;
  readonly #outcomes;
  readonly #firstByte;
  #stopping = false;

  constructor(options: ReleaserOptions) {
    const { jobs, clock, log, metrics } = options;
    this.#options = options;
    this.#outcomes = metrics.counter('releases_total', 'Ended releases', ['outcome']);
    this.#firstByte = metrics.histogram(
      'release_first_byte_seconds',
      'From the release to the first octet of the document at the printer',
    );
    this.#admission = new Admission(options);
    this.#firstChunks = new FirstChunks(options);
    this.#turns = new Turns({ jobs, clock, log, send: (turn) => this.#send(turn) });
    metrics.gauge('releases_under_way', 'Jobs that wait for a printer or are being printed', () => {
      return this.#turns.size;
    });
    this.#outOfOrder = new OutOfOrder(options.watcher, log);
    this.#stuck = new StuckPrinters({
      clock,
      waitTime: () => options.busyTime(),
      giveUpOn: (printer, since) => this.#giveUpOn(printer, since),
    });
    jobs.on('changed', (job, before) => {
      if (before?.state === 'processing' && job.state !== 'processing')
        this.#stuck.set(before.release?.printer ?? '', false);
    });
    jobs.on('progress', ({ release }, progress) => {
      if (progress.kind === 'printer-state')
        this.#stuck.set(release?.printer ?? '', progress.reasons.some(isStopping));
    });
  }

  addPrinter(name: string, driver: PrinterDriver): void {
    this.#turns.add(name, driver);
  }

  /** Lets a document that is on its way finish; what waits for this printer, in line or busy, is held again. */
  async removePrinter(name: string): Promise<void> {
    this.#stuck.set(name, false);
    this.#outOfOrder.over(name);
    await this.#turns.remove(name);
  }

  /** Somebody who may print stands at this printer. */
  warm(printer: string): void {
    this.#turns.warm(printer);
  }

  /** This person may press a button soon. */
  expect(person: PersonId): void {
    this.#firstChunks.expect(this.#options.jobs.ownedBy(person));
  }

  /** True from a failure there until it is over. */
  isOutOfOrder(printer: string): boolean {
    return this.#outOfOrder.has(printer);
  }

  /** There is no connection to the printer, though a job may still be in it: nobody waits there. */
  gone(printer: string, detail: string): void {
    const trouble: Trouble = { reason: 'unreachable', detail };
    const sentOn = this.#turns.giveUpAt(printer, trouble);
    if (sentOn > 0) this.#outOfOrder.failed(printer, trouble, sentOn);
  }

  /** The printer has answered: what was wrong with it is over. */
  answered(printer: string): void {
    this.#outOfOrder.over(printer);
  }

  /** Answers at once; how each print goes on is told by the jobs' own events. */
  release(request: ReleaseRequest): ReleaseAnswer[] {
    const isThere = this.#turns.has(request.printer) && !this.#stopping;
    return request.jobs.map((job) => {
      const admitted = this.#admission.admit(job, request, isThere);
      if (typeof admitted === 'object') return { job, refused: admitted.refused };
      if (admitted === 'admitted') this.#turns.join(job, request.printer, this.#whoseTurn(job, request));
      return { job };
    });
  }

  /**
   * Cancels a job, wherever it is. Resolves once its state is on disk, to the job as it is then; undefined when there is
   * none or it had ended before. One that can be stopped no more ends as the printer says.
   */
  cancel(id: JobId, by: Canceler = 'person'): Promise<Job | undefined> {
    return this.#turns.cancel(id, by);
  }

  /**
   * Lets a job that waits for its printer go before all others there, or right behind another that waits there too.
   * @returns false when it does not wait, or the other does not.
   */
  reorder(id: JobId, behind?: JobId): boolean {
    return this.#turns.reorder(id, behind);
  }

  /**
   * Holds again what an operator's word keeps from being printed now, in line or waiting for a busy printer; a document
   * that is on its way is finished. To be called when `isStopped` answers otherwise than before.
   */
  holdStopped(): void {
    this.#turns.holdAll((job) => this.#options.isStopped(job));
  }

  /** Takes no more; resolves when what is at the printers has ended and been kept. What waits is held again. */
  async drain(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#turns.printers.map((name) => this.removePrinter(name)));
  }

  /** Cuts what is at the printers; to be followed by {@link drain}. */
  abort(): void {
    this.#turns.abort();
  }

  /** Who released it; what a queue releases by itself takes the turn of whose it is, or of the queue. */
  #whoseTurn(id: JobId, { by }: ReleaseRequest): string {
    if (by !== 'queue') return `person ${by}`;
    const job = this.#options.jobs.get(id);
    return job?.owner.kind === 'person' ? `person ${job.owner.person}` : `queue ${job?.queue}`;
  }

  /** What a queue releases by itself has nobody who waits for it, and all the time. */
  #giveUpOn(printer: string, since: number): void {
    const { jobs, log } = this.#options;
    const isWaited = (id: JobId) => jobs.get(id)?.release?.by !== 'queue';
    const count = this.#turns.giveUpAt(printer, WAITED_TOO_LONG, { since, isWaited });
    if (count > 0) log.info('jobs waited too long for their printer', { printer, jobs: count });
  }

  async #send({ id, printer, driver, released, halt }: Turn): Promise<void> {
    const { jobs, converter, clock, log, busyTime, userNameOf, describe } = this.#options;
    const job = jobs.get(id);
    if (job === undefined) return;
    const userName = (job.owner.kind === 'person' ? userNameOf(job.owner.person) : undefined) ?? '';
    const onFirstByte = () => this.#firstByte.observe((clock.monotonic() - released) / 1000);
    try {
      const options = {
        jobs,
        store: this.#firstChunks,
        driver,
        converter,
        describe: () => describe(printer),
        halt,
        userName,
        busyTime: busyTime(),
        clock,
        log,
        onFirstByte,
      };
      const result = await sendJob(job, options);
      if (result === undefined) return;
      this.#outcomes.inc({ outcome: result.outcome });
      this.#judge(printer, result);
    } catch (error) {
      log.error('state of a job was not kept', { 'job-id': id, error: messageOf(error) });
    }
  }

  /** Nobody finds out for himself, one time-out after the other, that the printer has failed. */
  #judge(printer: string, result: PrintResult): void {
    const failure = failureIn(result);
    if (failure !== undefined) {
      const sentOn = this.#turns.giveUpAt(printer, failure);
      this.#outOfOrder.failed(printer, failure, sentOn);
    } else if (result.outcome === 'not-printed' && result.trouble.reason === 'busy') {
      // Who has waited as long behind it has waited long enough too.
      this.#giveUpOn(printer, this.#options.clock.monotonic() - this.#options.busyTime());
    } else if (result.outcome === 'completed' || result.outcome === 'delivered')
      this.#outOfOrder.worked(printer);
  }
}
