/** What panels need of the rest of the gateway, in their own words; the daemon ties it to the real rooms. */
import type { Language } from '../base/i18n/languages.ts';
import type { Secret } from '../base/secrets/secret.ts';
import type { Milliseconds } from '../base/units.ts';
import type { Person, PersonId } from '../identity/person.ts';
import type { Job, JobId, JobProgress } from '../spool/job.ts';
import type { ReleaseRefusal } from './refusal.ts';
import type { SignInWay } from './server-messages.ts';
import type { WireCurrent, WireSupported } from './wire-schemas.ts';

/** A panel as configured. */
export interface Panel {
  /** Stands in the address of its page: `/panel/NAME`. */
  readonly name: string;
  /** Names of the printers that it stands at, one or more; a session begins at the first. */
  readonly printers: readonly string[];
  /** The language that its page starts in; undefined leaves it to the browser. */
  readonly language?: Language;
  /** Of buttons and bars on its page, `#rrggbb`; the page's own where there is none. */
  readonly color?: string;
  /** A session ends this long after the last touch. */
  readonly sessionTimeout: Milliseconds;
  /** Whence it may connect: addresses and networks (`10.1.0.0/16`, `fd00::/8`). Empty: only an enrolled device. */
  readonly addresses: readonly string[];
  readonly signIn: readonly SignInWay[];
  /** Which jobs are marked when the list opens. */
  readonly marked: 'all' | 'none';
  /** How an unknown badge may become somebody's at this panel. Empty: not at all. */
  readonly bindCards: readonly ('by-sign-in' | 'by-activation')[];
  /** People may set and change their PINs here. */
  readonly changePin: boolean;
  /** A badge at a reader prints all that its owner holds while no screen is connected. */
  readonly releaseAll: boolean;
  /** It may connect without TLS, and never takes a password then. */
  readonly plainHttp: boolean;
}

/** Where a session begins. */
export const firstPrinter = ({ printers }: Panel): string => printers[0] ?? '';

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

/** What somebody shows first. */
export type Credential =
  | { readonly kind: 'code'; readonly value: Secret<string> }
  | Badge
  | { readonly kind: 'password'; readonly userName: string; readonly value: Secret<string> }
  /** Mailed to a person who wants to have an unknown badge. */
  | {
      readonly kind: 'activation';
      readonly value: Secret<string>;
      /** The badge that it is for: the session's, never one of the same message. */
      readonly badge?: Badge;
    };

export interface Badge {
  readonly kind: 'badge';
  /** As the reader gave it; hexadecimal when `bits` says how many there are. */
  readonly value: Secret<string>;
  readonly bits?: number;
  /** The kind of reader, a claim. */
  readonly reader?: string;
}

/** Where somebody stands: the server's own words, never ones of a message. */
export interface SignInPlace {
  readonly panel: Panel;
  /** Of the connection that the credential came by. */
  readonly address: string;
  /** A reader that anybody on its network could be: its badges want a PIN, whatever the panel says. */
  readonly unproven?: true;
}

export type SignIn =
  /**
   * @property pinSet whether the person has a PIN; undefined where that is not known.
   * @property language what the person reads; undefined where that is not known.
   */
  | { readonly ok: true; readonly person: Person; readonly pinSet?: boolean; readonly language?: Language }
  /** The PIN is wanted too. @property person whose credential it is, when it was looked at: a second swipe signs out by it. */
  | { readonly ok: false; readonly reason: 'pin-needed'; readonly person?: PersonId }
  /** A badge that nobody has, and that may become somebody's here. */
  | { readonly ok: false; readonly reason: 'bindable' }
  /** `card-unknown`: of a badge that can't be bound here. */
  | { readonly ok: false; readonly reason: 'unknown' | 'card-unknown' }
  | { readonly ok: false; readonly reason: 'throttled'; readonly retryAfter: Milliseconds };

/** `pin-refused`: too easy to guess, or no PIN at all. */
export type PinChange =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'pin-wrong' | 'pin-refused' }
  | { readonly ok: false; readonly reason: 'throttled'; readonly retryAfter: Milliseconds };

