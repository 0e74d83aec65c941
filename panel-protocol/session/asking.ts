/** The part of the machine that hears what a signed-in person asks for. */
import type { Panel } from '../ports.ts';
import type { PanelEffect, PanelStep } from './effects.ts';
import { cancel, release } from './releasing.ts';
import type { PanelRequest, Request, SignedIn } from './state.ts';
import { acknowledged, refused, signedOut } from './steps.ts';

type SessionRequest = Exclude<PanelRequest, { kind: 'credential' | 'pin' | 'request-activation' }>;
type Asked<Kind extends SessionRequest['kind']> = Extract<SessionRequest, { kind: Kind }>;

export function askedOfSession(state: SignedIn, input: SessionRequest, panel: Panel): PanelStep {
  switch (input.kind) {
    case 'activity':
      return { state, effects: acknowledged(state, input.request) };
    case 'jobs':
      return jobsAsked(state, input.request);
    case 'choose-printer':
      return choosePrinter(state, input, panel);
    case 'options':
      return options(state, input);
    case 'release':
      return release(state, input);
    case 'cancel':
      return cancel(state, input);
    case 'set-pin':
      return setPin(state, input, panel);
    case 'logout':
      return signedOut(state, 'logout', [{ kind: 'ok', request: input.request }]);
    default:
      return input satisfies never;
  }
}

/** The list anew; the way back from the outcomes. */
function jobsAsked(state: SignedIn, request: Request): PanelStep {
  if (state.name !== 'done') return { state, effects: [...acknowledged(state, request), list(state)] };
  const { released: _, ...rest } = state;
  return {
    state: { ...rest, name: 'jobs' },
    effects: [...acknowledged(state, request), { kind: 'tell', notice: { kind: 'session' } }, list(state)],
  };
}

/** What the jobs ask for and what each printer can do differ: the list comes anew. */
function choosePrinter(
  state: SignedIn,
  { request, printer }: Asked<'choose-printer'>,
  panel: Panel,
): PanelStep {
  if (!panel.printers.includes(printer)) return refused(state, request, 'not-allowed');
  if (state.name === 'releasing') return refused(state, request, 'not-now');
  if (printer === state.printer) return { state, effects: acknowledged(state, request) };
  const after = { ...state, printer };
  return {
    state: after,
    effects: [
      { kind: 'warm', printer },
      ...acknowledged(state, request),
      { kind: 'tell', notice: { kind: 'session' } },
      list(after),
    ],
  };
}

function options(state: SignedIn, { request, job }: Asked<'options'>): PanelStep {
  const listed = state.listed.get(job);
  if (listed === undefined) return refused(state, request, 'job-not-found');
  return {
    state,
    effects: [
      { kind: 'restart-timer', session: state.session },
      { kind: 'options', request, printer: state.printer, listed },
    ],
  };
}

function setPin(state: SignedIn, input: Asked<'set-pin'>, panel: Panel): PanelStep {
  if (!panel.changePin) return refused(state, input.request, 'not-allowed');
  const { session, person } = state;
  return { state, effects: [{ ...input, kind: 'set-pin', session, person: person.id }] };
}

const list = ({ session, person, printer }: SignedIn): PanelEffect => ({
  kind: 'list',
  session,
  person: person.id,
  printer,
});
