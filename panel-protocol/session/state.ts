/** The panel session's states, and what can happen to it. */
import type { Language } from '../../base/i18n/languages.ts';
import type { Secret } from '../../base/secrets/secret.ts';
import type { Person, PersonId } from '../../identity/person.ts';
import type { Job, JobId, JobProgress } from '../../spool/job.ts';
import type { Role } from '../client-messages.ts';
import type { CancelAnswer, Credential, PinChange, SeenJob, SignIn, TicketChanges } from '../ports.ts';
import type { ReleaseRefusal } from '../refusal.ts';
import type { Outcome } from '../server-messages.ts';

/** One connection of a panel; numbered, never used again. */
export type ConnectionId = number;

/** A message that waits for its answer. */
export interface Request {
  readonly connection: ConnectionId;
  readonly id: number;
}

/** What the person sees; `omitted` counts jobs past the bound. */
export interface Listing {
  readonly jobs: readonly SeenJob[];
  readonly omitted: number;
}

/** A job that was released in this session. */
export interface Released {
  readonly key: string;
  /** Seen on its way: being held after that is an end. */
  readonly started: boolean;
  readonly outcome?: Outcome;
}

interface Base {
  /** The panel's screen; undefined while none is there. */
  readonly connection: ConnectionId | undefined;
  /** Its readers, beside the screen or without one. */
  readonly readers: readonly ConnectionId[];
  /** Counts sign-ins, so that a late answer to an earlier session is known as such. */
  readonly session: number;
}

export interface Idle extends Base {
  readonly name: 'idle';
}

/** A PIN is wanted beside what was shown first, which the executor keeps. */
export interface PinWanted extends Base {
  readonly name: 'pin';
  /** Whoever signs in gets the unknown badge that was read before. */
  readonly binding: boolean;
}

/** An unknown badge was read, which the executor keeps, and may become somebody's. */
export interface Binding extends Base {
  readonly name: 'bind';
  /** Activation codes that were asked for. */
  readonly asked: number;
}

/** A credential is being checked. It is in the effect that asks for the check, never in here. */
export interface Checking extends Base {
  readonly name: 'code';
  readonly request: Request;
  /** Where a refusal leads back to. */
  readonly before: Idle | PinWanted | Binding;
  readonly of: 'first' | 'pin';
  readonly binding: boolean;
}

interface SignedInBase extends Base {
  readonly person: Person;
  /** Whether the person has a PIN; undefined where that is not known. */
  readonly pinSet?: boolean;
  /** What the person reads; undefined where that is not known. */
  readonly language?: Language;
  /** The chosen one of the panel's. */
  readonly printer: string;
  readonly listed: ReadonlyMap<JobId, SeenJob>;
  /** Keys of this session's releases, with the jobs that each was for. */
  readonly keys: ReadonlyMap<string, readonly JobId[]>;
  /** A badge that was read while this person is signed in, and is being looked at. */
  readonly swipe?: Request;
}

export interface Jobs extends SignedInBase {
  readonly name: 'jobs';
}

/** Some of the released jobs have not ended (`releasing`), or all have (`done`). */
export interface Releasing extends SignedInBase {
  readonly name: 'releasing' | 'done';
  readonly released: ReadonlyMap<JobId, Released>;
}

export type SignedIn = Jobs | Releasing;
export type PanelState = Idle | PinWanted | Binding | Checking | SignedIn;

export type Verdict =
  /** @property key for the release of all jobs where there is no screen */
  | (Extract<SignIn, { ok: true }> & { readonly listing: Listing; readonly key: string })
  | Extract<SignIn, { ok: false }>
  /** `failed`: not the person's fault. `not-bound`: they are who they are, but don't get the badge. */
  | { readonly ok: false; readonly reason: 'failed' | 'not-bound' };

export type PinAnswer = PinChange | { readonly ok: false; readonly reason: 'failed' };

/** What became of one job of a release; `internal`: the gateway failed at it, and its log says how. */
export interface JobAnswer {
  readonly job: JobId;
  readonly refused?: ReleaseRefusal | 'internal';
}

/** Asked by the panel. */
export type PanelRequest =
  | {
      readonly kind: 'credential';
      readonly request: Request;
      readonly credential: Credential;
      /** By TLS, or from this machine. */
      readonly secure: boolean;
    }
  | { readonly kind: 'pin'; readonly request: Request; readonly pin: Secret<string> }
  | { readonly kind: 'request-activation'; readonly request: Request; readonly userName: string }
  | { readonly kind: 'choose-printer'; readonly request: Request; readonly printer: string }
  | { readonly kind: 'jobs'; readonly request: Request }
  | { readonly kind: 'options'; readonly request: Request; readonly job: JobId }
  | {
      readonly kind: 'release';
      readonly request: Request;
      readonly key: string;
      readonly jobs: readonly JobId[];
      readonly password?: Secret<string>;
      readonly keep?: true;
      readonly changes?: TicketChanges;
      /** Those of the jobs that were released with this key before this session, as they are now. */
      readonly before: readonly Job[];
    }
  | { readonly kind: 'cancel'; readonly request: Request; readonly jobs: readonly JobId[] }
  | {
      readonly kind: 'set-pin';
      readonly request: Request;
      readonly current?: Secret<string>;
      readonly value: Secret<string>;
    }
  | { readonly kind: 'activity'; readonly request: Request }
  | { readonly kind: 'logout'; readonly request: Request };

/** Answers to effects; `session` is that of the effect. */
export type EffectAnswer =
  | { readonly kind: 'verdict'; readonly session: number; readonly verdict: Verdict }
  | { readonly kind: 'listing'; readonly session: number; readonly listing: Listing }
  | { readonly kind: 'release-answers'; readonly session: number; readonly answers: readonly JobAnswer[] }
  | {
      readonly kind: 'cancel-answer';
      readonly session: number;
      readonly job: JobId;
      readonly answer: CancelAnswer | 'internal';
    }
  | {
      readonly kind: 'pin-answer';
      readonly session: number;
      readonly request: Request;
      readonly answer: PinAnswer;
    };

export type PanelInput =
  | PanelRequest
  | EffectAnswer
  /** A panel said `hello`. */
  | { readonly kind: 'connected'; readonly connection: ConnectionId; readonly role: Role }
  | { readonly kind: 'disconnected'; readonly connection: ConnectionId }
  | { readonly kind: 'timed-out'; readonly session: number }
  /** `seen`: as the person here sees it; undefined when it is none of theirs, or no more. */
  | { readonly kind: 'job-changed'; readonly job: Job; readonly seen: SeenJob | undefined }
  | { readonly kind: 'job-forgotten'; readonly job: JobId }
  | { readonly kind: 'job-progress'; readonly job: JobId; readonly progress: readonly JobProgress[] }
  | { readonly kind: 'person-removed'; readonly person: PersonId }
  /** The panel's configuration changes, or the gateway stops. */
  | { readonly kind: 'closing'; readonly reason: 'reload' | 'shutdown' };

export function isSignedIn(state: PanelState): state is SignedIn {
  return state.name === 'jobs' || state.name === 'releasing' || state.name === 'done';
}
