/** Small steps that the parts of the machine share. */
import type { Milliseconds } from '../../base/units.ts';
import type { EndReason, ErrorCode } from '../server-messages.ts';
import type { PanelEffect, PanelStep } from './effects.ts';
import { type ConnectionId, type Idle, isSignedIn, type PanelState, type Request } from './state.ts';

export const same = (state: PanelState): PanelStep => ({ state, effects: [] });

export const refused = (state: PanelState, request: Request, code: ErrorCode): PanelStep => ({
  state,
  effects: [{ kind: 'error', request, code }],
});

export const failed = (request: Request, code: ErrorCode, retryAfter?: Milliseconds): PanelEffect =>
  retryAfter === undefined ? { kind: 'error', request, code } : { kind: 'error', request, code, retryAfter };

export const idle = ({ connection, readers, session }: PanelState): Idle => ({
  name: 'idle',
  connection,
  readers,
  session,
});

/** A touch was taken: the time runs anew. */
export function acknowledged(state: PanelState, request: Request): PanelEffect[] {
  return [
    { kind: 'restart-timer', session: state.session },
    { kind: 'ok', request },
  ];
}

/** Nobody is signed in or signing in any more; jobs on their way to the printer go on. */
export function ended(state: PanelState, reason: EndReason | 'connection-lost'): PanelStep {
  return {
    state: idle(state),
    effects: [
      ...(isSignedIn(state) ? [{ kind: 'ended', person: state.person.id, reason } as const] : []),
      ...abandoned(state),
    ],
  };
}

/** Says so to the person too, and answers what led to it. */
export function signedOut(
  state: PanelState,
  reason: EndReason,
  answer: readonly PanelEffect[] = [],
): PanelStep {
  const step = ended(state, reason);
  return {
    state: step.state,
    effects: [...step.effects, ...answer, { kind: 'tell', notice: { kind: 'session', reason } }],
  };
}

/** What is being checked while the session ends has its answer too, if its connection stays. */
function abandoned(state: PanelState): PanelEffect[] {
  const request = waiting(state);
  return request !== undefined && (isSignedIn(state) || state.readers.includes(request.connection))
    ? [{ kind: 'error', request, code: 'not-now' }]
    : [];
}

function waiting(state: PanelState): Request | undefined {
  if (state.name === 'code') return state.request;
  return isSignedIn(state) ? state.swipe : undefined;
}

/** True of a connection whose messages count: what an earlier one still asks is answered by its own goodbye. */
export function isHere(state: PanelState, connection: ConnectionId): boolean {
  return connection === state.connection || state.readers.includes(connection);
}
