/** What panels need of the rest of the gateway, in their own words; the daemon ties it to the real rooms. */
import type { Language } from '../base/i18n/languages.ts';
import type { Secret } from '../base/secrets/secret.ts';
import type { Milliseconds } from '../base/units.ts';
import type { Person, PersonId } from '../identity/person.ts';
import type { Job, JobId, JobProgress } from '../spool/job.ts';

/** A panel as configured. */
export interface Panel {
  /** Stands in the address of its page: `/panel/NAME`. */
  readonly name: string;
  /** Name of the one printer that it stands at. */
  readonly printer: string;
  /** The language that its page starts in; undefined leaves it to the browser. */
  readonly language?: Language;
  /** A session ends this long after the last touch. */
  readonly sessionTimeout: Milliseconds;
  /** Whence it may connect: addresses and networks (`10.1.0.0/16`, `fd00::/8`). Empty: from nowhere. */
  readonly addresses: readonly string[];
}

export interface Panels {
  find(name: string): Panel | undefined;
}

export interface PanelPrinter {
  /** `printer-info`: what people call it. */
  readonly info: string;
  /** `printer-location` */
  readonly location: string;
  /** `unknown` while it does not answer. */
  readonly state: 'idle' | 'processing' | 'stopped' | 'unknown';
  /** `printer-state-reasons` */
  readonly reasons: readonly string[];
  readonly acceptingJobs: boolean;
}

export interface PanelPrinters {
  find(name: string): PanelPrinter | undefined;
  /** Somebody who may print stands at it. Returns at once. */
  warm(name: string): void;
  /** `listener` hears the name of a printer whose {@link PanelPrinter} changed. Returns the way to stop it. */
  watch(listener: (name: string) => void): () => void;
}

export type SignIn =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly reason: 'unknown' }
  | { readonly ok: false; readonly reason: 'throttled'; readonly retryAfter: Milliseconds };

export interface PanelIdentity {
  /** From memory, hence at once. Counts wrong codes against the panel. */
  signInWithCode(code: Secret<string>, at: { readonly panel: string }): SignIn;
  /** `listener` hears of people who may no longer use the gateway. Returns the way to stop it. */
  watchRemovals(listener: (person: PersonId) => void): () => void;
}

/**
 * Why a job was not released. `job-not-found`: gone, or not theirs. `job-not-held`: still arriving, or being printed.
 * `job-delayed`: its sender wants nothing to come out yet.
 * `printer-not-for-queue`: its queue does not print here. `queue-paused`: an operator has stopped it. `printer-gone`:
 * this printer, or the gateway, is going away.
 * `job-password-needed`, `-wrong`: it wants its PIN, or another. `-throttled`: too many wrong ones; none is looked at now.
 */
export type ReleaseRefusal =
  | 'job-not-found'
  | 'job-not-held'
  | 'job-delayed'
  | 'printer-not-for-queue'
  | 'queue-paused'
  | 'printer-gone'
  | 'job-password-needed'
  | 'job-password-wrong'
  | 'job-password-throttled';

export interface ReleaseOrder {
  readonly jobs: readonly JobId[];
  readonly printer: string;
  /** An unowned job becomes theirs by this. */
  readonly by: PersonId;
  /** A job that was released with this key before is not released again. */
  readonly key: string;
  /** Typed for those of them that want a PIN. */
  readonly password?: Secret<string>;
}

export interface ReleaseAnswer {
  readonly job: JobId;
  /** Undefined when it is on its way; how that ends is told as changes of the job. */
  readonly refused?: ReleaseRefusal;
}

export type CancelAnswer = 'canceled' | 'job-not-found';

export type JobNews =
  /** New or changed. */
  | { readonly kind: 'changed'; readonly job: Job }
  | { readonly kind: 'forgotten'; readonly job: JobId }
  | { readonly kind: 'progress'; readonly job: JobId; readonly progress: JobProgress };

export interface PanelJobs {
  /** The person's jobs that have not ended. */
  ownedBy(person: PersonId): readonly Job[];
  /** Jobs of nobody, or for whoever presses the button, that may be claimed at this panel. */
  claimableAt(panel: Panel): readonly Job[];
  mayClaim(job: Job, panel: Panel): boolean;
  release(order: ReleaseOrder): Promise<readonly ReleaseAnswer[]>;
  /** Resolves when the job has ended and that is on disk. A job in the middle of printing may still be completed. */
  cancel(job: JobId, by: PersonId): Promise<CancelAnswer>;
  /** Returns the way to stop it. */
  watch(listener: (news: JobNews) => void): () => void;
}
