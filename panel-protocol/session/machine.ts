/** The panel session: (state, input) → the state after it, and what has to be done. Pure. */
import { READERS } from '../bounds.ts';
import type { Panel } from '../ports.ts';
import { askedOfSession } from './asking.ts';
import type { PanelEffect, PanelStep } from './effects.ts';
import { cancelAnswered, releaseAnswered } from './releasing.ts';
import { credential, judged, pin, requestActivation, swiped } from './signing-in.ts';
import {
  type ConnectionId,
  isSignedIn,
  type PanelInput,
  type PanelRequest,
  type PanelState,
  type SignedIn,
} from './state.ts';
import { acknowledged, ended, failed, idle, isHere, refused, same, signedOut } from './steps.ts';
import { jobChanged, jobForgotten, jobProgress, listingOf } from './watching.ts';

export const INITIAL: PanelState = { name: 'idle', connection: undefined, readers: [], session: 0 };

export function step(state: PanelState, input: PanelInput, panel: Panel): PanelStep {
  const after = taken(state, input, panel);
  // Without a screen nobody looks at the outcomes: the session is over when all has come out.
  if (!isSignedIn(after.state) || after.state.connection !== undefined || after.state.name === 'releasing')
    return after;
  const end = signedOut(after.state, 'logout');
  const work = after.effects.filter((effect) => effect.kind !== 'tell');
  return { state: end.state, effects: [...work, ...end.effects] };
}

function taken(state: PanelState, input: PanelInput, panel: Panel): PanelStep {
  if ('request' in input && input.kind !== 'pin-answer')
    return isHere(state, input.request.connection) ? asked(state, input, panel) : same(state);
  switch (input.kind) {
    case 'connected':
      return input.role === 'reader'
        ? readerConnected(state, input.connection)
        : screenConnected(state, input.connection);
    case 'disconnected':
      return disconnected(state, input.connection);
    case 'closing':
      return closed(state, input.reason);
    case 'pin-answer':
      return pinChanged(state, input);
    case 'verdict':
      if (input.session !== state.session) return same(state);
      if (state.name === 'code') return judged(state, input.verdict, panel);
      return isSignedIn(state) && state.swipe !== undefined
        ? swiped(state, state.swipe, input.verdict, panel)
        : same(state);
    case 'timed-out':
      if (input.session !== state.session || state.name === 'idle' || state.name === 'code')
        return same(state);
      return signedOut(state, 'time-out');
    default:
      return isSignedIn(state) ? happened(state, input) : same(state);
  }
}

type SessionInput = Exclude<
  PanelInput,
  PanelRequest | { kind: 'connected' | 'disconnected' | 'closing' | 'verdict' | 'pin-answer' | 'timed-out' }
>;

/** What only a session hears. Answers and times of an earlier one are dropped. */
function happened(state: SignedIn, input: SessionInput): PanelStep {
  if ('session' in input && input.session !== state.session) return same(state);
  switch (input.kind) {
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

function asked(state: PanelState, input: PanelRequest, panel: Panel): PanelStep {
  if (input.kind === 'credential') return credential(state, input, panel);
  if (input.kind === 'pin') return pin(state, input);
  // A reader reads, and nothing else.
  if (input.request.connection !== state.connection) return refused(state, input.request, 'not-allowed');
  if (input.kind === 'request-activation') return requestActivation(state, input, panel);
  if (isSignedIn(state)) return askedOfSession(state, input, panel);
  if (state.name === 'pin' || state.name === 'bind') {
    if (input.kind === 'activity') return { state, effects: acknowledged(state, input.request) };
    if (input.kind === 'logout') return signedOut(state, 'logout', [{ kind: 'ok', request: input.request }]);
  }
  return refused(state, input.request, 'not-signed-in');
}

/** The newest screen takes over, and begins signed out. */
function screenConnected(state: PanelState, connection: ConnectionId): PanelStep {
  const before = ended(state, 'taken-over');
  const dismissed: PanelEffect[] =
    state.connection === undefined
      ? []
      : [{ kind: 'dismiss', connection: state.connection, reason: 'taken-over' }];
  // The new screen hears of the state by its welcome, which comes first of all.
  const told: PanelEffect[] =
    state.name === 'idle' || state.readers.length === 0 ? [] : [{ kind: 'tell-readers' }];
  return {
    state: { ...before.state, connection },
    effects: [...dismissed, ...before.effects, ...told, { kind: 'welcome', connection, role: 'screen' }],
  };
}

function readerConnected(state: PanelState, connection: ConnectionId): PanelStep {
  if (state.readers.length >= READERS)
    return { state, effects: [{ kind: 'dismiss', connection, reason: 'too-many-readers' }] };
  return {
    state: { ...state, readers: [...state.readers, connection] },
    effects: [{ kind: 'welcome', connection, role: 'reader' }],
  };
}

/** A session ends when its screen's connection does. One without a screen goes on until all has come out. */
function disconnected(state: PanelState, connection: ConnectionId): PanelStep {
  if (connection === state.connection) {
    const end = ended(state, 'connection-lost');
    const told: PanelEffect[] =
      state.name === 'idle' || state.readers.length === 0
        ? []
        : [{ kind: 'tell', notice: { kind: 'session' } }];
    return { state: { ...end.state, connection: undefined }, effects: [...end.effects, ...told] };
  }
  if (!state.readers.includes(connection)) return same(state);
  const readers = state.readers.filter((each) => each !== connection);
  const isAsking = state.name === 'code' && state.request.connection === connection;
  return { state: isAsking ? { ...idle(state), readers } : { ...state, readers }, effects: [] };
}

function closed(state: PanelState, reason: 'reload' | 'shutdown'): PanelStep {
  const end = ended(state, reason);
  const all = [...(state.connection === undefined ? [] : [state.connection]), ...state.readers];
  return {
    state: { ...end.state, connection: undefined, readers: [] },
    effects: [
      ...end.effects,
      ...all.map((connection): PanelEffect => ({ kind: 'dismiss', connection, reason })),
    ],
  };
}

/** The PIN was set, or not, even if the person has left meanwhile. */
function pinChanged(
  state: PanelState,
  { session, request, answer }: Extract<PanelInput, { kind: 'pin-answer' }>,
): PanelStep {
  if (!answer.ok) {
    const code = answer.reason === 'failed' ? 'internal' : answer.reason;
    const retryAfter = answer.reason === 'throttled' ? answer.retryAfter : undefined;
    return { state, effects: [failed(request, code, retryAfter)] };
  }
  if (!isSignedIn(state) || session !== state.session) return { state, effects: [{ kind: 'ok', request }] };
  return {
    state: { ...state, pinSet: true },
    effects: [...acknowledged(state, request), { kind: 'tell', notice: { kind: 'session' } }],
  };
}
