/** All jobs in memory, and the one place that moves a job on: machine, store and listeners in step. */
import { EventEmitter } from 'node:events';
import { Failure } from '../base/errors.ts';
import type { PersonId } from '../identity/person.ts';
import { Holdings, holdsAlike } from './holdings.ts';
import { isTerminal, type Job, type JobDocument, type JobId, type JobProgress } from './job.ts';
import { type JobEffect, type JobEvent, step, withoutReceiving } from './job-machine.ts';
import type { DocumentWriter, JobStore } from './store/port.ts';

export interface JobsEvents {
  /** A job is new (`before` undefined) or has changed. */
  changed: [job: Job, before: Job | undefined];
  /** An ended job was forgotten. */
  forgotten: [job: Job];
  /** News of a job that is being printed. */
  progress: [job: Job, progress: JobProgress];
}

/** A change that was taken. `kept` resolves when it survives a power cut. */
export interface Change {
  readonly job: Job;
  readonly kept: Promise<void>;
}

/** How many jobs of a queue have not ended, and how many of them are being printed. */
export interface QueueTally {
  readonly living: number;
  readonly printing: number;
}

export class Jobs extends EventEmitter<JobsEvents> {
  /** What living jobs hold, and for whom. */
  readonly holdings = new Holdings();
  readonly #store: JobStore;
  readonly #byId = new Map<JobId, Job>();
  /** Living jobs only, oldest first. */
  readonly #byOwner = new Map<PersonId, Set<JobId>>();
  readonly #forAnybody = new Set<JobId>();
  readonly #tallies = new Map<string, QueueTally>();
  #living = 0;

  constructor(store: JobStore) {
    super();
    // One listener for each part of the program that shows jobs; panels share one.
    this.setMaxListeners(20);
    this.#store = store;
  }

  /** Takes over what the store kept; what was being sent at the end of the last run is held and marked unknown. */
  async recover(now: number): Promise<{ readonly living: number; readonly unknown: number }> {
    let unknown = 0;
    for (const job of await this.#store.recover()) {
      this.#put(job);
      const change = this.apply(job.id, { kind: 'restarted', at: now });
      if (change !== undefined && change.job !== job) unknown++;
      await change?.kept;
    }
    return { living: this.#living, unknown };
  }

  get(id: JobId): Job | undefined {
    return this.#byId.get(id);
  }

  /** Every job, ended ones too, in the order of their arrival. */
  all(): IterableIterator<Job> {
    return this.#byId.values();
  }

  /** Jobs that have not ended. */
  get living(): number {
    return this.#living;
  }

  tallyOf(queue: string): QueueTally {
    return this.#tallies.get(queue) ?? { living: 0, printing: 0 };
  }

  /** A person's living jobs, oldest first. */
  ownedBy(person: PersonId): Job[] {
    return this.#jobsOf(this.#byOwner.get(person) ?? []);
  }

  /** Living jobs that belong to nobody yet, or are for whoever presses the button; oldest first. */
  forAnybody(): Job[] {
    return this.#jobsOf(this.#forAnybody);
  }

  /** A job whose document is still to come. It is in memory only. */
  announce(job: Job): void {
    this.#put(job);
  }

  /**
   * Keeps an announced job with its document. Resolves with the job when both are on disk. What happened to the job while
   * the disk worked counts: one that was cancelled meanwhile stays so, and its content is destroyed; of one that was
   * forgotten as well nothing stays.
   * @throws Failure `job-not-awaited` when the job is gone, has ended or has a document already; nothing is kept then.
   */
  async accept(id: JobId, document: JobDocument, writer: DocumentWriter): Promise<Job> {
    const announced = this.#byId.get(id);
    if (announced === undefined || isTerminal(announced.state) || announced.document !== undefined) {
      await writer.discard();
      throw new Failure('job-not-awaited', `job ${id} waits for no document`);
    }
    await this.#store.accept({ ...withoutReceiving(announced), document }, writer);
    const latest = this.#byId.get(id);
    if (latest === undefined) {
      await this.#undo({ ...withoutReceiving(announced), document });
      throw new Failure('job-not-awaited', `job ${id} is gone`);
    }
    const job: Job = { ...withoutReceiving(latest), document };
    this.#put(job);
    if (isTerminal(job.state)) await this.#store.end(job);
    else if (latest !== announced) await this.#store.save(job);
    return job;
  }

  /** Takes back a job that was announced and whose document never came. One that has ended stays in the history. */
  withdraw(id: JobId): void {
    const job = this.#byId.get(id);
    if (job === undefined || isTerminal(job.state)) return;
    if (job.document !== undefined) throw new Failure('job-kept', `job ${id} was accepted already`);
    this.#drop(job);
  }

  /**
   * Moves a job on. The new state holds at once; undefined when there is no such job or the event does not fit its
   * state.
   */
  apply(id: JobId, event: JobEvent): Change | undefined {
    const before = this.#byId.get(id);
    if (before === undefined) return undefined;
    const result = step(before, event);
    if (result.kind === 'refused') return undefined;
    const { job, effect } = result;
    // The disk first: it works while the listeners hear, and what they bring about is kept behind this.
    const kept = this.#keep(job, effect);
    if (job !== before) this.#put(job);
    return { job, kept };
  }

  #keep(job: Job, effect: JobEffect): Promise<void> {
    if (effect === 'nothing' || job.document === undefined) return Promise.resolve();
    return effect === 'keep' ? this.#store.save(job) : this.#store.end(job);
  }

