/** What the panel session wants done. */
import type { Secret } from '../../base/secrets/secret.ts';
import type { Milliseconds } from '../../base/units.ts';
import type { PersonId } from '../../identity/person.ts';
import type { JobId, JobProgress } from '../../spool/job.ts';
import type { Role } from '../client-messages.ts';
import type { Credential, SeenJob, TicketChanges } from '../ports.ts';
import type { EndReason, ErrorCode, Outcome } from '../server-messages.ts';
import type { ConnectionId, Listing, PanelState, Request } from './state.ts';

/** What the screen is told, before it is put into words of the wire. */
export type Notice =
  /** Readers hear it too, without the person. */
  | { readonly kind: 'session'; readonly reason?: EndReason }
  /** Whoever was there has left, and somebody else comes in the same step: nothing of the first may stay on the screen. */
  | { readonly kind: 'left' }
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
  /** A new connection is told where it is, and the state. */
  | { readonly kind: 'welcome'; readonly connection: ConnectionId; readonly role: Role }
  | { readonly kind: 'tell'; readonly notice: Notice }
  /** The state, to the readers only. */
  | { readonly kind: 'tell-readers' }
  /** Says goodbye to a connection that is none of the panel's, or no more. */
  | {
      readonly kind: 'dismiss';
      readonly connection: ConnectionId;
      readonly reason: 'taken-over' | 'too-many-readers' | 'reload' | 'shutdown';
    }
  /** `binding`: whoever it is gets the unknown badge that was read before. */
  | {
      readonly kind: 'check';
      readonly session: number;
      readonly connection: ConnectionId;
      readonly credential: Credential;
      readonly binding: boolean;
    }
  | {
      readonly kind: 'check-pin';
      readonly session: number;
      readonly connection: ConnectionId;
      readonly pin: Secret<string>;
      readonly binding: boolean;
    }
  | { readonly kind: 'request-activation'; readonly connection: ConnectionId; readonly userName: string }
  | {
      readonly kind: 'set-pin';
      readonly session: number;
      readonly person: PersonId;
      readonly request: Request;
      readonly current?: Secret<string>;
      readonly value: Secret<string>;
    }
  /** Answers the request too. */
  | {
      readonly kind: 'options';
      readonly request: Request;
      readonly printer: string;
      readonly listed: SeenJob;
    }
  | {
      readonly kind: 'list';
      readonly session: number;
      readonly person: PersonId;
      readonly printer: string;
    }
  | {
      readonly kind: 'release';
      readonly session: number;
      readonly person: PersonId;
      readonly printer: string;
      readonly key: string;
      readonly jobs: readonly JobId[];
      readonly password?: Secret<string>;
      readonly keep?: true;
      readonly changes?: TicketChanges;
    }
  | { readonly kind: 'cancel'; readonly session: number; readonly person: PersonId; readonly job: JobId }
  /** Starts the session's time anew. */
  | { readonly kind: 'restart-timer'; readonly session: number }
  /** Somebody who may print stands at it. */
  | { readonly kind: 'warm'; readonly printer: string }
  | { readonly kind: 'began'; readonly person: PersonId }
  | { readonly kind: 'ended'; readonly person: PersonId; readonly reason: EndReason | 'connection-lost' };

export interface PanelStep {
  readonly state: PanelState;
  /** To be done in this order. */
  readonly effects: readonly PanelEffect[];
}