export interface PanelIdentity {
  /** Badges and codes are answered from memory, hence at once. Counts wrong ones against the panel. */
  signIn(credential: Credential, at: SignInPlace): SignIn | Promise<SignIn>;
  /**
   * The PIN after a first credential that was answered by `pin-needed`; `unknown` tells not which was wrong.
   * @param first as it was given then
   */
  checkPin(first: Credential, pin: Secret<string>, at: SignInPlace): SignIn | Promise<SignIn>;
  /** Makes an unknown badge that of a person who has just signed in by something else. */
  bindCard(
    person: PersonId,
    badge: Badge,
    at: SignInPlace,
    by: Credential['kind'],
  ): Promise<'bound' | 'not-bound'>;
  /** @param current wanted when the person has one */
  setPin(
    person: PersonId,
    change: { readonly current?: Secret<string>; readonly value: Secret<string> },
    at: SignInPlace,
  ): Promise<PinChange>;
  /** Mails an activation code for that badge to whoever has that user name; what becomes of it is never told at the panel. */
  requestActivation(userName: string, badge: Badge, at: SignInPlace): Promise<void>;
  /** `listener` hears of people who may no longer use the gateway. Returns the way to stop it. */
  watchRemovals(listener: (person: PersonId) => void): () => void;
}

/** For one release; the job's own ticket stays as it is. IPP's keywords. */
export interface TicketChanges {
  readonly copies?: number;
  readonly sides?: string;
  readonly 'print-color-mode'?: string;
  readonly 'media-source'?: string;
  readonly finishings?: readonly string[];
  /** The pages before it stay away. */
  readonly 'first-page'?: number;
}

export interface ReleaseOrder {
  readonly jobs: readonly JobId[];
  readonly printer: string;
  /** An unowned job becomes theirs by this. */
  readonly by: PersonId;
  /** A job that was released with this key before is not released again. */
  readonly key: string;
  /** Typed for those of them that want a PIN. */
  readonly password?: Secret<string>;
  /** They stay held after they were printed. */
  readonly keep?: true;
  readonly changes?: TicketChanges;
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

/** What a job asks for that a printer can't do. */
export interface JobConflict {
  readonly attribute: string;
  readonly value: string;
  /** Name of the nearest printer that can, among those of the job's queue. */
  readonly nearest?: string;
}

/** A job as a person sees it at a printer. */
export interface SeenJob {
  readonly job: Job;
  /** Of nobody, or for whoever presses the button: releasing it here makes it theirs. */
  readonly claimable: boolean;
  /** Somebody else, who lets them print theirs. */
  readonly owner?: Person;
  readonly mayKeep?: boolean;
  readonly conflicts?: readonly JobConflict[];
  /** The first page that did not come out, after a cut. */
  readonly resumePage?: number;
  /** Its printer is out of order: name of the nearest one that prints it. */
  readonly nearest?: string;
}

/** Where a person stands. */
export interface JobsPlace {
  readonly panel: Panel;
  /** The chosen one of the panel's. */
  readonly printer: string;
}

export interface PanelJobs {
  /** All that the person may print or claim there and that has not ended, in any order. */
  list(person: PersonId, at: JobsPlace): readonly SeenJob[];
  /** This person stands there now and may press a button soon. */
  expect(person: PersonId): void;
  /** One of them; undefined when it is none. Also of a job that has just ended or was taken by somebody else. */
  look(job: Job, person: PersonId, at: JobsPlace): SeenJob | undefined;
  /** What can be changed before it is printed there; undefined when there is no such job. */
  options(
    job: JobId,
    printer: string,
  ): { readonly supported: WireSupported; readonly current: WireCurrent } | undefined;
  /** Those of the jobs that this person released with this key, in whatever run of the gateway, as they are now. */
  releasedBefore(jobs: readonly JobId[], key: string, by: PersonId): readonly Job[];
  release(order: ReleaseOrder): Promise<readonly ReleaseAnswer[]>;
  /** Resolves when the job has ended and that is on disk. A job in the middle of printing may still be completed. */
  cancel(job: JobId, by: PersonId): Promise<CancelAnswer>;
  /** Returns the way to stop it. */
  watch(listener: (news: JobNews) => void): () => void;
}
