/** Whether a release that is asked for may be, and the job's first step on its way: all before it is anybody's turn. */
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import type { PersonId } from '../../identity/person.ts';
import { isKnownRelease, type Job, type JobId } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { Queues } from '../queue.ts';
import { changedNames } from './choices/changes.ts';
import { refusedChanges } from './choices/options.ts';
import type { JobPasswords } from './job-passwords.ts';
import { mayRelease, type ReleaseRefusal } from './permission.ts';
import type { ReleaseRequest } from './release-request.ts';

export interface AdmissionOptions {
  readonly jobs: Jobs;
  /** The queues as they are configured now. */
  queues(): Queues;
  /** True while an operator's word keeps the job from being printed, or its owner has left. */
  isStopped(job: Job): boolean;
  readonly passwords: JobPasswords;
  /** People who have delegated the printing of their jobs to this person for now. */
  delegators(person: PersonId): readonly PersonId[];
  /** What the printer can do, as far as it has told. */
  describe(printer: string): PrinterDescription | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** `admitted`: the job is `pending` now. `known`: the same release came before, and prints nothing more. */
export type Admitted = 'admitted' | 'known' | { readonly refused: ReleaseRefusal };

export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** @param isThere whether the printer is one of the gateway's that takes releases. */
  admit(id: JobId, request: ReleaseRequest, isThere: boolean): Admitted {
    const { jobs, queues, log, delegators } = this.#options;
    const job = jobs.get(id);
    if (job === undefined) return { refused: 'job-not-found' };
    if (isKnownRelease(job, request)) return 'known';
    if (!isThere) return { refused: 'printer-gone' };
    const { by, printer, changes = {}, keep } = request;
    const others = by === 'queue' ? [] : delegators(by);
    const permission = mayRelease(job, by, printer, queues().get(job.queue), others);
    if (!permission.may) return { refused: permission.why };
    const refused = this.#objection(job, request, permission.wantsPassword);
    if (refused !== undefined) return { refused };
    if (permission.claims && by !== 'queue') this.#claim(job, by);
    const changed = changedNames(changes);
    const release = {
      printer,
      key: request.key,
      by,
      at: this.#options.clock.now(),
      ...(changed.length === 0 ? {} : { changes }),
      ...(keep ? { keep: true as const } : {}),
    };
    if (jobs.apply(id, { kind: 'release-asked', release }) === undefined) return { refused: 'job-not-held' };
    const told = {
      'job-id': id,
      printer,
      by,
      ...(permission.onBehalfOf === undefined ? {} : { owner: permission.onBehalfOf }),
      ...(changed.length === 0 ? {} : { changed }),
      ...(keep ? { keep } : {}),
    };
    log.info('job released', told);
    return 'admitted';
  }

  #objection(
    job: Job,
    { printer, changes = {}, password }: ReleaseRequest,
    wantsPassword: boolean,
  ): ReleaseRefusal | undefined {
    const { isStopped, describe, passwords } = this.#options;
    if (isStopped(job)) return 'queue-paused';
    if (refusedChanges(changes, job, describe(printer)).length > 0) return 'conflict';
    return wantsPassword ? passwords.check(job, password) : undefined;
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
}
