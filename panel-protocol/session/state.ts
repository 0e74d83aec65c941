/** The panel session's states, what can happen to it, and what it wants done. */
import type { Secret } from '../../base/secrets/secret.ts';
import type { Milliseconds } from '../../base/units.ts';
import type { Person, PersonId } from '../../identity/person.ts';
import type { Job, JobId, JobProgress } from '../../spool/job.ts';
import type { CancelAnswer, ReleaseRefusal, SeenJob } from '../ports.ts';
import type { EndReason, ErrorCode, Outcome } from '../server-messages.ts';

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
  /** The panel's connection; undefined while none is there. */
  readonly connection: ConnectionId | undefined;
  /** Counts sign-ins, so that a late answer to an earlier session is known as such. */
  readonly session: number;
}

export interface Idle extends Base {
  readonly name: 'idle';
}

/** A credential is being checked. It is in the effect that asks for the check, never in here. */
export interface Checking extends Base {
  readonly name: 'code';
  readonly request: Request;
}

interface SignedInBase extends Base {
  readonly person: Person;
  readonly listed: ReadonlyMap<JobId, SeenJob>;
  /** Keys of this session's releases, with the jobs that each was for. */
  readonly keys: ReadonlyMap<string, readonly JobId[]>;
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
export type PanelState = Idle | Checking | SignedIn;

export type Verdict =
  | { readonly ok: true; readonly person: Person; readonly listing: Listing }
  | { readonly ok: false; readonly reason: 'unknown' }
  | { readonly ok: false; readonly reason: 'throttled'; readonly retryAfter: Milliseconds }
  /** Not the person's fault. */
  | { readonly ok: false; readonly reason: 'failed' };

/** What became of one job of a release; `internal`: the gateway failed at it, and its log says how. */
export interface JobAnswer {
  readonly job: JobId;
  readonly refused?: ReleaseRefusal | 'internal';
}

/** Asked by the panel. */
export type PanelRequest =
  | { readonly kind: 'credential'; readonly request: Request; readonly code: Secret<string> }
  | { readonly kind: 'jobs'; readonly request: Request }
  | { readonly kind: 'not-offered'; readonly request: Request }
  | {
      readonly kind: 'release';
      readonly request: Request;
      readonly key: string;
      readonly jobs: readonly JobId[];
      readonly password?: Secret<string>;
    }
  | { readonly kind: 'cancel'; readonly request: Request; readonly jobs: readonly JobId[] }
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
    };

export type PanelInput =
  | PanelRequest
  | EffectAnswer
  /** A panel said `hello`. */
  | { readonly kind: 'connected'; readonly connection: ConnectionId }
  | { readonly kind: 'disconnected'; readonly connection: ConnectionId }
  | { readonly kind: 'timed-out'; readonly session: number }
  /** `seen`: as the person here sees it; undefined when it is none of theirs, or no more. */
  | { readonly kind: 'job-changed'; readonly job: Job; readonly seen: SeenJob | undefined }
  | { readonly kind: 'job-forgotten'; readonly job: JobId }
  | { readonly kind: 'job-progress'; readonly job: JobId; readonly progress: readonly JobProgress[] }
  | { readonly kind: 'person-removed'; readonly person: PersonId }
  /** The panel's configuration changes, or the gateway stops. */
  | { readonly kind: 'closing'; readonly reason: 'reload' | 'shutdown' };

/** What the panel is told, before it is put into words of the wire. */
export type Notice =
  | { readonly kind: 'welcome' }
  | { readonly kind: 'session'; readonly reason?: EndReason }
  | { readonly kind: 'jobs'; readonly listing: Listing }
  | { readonly kind: 'job'; readonly listed: SeenJob }
  | { readonly kind: 'job-gone'; readonly job: JobId }
  | { readonly kind: 'progress'; readonly job: JobId; readonly progress: readonly JobProgress[] }
  | {
      readonly kind: 'outcome';
      readonly job: JobId;
      readonly operation: 'release' | 'cancel';
      readonly outcome: Outcome;
    };

export type PanelEffect =
  | { readonly kind: 'ok'; readonly request: Request }
  | {
      readonly kind: 'error';
      readonly request: Request;
      readonly code: ErrorCode;
      readonly retryAfter?: Milliseconds;
    }
  /** To the connection of the new state. */
  | { readonly kind: 'tell'; readonly notice: Notice }
  /** Says goodbye to a connection that is no longer the panel's. */
  | {
      readonly kind: 'dismiss';
      readonly connection: ConnectionId;
      readonly reason: 'taken-over' | 'reload' | 'shutdown';
    }
  | { readonly kind: 'check'; readonly session: number; readonly code: Secret<string> }
  | { readonly kind: 'list'; readonly session: number; readonly person: PersonId }
  | {
      readonly kind: 'release';
      readonly session: number;
      readonly person: PersonId;
      readonly key: string;
      readonly jobs: readonly JobId[];
      readonly password?: Secret<string>;
    }
  | { readonly kind: 'cancel'; readonly session: number; readonly person: PersonId; readonly job: JobId }
  /** Starts the session's time anew. */
  | { readonly kind: 'restart-timer'; readonly session: number }
  | { readonly kind: 'began'; readonly person: PersonId }
  | { readonly kind: 'ended'; readonly person: PersonId; readonly reason: EndReason | 'connection-lost' };

export interface PanelStep {
  readonly state: PanelState;
  /** To be done in this order. */
  readonly effects: readonly PanelEffect[];
}
