/** The job store of the tests: keeps jobs in memory, with the same promises but that of surviving. */
import { Failure } from '../../base/errors.ts';
import { Attributes } from '../../ipp/model.ts';
import { type Job, JobId } from '../../spool/job.ts';
import type { DocumentWriter, JobStore } from '../../spool/store/port.ts';

/** Octets of a chunk. */
const CHUNK = 65_536;

class MemoryWriter implements DocumentWriter {
  chunks: Buffer[] = [];

  async write(chunk: Uint8Array): Promise<void> {
    this.chunks.push(Buffer.from(chunk));
  }

  get octets(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  async discard(): Promise<void> {
    this.chunks = [];
  }
}

export class MemoryJobStore implements JobStore {
  readonly #jobs = new Map<JobId, { job: Job; document: Buffer | undefined }>();
  #lastId = 0;
  /** Set to make the disk slow: documents are kept when it resolves. */
  disk: Promise<void> = Promise.resolve();
  /** Jobs whose documents the disk is at work on. */
  readonly keeping = new Set<JobId>();
  /** Set to make every save fail. */
  failure: Failure | undefined;

  async newId(): Promise<JobId> {
    return JobId(++this.#lastId);
  }

  newDocument(): DocumentWriter {
    return new MemoryWriter();
  }

  async accept(job: Job, document: DocumentWriter): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    if (!(document instanceof MemoryWriter)) throw new TypeError('a document of another store');
    if (this.#jobs.has(job.id)) throw new Failure('job-kept', `job ${job.id} was accepted already`);
    this.keeping.add(job.id);
    await this.disk;
    this.keeping.delete(job.id);
    this.#jobs.set(job.id, { job, document: Buffer.concat(document.chunks) });
  }

  async save(job: Job): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    const kept = this.#jobs.get(job.id);
    if (kept?.document === undefined)
      throw new Failure('document-unreadable', `job ${job.id} is not kept any more`);
    kept.job = job;
  }

  async end(job: Job): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    const { password: _password, ...rest } = job;
    const bare: Job = {
      ...rest,
      name: '',
      submitter: { address: '', claimedName: '' },
      ticket: new Attributes(),
    };
    this.#jobs.set(job.id, { job: bare, document: undefined });
  }

  async *read(job: JobId, from = 0): AsyncGenerator<Uint8Array> {
    const document = this.#jobs.get(job)?.document;
    if (document === undefined) throw new Failure('document-unreadable', `job ${job} is not kept any more`);
    for (let at = from; at < document.length; at += CHUNK) {
      const chunk = Buffer.from(document.subarray(at, at + CHUNK));
      yield chunk;
      // Gone: the next one was asked for.
      chunk.fill(0);
    }
  }

  async forget(jobs: readonly JobId[]): Promise<void> {
    for (const id of jobs) this.#jobs.delete(id);
  }

  async recover(): Promise<Job[]> {
    return Array.from(this.#jobs.values(), (kept) => kept.job);
  }

  async close(): Promise<void> {}
}