  /** Tells the listeners how a print is getting on. */
  report(id: JobId, progress: JobProgress): void {
    if (progress.kind === 'impressions') {
      this.apply(id, { kind: 'impressions-counted', completed: progress.completed });
    }
    const job = this.#byId.get(id);
    if (job !== undefined) this.emit('progress', job, progress);
  }

  /** Forgets jobs that have ended. */
  async forget(jobs: readonly Job[]): Promise<void> {
    for (const job of jobs) this.#drop(job);
    await this.#store.forget(jobs.filter((job) => job.document !== undefined).map((job) => job.id));
  }

  /** Takes back what the store keeps of a job that is gone. */
  async #undo(job: Job): Promise<void> {
    await this.#store.end({ ...job, state: 'canceled' });
    await this.#store.forget([job.id]);
  }

  #jobsOf(ids: Iterable<JobId>): Job[] {
    return Array.from(ids, (id) => this.#byId.get(id)).filter((job) => job !== undefined);
  }

  #put(job: Job): void {
    const before = this.#byId.get(job.id);
    this.#byId.set(job.id, job);
    if (before !== undefined) this.#count(before, -1);
    this.#count(job, 1);
    // Most changes are of the state alone: a release would reckon with the same keys twice.
    if (before === undefined || !holdsAlike(before, job)) {
      if (before !== undefined) this.#hold(before, -1);
      this.#hold(job, 1);
    }
    // Left where it stands when only its state changes, so that the oldest stays the first.
    if (before === undefined || before.owner !== job.owner || isTerminal(job.state)) {
      if (before !== undefined) this.#unindex(before);
      this.#index(job);
    }
    this.emit('changed', job, before);
  }

  #index(job: Job): void {
    if (isTerminal(job.state)) return;
    for (const set of this.#setsOf(job)) set.add(job.id);
  }

  #drop(job: Job): void {
    this.#unindex(job);
    this.#count(job, -1);
    this.#hold(job, -1);
    this.#byId.delete(job.id);
    this.emit('forgotten', job);
  }

  #count(job: Job, one: 1 | -1): void {
    if (isTerminal(job.state)) return;
    const { living, printing } = this.tallyOf(job.queue);
    const isPrinting = job.state === 'processing' ? one : 0;
    this.#tallies.set(job.queue, { living: living + one, printing: printing + isPrinting });
    this.#living += one;
  }

  #hold(job: Job, one: 1 | -1): void {
    if (isTerminal(job.state)) return;
    if (one === 1) this.holdings.add(job);
    else this.holdings.remove(job);
  }

  #unindex(job: Job): void {
    if (isTerminal(job.state)) return;
    for (const set of this.#setsOf(job)) set.delete(job.id);
    if (job.owner.kind === 'person' && this.#byOwner.get(job.owner.person)?.size === 0) {
      this.#byOwner.delete(job.owner.person);
    }
  }

  #setsOf(job: Job): Set<JobId>[] {
    if (job.owner.kind === 'unowned') return [this.#forAnybody];
    let jobs = this.#byOwner.get(job.owner.person);
    if (jobs === undefined) {
      jobs = new Set();
      this.#byOwner.set(job.owner.person, jobs);
    }
    return job.releaseAction === 'button-press' ? [jobs, this.#forAnybody] : [jobs];
  }
}
