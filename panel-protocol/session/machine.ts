/** The panel session: (state, input) → the state after it, and what has to be done. Pure. */
import type { Milliseconds } from '../../base/units.ts';
import type { EndReason, ErrorCode } from '../server-messages.ts';
import { acknowledged, cancel, cancelAnswered, release, releaseAnswered } from './releasing.ts';
import type {
  Checking,
  Idle,
  PanelEffect,
  PanelInput,
  PanelRequest,
  PanelState,
  PanelStep,
  Request,
  SignedIn,
  Verdict,
} from './state.ts';
import { jobChanged, jobForgotten, jobProgress, listingOf } from './watching.ts';

export const INITIAL: PanelState = { name: 'idle', connection: undefined, session: 0 };

export function step(state: PanelState, input: PanelInput): PanelStep {
  switch (input.kind) {
    case 'connected':
      return connected(state, input.connection);
    case 'disconnected':
      return input.connection === state.connection ? ended(state, 'connection-lost', undefined) : same(state);
    case 'closing':
      return closed(state, input.reason);
    case 'credential':
    case 'not-offered':
    case 'jobs':
    case 'release':
    case 'cancel':
    case 'activity':
    case 'logout':
      // What an earlier connection still asks is answered by its own goodbye.
      return input.request.connection === state.connection ? asked(state, input) : same(state);
    case 'verdict':
      if (state.name !== 'code' || input.session !== state.session) return same(state);
      return judged(state, input.verdict);
    default:
      return isSignedIn(state) ? happened(state, input) : same(state);
  }
}

type SessionInput = Exclude<
  PanelInput,
  PanelRequest | { kind: 'connected' | 'disconnected' | 'closing' | 'verdict' }
>;

/** What only a session hears. Answers and times of an earlier one are dropped. */
function happened(state: SignedIn, input: SessionInput): PanelStep {
  if ('session' in input && input.session !== state.session) return same(state);
  switch (input.kind) {
    case 'timed-out':
      return signedOut(state, 'time-out');
    case 'person-removed':
      return input.person === state.person.id ? signedOut(state, 'person-removed') : same(state);
    case 'listing':
      return {
        state: { ...state, listed: listingOf(input.listing) },
        effects: [{ kind: 'tell', notice: { kind: 'jobs', listing: input.listing } }],
      };
    case 'release-answers':
      return releaseAnswered(state, input.answers);
    case 'cancel-answer':
      return cancelAnswered(state, input.job, input.answer);
    case 'job-changed':
      return jobChanged(state, input.job, input.seen);
    case 'job-forgotten':
      return jobForgotten(state, input.job);
    case 'job-progress':
      return jobProgress(state, input.job, input.progress);
    default:
      return input satisfies never;
  }
}

function connected(state: PanelState, connection: number): PanelStep {
  const { effects } = ended(state, 'taken-over', undefined);
  const dismissed: PanelEffect[] =
    state.connection === undefined
      ? []
      : [{ kind: 'dismiss', connection: state.connection, reason: 'taken-over' }];
  return {
    state: idle(state, connection),
    effects: [
      ...dismissed,
      ...effects,
      { kind: 'tell', notice: { kind: 'welcome' } },
      { kind: 'tell', notice: { kind: 'session' } },
    ],
  };
}

function closed(state: PanelState, reason: 'reload' | 'shutdown'): PanelStep {
  const step = ended(state, reason, undefined);
  if (state.connection === undefined) return step;
  return {
    state: step.state,
    effects: [...step.effects, { kind: 'dismiss', connection: state.connection, reason }],
  };
}

function asked(state: PanelState, input: PanelRequest): PanelStep {
  if (input.kind === 'credential') return credential(state, input.request, input.code);
  if (input.kind === 'not-offered') return refused(state, input.request, 'not-allowed');
  if (!isSignedIn(state)) return refused(state, input.request, 'not-signed-in');
  switch (input.kind) {
    case 'activity':
      return { state, effects: acknowledged(state, input.request) };
    case 'jobs':
      return jobsAsked(state, input.request);
    case 'release':
      return release(state, input);
    case 'cancel':
      return cancel(state, input);
    case 'logout':
      return signedOut(state, 'logout', [{ kind: 'ok', request: input.request }]);
    default:
      return input satisfies never;
  }
}

function credential(state: PanelState, request: Request, code: PanelEffectOf<'check'>['code']): PanelStep {
  if (isSignedIn(state)) return refused(state, request, 'already-signed-in');
  if (state.name === 'code') return refused(state, request, 'not-now');
  const session = state.session + 1;
  return {
    state: { name: 'code', connection: state.connection, session, request },
    effects: [{ kind: 'check', session, code }],
  };
}

function judged(state: Checking, verdict: Verdict): PanelStep {
  const { request, connection, session } = state;
  if (!verdict.ok) {
    const error = { kind: 'error', request, ...refusalOf(verdict) } as const;
    return { state: idle(state, connection), effects: [error] };
  }
  const { person, listing } = verdict;
  const listed = listingOf(listing);
  return {
    state: { name: 'jobs', connection, session, person, listed, keys: new Map() },
    effects: [
      { kind: 'began', person: person.id },
      { kind: 'restart-timer', session },
      { kind: 'ok', request },
      { kind: 'tell', notice: { kind: 'session' } },
      { kind: 'tell', notice: { kind: 'jobs', listing } },
    ],
  };
}

function refusalOf(verdict: Verdict & { ok: false }): { code: ErrorCode; retryAfter?: Milliseconds } {
  switch (verdict.reason) {
    case 'unknown':
      return { code: 'credential-unknown' };
    case 'throttled':
      return { code: 'throttled', retryAfter: verdict.retryAfter };
    case 'failed':
      return { code: 'internal' };
  }
}

/** The list anew; the way back from the outcomes. */
function jobsAsked(state: SignedIn, request: Request): PanelStep {
  const { connection, session, person, listed, keys } = state;
  const list: PanelEffect = { kind: 'list', session, person: person.id };
  if (state.name !== 'done') return { state, effects: [...acknowledged(state, request), list] };
  return {
    state: { name: 'jobs', connection, session, person, listed, keys },
    effects: [...acknowledged(state, request), { kind: 'tell', notice: { kind: 'session' } }, list],
  };
}

function signedOut(state: SignedIn, reason: EndReason, answer: readonly PanelEffect[] = []): PanelStep {
  const step = ended(state, reason, state.connection);
  return {
    state: step.state,
    effects: [...step.effects, ...answer, { kind: 'tell', notice: { kind: 'session', reason } }],
  };
}

/** Nobody is signed in any more; jobs on their way to the printer go on. */
function ended(
  state: PanelState,
  reason: EndReason | 'connection-lost',
  connection: number | undefined,
): PanelStep {
  return {
    state: idle(state, connection),
    effects: isSignedIn(state) ? [{ kind: 'ended', person: state.person.id, reason }] : [],
  };
}

type PanelEffectOf<Kind extends PanelEffect['kind']> = Extract<PanelEffect, { kind: Kind }>;

const idle = (state: PanelState, connection: number | undefined): Idle => ({
  name: 'idle',
  connection,
  session: state.session,
});

const same = (state: PanelState): PanelStep => ({ state, effects: [] });

const refused = (state: PanelState, request: Request, code: ErrorCode): PanelStep => ({
  state,
  effects: [{ kind: 'error', request, code }],
});

export function isSignedIn(state: PanelState): state is SignedIn {
  return state.name === 'jobs' || state.name === 'releasing' || state.name === 'done';
}
