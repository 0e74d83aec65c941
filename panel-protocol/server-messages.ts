/** Messages to a panel, version 1. */
import type { Language } from '../base/i18n/languages.ts';
import type { TroubleReason } from '../drivers/printers/port.ts';
import type { JobState } from '../spool/job.ts';
import type { ReleaseRefusal } from './ports.ts';

/** Why a message was refused. The panel has the words for each. */
export const ERROR_CODES = [
  /** Not JSON, an unknown type or field, a wrong type, a bound passed: `field` says where. */
  'bad-message',
  /** An id that is not greater than all before on this connection. */
  'id-repeated',
  /** Anything before `hello`. */
  'hello-first',
  'version-unsupported',
  'not-signed-in',
  'already-signed-in',
  /** A second credential while the first is being checked, or a second `hello`. */
  'not-now',
  'credential-unknown',
  /** Too many wrong credentials here; `retry-after` says for how long. */
  'throttled',
  /** The key of this release was used in this session for other jobs. */
  'key-reused',
  'too-many-releases',
  /** The gateway failed; its log says how. */
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Why a session ended, and why a connection is ended. */
export const END_REASONS = [
  'logout',
  'time-out',
  'person-removed',
  'taken-over',
  'reload',
  'shutdown',
] as const;
export type EndReason = (typeof END_REASONS)[number];
export type ByeReason =
  | 'taken-over'
  | 'reload'
  | 'shutdown'
  | 'too-fast'
  | 'hello-late'
  | 'version-unsupported';

export type SessionName = 'idle' | 'code' | 'jobs' | 'releasing' | 'done';

/** A job, in IPP's words. A claimable one has no name and no user. */
export interface WireJob {
  readonly 'job-id': number;
  readonly 'job-name'?: string;
  readonly 'job-state': JobState;
  readonly 'job-state-reasons': readonly string[];
  /** RFC 3339, in the gateway's time zone. */
  readonly 'date-time-at-creation': string;
  readonly 'job-k-octets'?: number;
  readonly 'job-impressions'?: number;
  readonly copies?: number;
  readonly sides?: string;
  readonly 'print-color-mode'?: string;
  /** What the client called its user; a claim. */
  readonly 'job-originating-user-name'?: string;
  /** Address of the client. */
  readonly 'job-originating-host-name': string;
  /** Belongs to nobody; printing it here makes it the person's. */
  readonly claimable: boolean;
  /** How the last try to print it ended, when that was not well. */
  readonly trouble?: {
    readonly outcome: 'not-printed' | 'aborted' | 'unknown';
    readonly reason: TroubleReason;
  };
}

export interface WirePrinter {
  readonly 'printer-name': string;
  readonly 'printer-info': string;
  readonly 'printer-location': string;
  readonly 'printer-state': 'idle' | 'processing' | 'stopped' | 'unknown';
  readonly 'printer-state-reasons': readonly string[];
  readonly 'printer-is-accepting-jobs': boolean;
}

/** `not-yours`: a job that may only be claimed. `internal`: the gateway failed; its log says how. */
export type RefusalReason = ReleaseRefusal | 'not-yours' | 'internal';

/** How one job of a release or a cancel ended. */
export type Outcome =
  /** The printer said so; impressions if it counted. */
  | { readonly outcome: 'completed'; readonly 'job-impressions-completed'?: number }
  /** The printer took all of it and says nothing of pages. */
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'not-printed' | 'aborted' | 'unknown'; readonly reason?: TroubleReason }
  | { readonly outcome: 'canceled' }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason };

export type ServerMessage =
  | { readonly type: 'ok'; readonly re: number; readonly 'time-left'?: number }
  | {
      readonly type: 'error';
      /** Null when the message had no readable id. */
      readonly re: number | null;
      readonly code: ErrorCode;
      readonly field?: string;
      /** Seconds. */
      readonly 'retry-after'?: number;
    }
  | {
      readonly type: 'welcome';
      readonly version: number;
      readonly panel: string;
      /** Kinds of credential that this panel takes. */
      readonly credentials: readonly 'code'[];
      readonly language?: Language;
      /** Changes when the gateway's own panel page does, which then loads itself again. */
      readonly page: string;
      readonly printer: WirePrinter;
    }
  | { readonly type: 'printer'; readonly printer: WirePrinter }
  | {
      readonly type: 'session';
      readonly session: SessionName;
      readonly person?: { readonly 'display-name': string };
      /** Seconds until the session ends by itself. */
      readonly 'time-left'?: number;
      /** Why the last one ended; only with `idle`. */
      readonly reason?: EndReason;
    }
  | {
      readonly type: 'jobs';
      /** Place of the first of these in the whole list; 0 starts a new list. */
      readonly offset: number;
      /** Length of the whole list, which is complete when `offset` and these make it up. */
      readonly total: number;
      /** Jobs beyond the bound, which are not listed. */
      readonly omitted: number;
      readonly 'printer-current-time': string;
      readonly jobs: readonly WireJob[];
    }
  | { readonly type: 'job'; readonly job: WireJob }
  | { readonly type: 'job-gone'; readonly 'job-id': number }
  | {
      readonly type: 'progress';
      readonly 'job-id': number;
      readonly 'job-k-octets-processed'?: number;
      readonly 'job-impressions-completed'?: number;
      readonly 'printer-state-reasons'?: readonly string[];
      /** The printer is not ready for it and will be asked again. */
      readonly waiting?: TroubleReason;
    }
  | ({
      readonly type: 'outcome';
      readonly 'job-id': number;
      readonly operation: 'release' | 'cancel';
    } & Outcome)
  | { readonly type: 'bye'; readonly reason: ByeReason };
