/** The part of the machine that signs people in: what they show, the PIN beside it, and badges that become theirs. */
import type { JobId } from '../../spool/job.ts';
import { ACTIVATION_REQUESTS } from '../bounds.ts';
import { type Credential, firstPrinter, type Panel } from '../ports.ts';
import type { ErrorCode, SignInWay } from '../server-messages.ts';
import type { PanelEffect, PanelStep } from './effects.ts';
import { isReleasable } from './outcome.ts';
import {
  type Binding,
  type Checking,
  type Idle,
  isSignedIn,
  type Jobs,
  type PanelRequest,
  type PanelState,
  type PinWanted,
  type Request,
  type SignedIn,
  type Verdict,
} from './state.ts';
import { acknowledged, ended, failed, idle, refused, signedOut } from './steps.ts';
import { listingOf } from './watching.ts';

type Asked<Kind extends PanelRequest['kind']> = Extract<PanelRequest, { kind: Kind }>;
const LEFT: PanelEffect = { kind: 'tell', notice: { kind: 'left' } };
type Good = Extract<Verdict, { ok: true }>;

/** How people may sign in by a connection: never with a password that others could read on the way. */
export function waysOf({ signIn }: Panel, secure: boolean): readonly SignInWay[] {
  return secure ? signIn : signIn.filter((way) => way !== 'password');
}

export function credential(
  state: PanelState,
  { request, credential, secure }: Asked<'credential'>,
  panel: Panel,
): PanelStep {
  if (!isOffered(credential, panel, secure)) return refused(state, request, 'not-allowed');
  if (state.connection === undefined && !panel.releaseAll) return refused(state, request, 'no-screen');
  if (state.name === 'code') return refused(state, request, 'not-now');
  if (isSignedIn(state)) return secondSwipe(state, request, credential);
  if (credential.kind === 'activation' && state.name !== 'bind') return refused(state, request, 'not-now');
  const binding =
    state.name === 'bind' &&
    (credential.kind === 'activation' ||
      (credential.kind !== 'badge' && panel.bindCards.includes('by-sign-in')));
  const session = state.session + 1;
  const { connection, readers } = state;
  return {
    state: { name: 'code', connection, readers, session, request, before: state, of: 'first', binding },
    effects: [{ kind: 'check', session, connection: request.connection, credential, binding }],
  };
}

export function pin(state: PanelState, { request, pin }: Asked<'pin'>): PanelStep {
  if (state.name !== 'pin') return refused(state, request, 'not-now');
  const { connection, readers, binding } = state;
  const session = state.session + 1;
  return {
    state: { name: 'code', connection, readers, session, request, before: state, of: 'pin', binding },
    effects: [{ kind: 'check-pin', session, connection: request.connection, pin, binding }],
  };
}

/** Says nothing of whether there is such a person. */
export function requestActivation(
  state: PanelState,
  { request, userName }: Asked<'request-activation'>,
  panel: Panel,
): PanelStep {
  if (state.name !== 'bind') return refused(state, request, 'not-now');
  if (!panel.bindCards.includes('by-activation')) return refused(state, request, 'not-allowed');
  if (state.asked >= ACTIVATION_REQUESTS) return refused(state, request, 'throttled');
  return {
    state: { ...state, asked: state.asked + 1 },
    effects: [
      ...acknowledged(state, request),
      { kind: 'request-activation', connection: request.connection, userName },
    ],
  };
}

export function judged(state: Checking, verdict: Verdict, panel: Panel): PanelStep {
  const { request } = state;
  if (verdict.ok) return begun(state, request, verdict, panel);
  if (verdict.reason === 'pin-needed' && state.of === 'first') return pinWanted(state, request);
  if (verdict.reason === 'bindable' && !state.binding) return bindable(state, request);
  const { code, retryAfter } = refusalOf(verdict, state.of);
  const before = verdict.reason === 'not-bound' ? idle(state) : backTo(state);
  const effects = [failed(request, code, retryAfter)];
  if (before.name === 'idle' && state.before.name !== 'idle')
    return { state: before, effects: [...effects, { kind: 'tell', notice: { kind: 'session' } }] };
  return before.name === 'idle'
    ? { state: before, effects }
    : { state: before, effects: [{ kind: 'restart-timer', session: before.session }, ...effects] };
}

/** A badge that was read while somebody is signed in: theirs ends the session, another's begins its own. */
export function swiped(state: SignedIn, request: Request, verdict: Verdict, panel: Panel): PanelStep {
  const { swipe: _, ...rest } = state;
  const whose = verdict.ok ? verdict.person.id : verdict.reason === 'pin-needed' ? verdict.person : undefined;
  if (whose === state.person.id) return signedOut(rest, 'logout', [{ kind: 'ok', request }]);
  if (verdict.ok || verdict.reason === 'pin-needed') {
    const end = ended(rest, 'logout');
    const fresh = { ...end.state, session: state.session + 1 };
    const next = verdict.ok ? begun(fresh, request, verdict, panel) : pinWanted(fresh, request);
    return { state: next.state, effects: [...end.effects, LEFT, ...next.effects] };
  }
  const { code, retryAfter } = refusalOf(verdict, 'first');
  return { state: rest, effects: [failed(request, code, retryAfter)] };
}

