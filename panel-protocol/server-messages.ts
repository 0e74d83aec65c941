/** Messages to a panel, version 1: the schemas that the JSON Schema is written from, and the types that the code is held to. */
import { z } from 'zod';
import { LANGUAGES } from '../base/i18n/languages.ts';
import { ROLES } from './client-messages.ts';
import {
  canceled,
  completed,
  delivered,
  refused,
  troubled,
  troubleReason,
  wireCurrent,
  wireJob,
  wirePrinter,
  wireSupported,
} from './wire-schemas.ts';

export type {
  Outcome,
  RefusalReason,
  WireConflict,
  WireJob,
  WireNearest,
  WirePrinter,
} from './wire-schemas.ts';

/** Why a message was refused. The panel has the words for each. */
export const ERROR_CODES = [
  /** Not JSON, an unknown type or field, a wrong type, a bound passed: `field` says where. */
  'bad-message',
  /** An id that is not greater than all before on this connection. */
  'id-repeated',
  /** Anything before `hello`. */
  'hello-first',
  'version-unsupported',
  /** The key is no panel's, or no more. */
  'not-enrolled',
  'not-signed-in',
  'already-signed-in',
  /** A second credential while the first is being checked, a PIN that nobody wants, a second `hello`. */
  'not-now',
  /** This panel, or this connection of it, does not offer that. */
  'not-allowed',
  'credential-unknown',
  /** The badge is nobody's here. */
  'card-unknown',
  'pin-wrong',
  /** Too easy to guess, or no PIN at all. */
  'pin-refused',
  /** The badge could not be made theirs. */
  'not-bound',
  /** Too many wrong credentials here; `retry-after` says for how long. */
  'throttled',
  /** A reader's swipe, where no screen is connected and nothing is printed without one. */
  'no-screen',
  /** The job is not on the person's list. */
  'job-not-found',
  /** The key of this release was used in this session for other jobs. */
  'key-reused',
  'too-many-releases',
  /** The gateway failed; its log says how. */
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Why a session ended. */
export const END_REASONS = [
  /** By a message, or by the badge once more. */
  'logout',
  'time-out',
  'person-removed',
  'taken-over',
  'reload',
  'shutdown',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** Why a connection is ended. */
export const BYE_REASONS = [
  'taken-over',
  'too-many-readers',
  'reload',
  'shutdown',
  'too-fast',
  'hello-late',
  'version-unsupported',
  'not-enrolled',
] as const;
export type ByeReason = (typeof BYE_REASONS)[number];

export const SESSION_NAMES = ['idle', 'code', 'pin', 'bind', 'jobs', 'releasing', 'done'] as const;
export type SessionName = (typeof SESSION_NAMES)[number];

/** How people may sign in at a panel, as its configuration names it. */
export const SIGN_IN_WAYS = ['badge', 'code', 'badge-and-pin', 'password'] as const;
export type SignInWay = (typeof SIGN_IN_WAYS)[number];

/** What the person may do beside signing in, or printing. */
export const MAY = ['bind-by-sign-in', 'bind-by-activation', 'set-pin'] as const;
export type May = (typeof MAY)[number];

const seconds = z.int().min(0);
const count = z.int().min(0);
const jobId = z.int().min(1);
const message = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.object({ type: z.literal(type), ...shape });

const OF_A_JOB = {
  type: z.literal('outcome'),
  'job-id': jobId,
  operation: z.enum(['release', 'cancel']),
};

/** By their types, for who writes panels: the schemas take more fields than they name. */
export const SERVER_MESSAGES = {
  ok: message('ok', { re: z.int().min(1), 'time-left': seconds.exactOptional() }),
  error: message('error', {
    /** Null when the message had no readable id. */
    re: z.int().min(1).nullable(),
    code: z.enum(ERROR_CODES),
    field: z.string().exactOptional(),
    'retry-after': seconds.exactOptional(),
  }),
  welcome: message('welcome', {
    version: z.int().min(1),
    /** What the gateway is called. */
    name: z.string(),
    panel: z.string(),
    role: z.enum(ROLES),
    'sign-in': z.array(z.enum(SIGN_IN_WAYS)).readonly(),
    /** Which jobs are marked when the list opens. */
    marked: z.enum(['all', 'none']),
    language: z.enum(LANGUAGES).exactOptional(),
    /** Changes when the gateway's own panel page does, which then loads itself again. */
    page: z.string(),
    /** Where a session begins: the first of `printers`. */
    printer: wirePrinter,
    printers: z.array(wirePrinter).min(1).readonly(),
  }),
  printer: message('printer', { printer: wirePrinter }),
  session: message('session', {
    session: z.enum(SESSION_NAMES),
    person: z
      .object({
        'display-name': z.string(),
        /** What the person reads, where that is known: before the panel's own. */
        language: z.enum(LANGUAGES).exactOptional(),
      })
      .exactOptional(),
    /** The chosen one. */
    'printer-name': z.string().exactOptional(),
    may: z.array(z.enum(MAY)).readonly().exactOptional(),
    /** Whether the person has a PIN, where that is known. */
    'pin-set': z.boolean().exactOptional(),
    /** Seconds until the session ends by itself. */
    'time-left': seconds.exactOptional(),
    /** Why the last one ended; only with `idle`. */
    reason: z.enum(END_REASONS).exactOptional(),
  }),
  jobs: message('jobs', {
    /** Place of the first of these in the whole list; 0 starts a new list. */
    offset: count,
    /** Length of the whole list, which is complete when `offset` and these make it up. */
    total: count,
    /** Jobs beyond the bound, which are not listed. */
    omitted: count,
    'printer-current-time': z.string(),
    jobs: z.array(wireJob).readonly(),
  }),
  job: message('job', { job: wireJob }),
  'job-gone': message('job-gone', { 'job-id': jobId }),
  options: message('options', { 'job-id': jobId, supported: wireSupported, current: wireCurrent }),
  progress: message('progress', {
    'job-id': jobId,
    'job-k-octets-processed': count.exactOptional(),
    'job-impressions-completed': count.exactOptional(),
    'printer-state-reasons': z.array(z.string()).readonly().exactOptional(),
    /** The printer is not ready for it and will be asked again. */
    waiting: troubleReason.exactOptional(),
  }),
  outcome: z.discriminatedUnion('outcome', [
    completed.extend(OF_A_JOB),
    delivered.extend(OF_A_JOB),
    troubled.extend(OF_A_JOB),
    canceled.extend(OF_A_JOB),
    refused.extend(OF_A_JOB),
  ]),
  bye: message('bye', { reason: z.enum(BYE_REASONS) }),
} as const;

type Schemas = typeof SERVER_MESSAGES;
export type ServerMessage = { [Type in keyof Schemas]: Readonly<z.infer<Schemas[Type]>> }[keyof Schemas];
