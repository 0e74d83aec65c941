/** A release as it is asked for, and its answer. */
import type { Secret } from '../../base/secrets/secret.ts';
import type { PersonId } from '../../identity/person.ts';
import type { JobId } from '../job.ts';
import type { TicketChanges } from './choices/changes.ts';
import type { ReleaseRefusal } from './permission.ts';

export interface ReleaseRequest {
  readonly jobs: readonly JobId[];
  /** The server says which: the panel's printer, never one that a message names. */
  readonly printer: string;
  /** `queue` when the queue's policy releases the job by itself. */
  readonly by: PersonId | 'queue';
  /** A job that was released with this key before is not released again, however that ended. */
  readonly key: string;
  /** Typed for those of the jobs that want one. */
  readonly password?: Secret<string>;
  /** For each of the jobs, and for this release only, unless it is kept. */
  readonly changes?: TicketChanges;
  /** They stay held after they were printed, with the changes, as long as they would have been held. */
  readonly keep?: boolean;
}

export interface ReleaseAnswer {
  readonly job: JobId;
  /** Undefined when it is on its way (or was, under the same key). */
  readonly refused?: ReleaseRefusal;
}