function secondSwipe(state: SignedIn, request: Request, credential: Credential): PanelStep {
  if (credential.kind !== 'badge') return refused(state, request, 'already-signed-in');
  if (state.swipe !== undefined) return refused(state, request, 'not-now');
  const { session } = state;
  return {
    state: { ...state, swipe: request },
    effects: [{ kind: 'check', session, connection: request.connection, credential, binding: false }],
  };
}

function begun(
  { connection, readers, session }: PanelState,
  request: Request,
  { person, pinSet, language, listing, key }: Good,
  panel: Panel,
): PanelStep {
  if (connection === undefined && !panel.releaseAll)
    return refused(idle({ name: 'idle', connection, readers, session }), request, 'no-screen');
  const printer = firstPrinter(panel);
  const state: Jobs = {
    name: 'jobs',
    connection,
    readers,
    session,
    person,
    ...(pinSet === undefined ? {} : { pinSet }),
    ...(language === undefined ? {} : { language }),
    printer,
    listed: listingOf(listing),
    keys: new Map(),
  };
  const effects: PanelEffect[] = [
    { kind: 'warm', printer },
    { kind: 'began', person: person.id },
    ...acknowledged(state, request),
  ];
  if (connection === undefined) return releaseAll(state, key, effects);
  return {
    state,
    effects: [
      ...effects,
      { kind: 'tell', notice: { kind: 'session' } },
      { kind: 'tell', notice: { kind: 'jobs', listing } },
    ],
  };
}

/** Without a screen: all that is theirs, is held, and asks for nothing more than who they are. */
function releaseAll(state: Jobs, key: string, effects: readonly PanelEffect[]): PanelStep {
  const jobs: JobId[] = [...state.listed.values()]
    .filter(({ claimable, owner }) => !claimable && owner === undefined)
    .map(({ job }) => job)
    .filter((job) => isReleasable(job) && job.releaseAction !== 'job-password')
    .map((job) => job.id);
  if (jobs.length === 0) return { state, effects };
  const { session, person, printer } = state;
  const released = new Map(jobs.map((job) => [job, { key, started: false }]));
  return {
    state: { ...state, name: 'releasing', released, keys: new Map([[key, jobs]]) },
    effects: [
      ...effects,
      { kind: 'tell', notice: { kind: 'session' } },
      { kind: 'release', session, person: person.id, printer, key, jobs },
    ],
  };
}

function pinWanted(state: PanelState, request: Request): PanelStep {
  const { connection, readers, session } = state;
  const binding = state.name === 'code' && state.binding;
  return waitingFor({ name: 'pin', connection, readers, session, binding }, request);
}

function bindable({ connection, readers, session }: Checking, request: Request): PanelStep {
  return waitingFor({ name: 'bind', connection, readers, session, asked: 0 }, request);
}

function waitingFor(state: PinWanted | Binding, request: Request): PanelStep {
  return {
    state,
    effects: [...acknowledged(state, request), { kind: 'tell', notice: { kind: 'session' } }],
  };
}

/** Where the person was before what was shown turned out wrong. */
function backTo(state: Checking): Idle | PinWanted | Binding {
  const { connection, readers, session } = state;
  return { ...state.before, connection, readers, session };
}

function refusalOf(
  verdict: Extract<Verdict, { ok: false }>,
  of: Checking['of'],
): { code: ErrorCode; retryAfter?: Extract<Verdict, { reason: 'throttled' }>['retryAfter'] } {
  switch (verdict.reason) {
    case 'throttled':
      return { code: 'throttled', retryAfter: verdict.retryAfter };
    case 'failed':
      return { code: 'internal' };
    case 'not-bound':
      return { code: 'not-bound' };
    case 'card-unknown':
    case 'bindable':
      return { code: 'card-unknown' };
    case 'unknown':
    case 'pin-needed':
      return { code: of === 'pin' ? 'pin-wrong' : 'credential-unknown' };
  }
}

function isOffered(credential: Credential, panel: Panel, secure: boolean): boolean {
  const ways = waysOf(panel, secure);
  switch (credential.kind) {
    case 'badge':
      return ways.includes('badge') || ways.includes('badge-and-pin');
    case 'activation':
      return panel.bindCards.includes('by-activation');
    default:
      return ways.includes(credential.kind);
  }
}
