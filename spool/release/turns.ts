/** The jobs on their way out: a line in front of each printer, and what can still be done about a job in one. */
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { PrinterDriver, Trouble } from '../../drivers/printers/port.ts';
import type { Canceler, Job, JobId } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import { Halt } from './halt.ts';
import { PrinterLine, type Waiting } from './printer-line.ts';

export interface TurnsOptions {
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
  /** Sends it, to its end. Never rejects. */
  send(turn: Turn): Promise<void>;
}

/** A job's turn at a printer. */
export interface Turn {
  readonly id: JobId;
  readonly printer: string;
  readonly driver: PrinterDriver;
  /** When it was released, on the monotonic clock. */
  readonly released: number;
  /** How far it may go. */
  readonly halt: Halt;
}

/** Which of those that wait are held again. */
export interface GiveUp {
  /** Those that joined the line then or before, on the monotonic clock. */
  readonly since?: number;
  /** False of one that nobody waits for. */
  isWaited?(id: JobId): boolean;
}

interface UnderWay {
  readonly printer: Printer;
  /** When it joined the line, on the monotonic clock. */
  readonly since: number;
  readonly entry: Waiting;
  readonly halt: Halt;
  /** Resolves when it has ended, one way or another. */
  readonly ended: Promise<void>;
  canceled?: Canceler;
}

interface Printer {
  readonly name: string;
  readonly driver: PrinterDriver;
  readonly line: PrinterLine;
}

const NO_TURN: Trouble = {
  reason: 'not-accepting',
  detail: 'the queue was paused, or the gateway is stopping or has this printer no more',
};

export class Turns {
  readonly #options: TurnsOptions;
  readonly #printers = new Map<string, Printer>();
  readonly #underWay = new Map<JobId, UnderWay>();

  constructor(options: TurnsOptions) {
    this.#options = options;
    options.jobs.on('changed', (job, before) => this.#leaveWhenHeld(job, before));
  }

  /** Jobs that wait for a printer or are being printed. */
  get size(): number {
    return this.#underWay.size;
  }

  get printers(): string[] {
    return [...this.#printers.keys()];
  }

  has(printer: string): boolean {
    return this.#printers.has(printer);
  }

  add(name: string, driver: PrinterDriver): void {
    this.#printers.set(name, { name, driver, line: new PrinterLine() });
  }

  /** Lets a document that is on its way finish; what waits for this printer, in line or busy, is held again. */
  async remove(name: string): Promise<void> {
    const printer = this.#printers.get(name);
    this.#printers.delete(name);
    if (printer === undefined) return;
    for (const underWay of this.#underWay.values()) if (underWay.printer === printer) underWay.halt.noMore();
    await printer.line.close();
    await printer.driver.close();
  }

  warm(printer: string): void {
    this.#printers.get(printer)?.driver.warm();
  }

  /** A job that is `pending`. @param who whose turn it takes. */
  join(id: JobId, name: string, who: string): void {
    const printer = this.#printers.get(name);
    if (printer === undefined) return this.#holdAgain(id, NO_TURN);
    const halt = new Halt();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const since = this.#options.clock.monotonic();
    const entry: Waiting = {
      who,
      run: async () => {
        await this.#options.send({ id, printer: name, driver: printer.driver, released: since, halt });
        const canceled = this.#underWay.get(id)?.canceled;
        this.#underWay.delete(id);
        if (canceled !== undefined)
          await this.#markCanceled(id, canceled).catch((error) => this.#notKept(id, error));
        resolve();
      },
      giveUp: (trouble = NO_TURN) => {
        this.#underWay.delete(id);
        this.#holdAgain(id, trouble);
        resolve();
      },
    };
    this.#underWay.set(id, { printer, since, entry, halt, ended });
    printer.line.join(entry);
  }

  /**
   * Cancels a job, wherever it is. Resolves once its state is on disk, to the job as it is then; undefined when there is
   * none or it had ended before. One that can be stopped no more ends as the printer says.
   */
  async cancel(id: JobId, by: Canceler): Promise<Job | undefined> {
    const underWay = this.#underWay.get(id);
    if (underWay !== undefined && !underWay.printer.line.leave(underWay.entry)) {
      underWay.canceled = by;
      underWay.halt.cut();
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
    if (moved === undefined || (behind !== undefined && other?.printer !== moved.printer)) return false;
    return moved.printer.line.move(moved.entry, other?.entry);
  }

  /**
   * Holds again those that wait at a printer; all of them unless told.
   * @returns how many
   */
  giveUpAt(
    name: string,
    trouble: Trouble,
    { since = Number.POSITIVE_INFINITY, isWaited }: GiveUp = {},
  ): number {
    let count = 0;
    for (const [id, { printer, since: joined, entry }] of [...this.#underWay]) {
      if (printer.name !== name || joined > since || isWaited?.(id) === false) continue;
      if (!printer.line.leave(entry)) continue;
      entry.giveUp(trouble);
      count++;
    }
    return count;
  }

  /** Holds again those that wait, in line or for a busy printer; a document that is on its way is finished. */
  holdAll(isStopped: (job: Job) => boolean): void {
    for (const [id, { printer, entry, halt }] of [...this.#underWay]) {
      const job = this.#options.jobs.get(id);
      if (job === undefined || !isStopped(job)) continue;
      if (printer.line.leave(entry)) entry.giveUp();
      else halt.noMore();
    }
  }

  /** Cuts what is at the printers. */
  abort(): void {
    for (const { halt } of this.#underWay.values()) halt.cut();
  }

  /** Who holds a job takes it out of the line. */
  #leaveWhenHeld(job: Job, before: Job | undefined): void {
    if (before?.state !== 'pending' || job.state !== 'pending-held') return;
    const underWay = this.#underWay.get(job.id);
    if (underWay?.printer.line.leave(underWay.entry)) this.#underWay.delete(job.id);
  }

  #holdAgain(id: JobId, trouble: Trouble): void {
    const { jobs, clock } = this.#options;
    const change = jobs.apply(id, { kind: 'turn-given-up', trouble, at: clock.now() });
    change?.kept.catch((error) => this.#notKept(id, error));
  }

  async #markCanceled(id: JobId, by: Canceler): Promise<Job | undefined> {
    const { jobs, clock } = this.#options;
    const change = jobs.apply(id, { kind: 'canceled', at: clock.now(), by });
    await change?.kept;
    return change?.job;
  }

  /** The store failed; the job goes on in memory, and after a restart is what the disk says. */
  #notKept(id: JobId, error: unknown): void {
    this.#options.log.error('state of a job was not kept', { 'job-id': id, error: messageOf(error) });
  }
}
