/** How jobs are kept: the port that intake, release and recovery use. `test/contracts/job-store.ts` holds it. */
import type { Job, JobId } from '../job.ts';

/**
 * Takes one document as it arrives. Nothing of it counts before {@link JobStore.accept}; a writer that is discarded, or
 * lost with the process, leaves nothing.
 */
export interface DocumentWriter {
  /** Resolves when the next chunk may come: back-pressure from the disk. @throws Failure `disk-full`, `store-failed` */
  write(chunk: Uint8Array): Promise<void>;
  /** Octets written so far. */
  readonly octets: number;
  /** Gives up what was written. */
  discard(): Promise<void>;
}

export interface JobStore {
  /** A job id that was never given out before, not even by a process that was killed. */
  newId(): Promise<JobId>;
  /** Begins to take the document of a job that is not accepted yet. */
  newDocument(job: JobId): DocumentWriter;
  /**
   * Keeps the job with its document for good. When it resolves, both survive a power cut; when it rejects, neither is
   * there. @throws Failure `disk-full`, `store-failed`
   */
  accept(job: Job, document: DocumentWriter): Promise<void>;
  /** Keeps the job's new state. When it resolves, it survives a power cut. */
  save(job: Job): Promise<void>;
  /**
   * Keeps the job's last state and destroys its document, name and ticket with their key. When it resolves, the key is in
   * no file any more.
   */
  end(job: Job): Promise<void>;
  /**
   * Reads the document to its end; costs no more than what is read. A chunk is gone when the next one is asked for.
   * @param from octets that are passed over, 0 unless told. Past the end there is nothing.
   * @throws Failure `document-unreadable` (while iterating)
   */
  read(job: JobId, from?: number): AsyncIterable<Uint8Array>;
  /** Forgets a job that has ended. */
  forget(jobs: readonly JobId[]): Promise<void>;
  /**
   * All jobs that are kept, as they were saved, and sweeps what belongs to none. Once, before anything else. Jobs that
   * have ended have no name and no ticket any more.
   */
  recover(): Promise<Job[]>;
  /** Lets go of files. What is under way must have settled before. */
  close(): Promise<void>;
}
