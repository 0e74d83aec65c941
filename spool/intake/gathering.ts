/**
 * Jobs of several documents while they come: all of them go into one writer, and the job is accepted with the last. Until
 * then nothing of it counts, as with a document that is still on its way.
 */
import type { DocumentPart, JobDocument, JobId } from '../job.ts';
import { isTerminal } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { DocumentWriter } from '../store/port.ts';
import type { DocumentRoom } from './room.ts';

/** Documents of one job. */
export const MOST_DOCUMENTS = 100;

export interface Gathered {
  readonly writer: DocumentWriter;
  /** Counts what is on the disk for their owner. */
  readonly room: DocumentRoom;
  readonly parts: readonly DocumentPart[];
}

export class Gathering {
  readonly #byJob = new Map<JobId, Gathered>();

  constructor(jobs: Jobs) {
    // Cancelled, or aborted because the next document never came.
    jobs.on('changed', (job) => {
      if (isTerminal(job.state)) this.#drop(job.id);
    });
    jobs.on('forgotten', (job) => this.#drop(job.id));
  }

  get(job: JobId): Gathered | undefined {
    return this.#byJob.get(job);
  }

  keep(job: JobId, gathered: Gathered): void {
    this.#byJob.set(job, gathered);
  }

  /** Hands over what was gathered; whoever takes it accepts or discards it. */
  take(job: JobId): Gathered | undefined {
    const gathered = this.#byJob.get(job);
    this.#byJob.delete(job);
    return gathered;
  }

  #drop(job: JobId): void {
    const gathered = this.take(job);
    gathered?.room[Symbol.dispose]();
    // What is left of it is swept at the next start.
    gathered?.writer.discard().catch(() => {});
  }
}

/** All parts as one document, one behind the other. A job of one document has no list of them. */
export function asDocument(parts: readonly DocumentPart[]): JobDocument | undefined {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first;
  const counted = parts.every((part) => part.impressions !== undefined);
  return {
    format: first.format,
    octets: parts.reduce((sum, part) => sum + part.octets, 0),
    ...(counted ? { impressions: parts.reduce((sum, part) => sum + (part.impressions ?? 0), 0) } : {}),
    parts,
  };
}
