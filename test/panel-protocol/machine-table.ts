/** The panel session's states and events as fixtures, and steps in words: what `machine.test.ts` is a table of. */
import { Secret } from '../../base/secrets/secret.ts';
import { Milliseconds } from '../../base/units.ts';
import type { Person } from '../../identity/person.ts';
import type { Credential } from '../../panel-protocol/ports.ts';
import type { PanelEffect, PanelStep } from '../../panel-protocol/session/effects.ts';
import { INITIAL, step as stepAt } from '../../panel-protocol/session/machine.ts';
import type { PanelInput, PanelState, Verdict } from '../../panel-protocol/session/state.ts';
import { isOwnedBy, type Job, JobId } from '../../spool/job.ts';
import { CODE, job, MARIA, NOW, PAUL, panel, UNOWNED } from './fakes.ts';

/** The panel's connection, and one that came later. */
const HERE = 1;
const LATER = 2;
const KEY = 'key-0001';
const request = { connection: HERE, id: 9 };
const earlier = { connection: 0, id: 9 };
const release = { printer: 'mfp-2', key: KEY, by: MARIA.id, at: NOW };
const trouble = { printer: 'mfp-2', at: NOW };

/** Offers all that a panel can. */
export const PANEL = panel({
  printers: ['mfp-2', 'mfp-3'],
  signIn: ['badge', 'code', 'badge-and-pin', 'password'],
  bindCards: ['by-sign-in', 'by-activation'],
  changePin: true,
});

export const step = (state: PanelState, input: PanelInput): PanelStep => stepAt(state, input, PANEL);

export function after(state: PanelState, ...inputs: readonly PanelInput[]): PanelState {
  return inputs.reduce((each, input) => step(each, input).state, state);
}

/** As {@link MARIA} sees it: hers, or to be claimed. */
export function changed(job: Job, claimable = false) {
  const theirs = isOwnedBy(job, MARIA.id);
  const seen = theirs || claimable ? { job, claimable: !theirs } : undefined;
  return { kind: 'job-changed', job, seen } as const;
}

const listing = {
  jobs: [
    { job: job(1), claimable: false },
    { job: job(2), claimable: false },
    { job: job(3, UNOWNED), claimable: true },
  ],
  omitted: 0,
};
export const asked = (kind: 'code' | 'badge' | 'activation', from = request) => {
  const credential: Credential = { kind, value: new Secret(CODE) };
  return { kind: 'credential', request: from, credential, secure: true } as const;
};
const right = (person: Person) => ({ ok: true, person, listing, key: 'key-of-all' }) as const;
export const verdict = (verdict: Verdict, session = 1) => ({ kind: 'verdict', session, verdict }) as const;
export const refusal = (
  reason: 'unknown' | 'card-unknown' | 'bindable' | 'pin-needed' | 'failed' | 'not-bound',
) => verdict({ ok: false, reason });
const signedIn = verdict(right(MARIA));
const connected = after(INITIAL, { kind: 'connected', connection: HERE, role: 'screen' });
const code = after(connected, asked('code'));
const pin = after(code, refusal('pin-needed'));
const bind = after(connected, asked('badge'), refusal('bindable'));
const jobs = after(code, signedIn);
const releasing = after(
  jobs,
  { kind: 'release', request, key: KEY, jobs: [JobId(1)], before: [] },
  changed(job(1, { state: 'processing', release })),
);
const done = after(releasing, changed(job(1, { state: 'completed', confirmation: 'completed', release })));

export const STATES = { vacant: INITIAL, idle: connected, code, pin, bind, jobs, releasing, done } as const;
export type StateName = keyof typeof STATES;

export const EVENTS = {
  'a panel says hello': { kind: 'connected', connection: LATER, role: 'screen' },
  'its connection ends': { kind: 'disconnected', connection: HERE },
  'an older connection ends': { kind: 'disconnected', connection: 0 },
  'a code is typed': asked('code'),
  'a badge is read': asked('badge'),
  'an activation code is typed': asked('activation'),
  'a PIN is typed': { kind: 'pin', request, pin: new Secret(CODE) },
  'an activation code is asked for': { kind: 'request-activation', request, userName: 'user1' },
  'a code comes from an older connection': asked('code', earlier),
  'the code is right': verdict(right(PAUL)),
  'the code is unknown': refusal('unknown'),
  'the code is throttled': {
    kind: 'verdict',
    session: 1,
    verdict: { ok: false, reason: 'throttled', retryAfter: Milliseconds(4000) },
  },
  'the check fails': refusal('failed'),
  'a PIN is wanted': refusal('pin-needed'),
  'the badge may be bound': refusal('bindable'),
  'the badge is unknown': refusal('card-unknown'),
  'the badge is not bound': refusal('not-bound'),
  'an earlier code is right': { ...signedIn, session: 0 },
  'the list is asked for': { kind: 'jobs', request },
  'the list is there': { kind: 'listing', session: 1, listing },
  'an earlier list is there': { kind: 'listing', session: 0, listing },
  'all are released': { kind: 'release', request, key: 'key-0002', jobs: [1, 2, 3].map(JobId), before: [] },
  'what is not listed is released': {
    kind: 'release',
    request,
    key: 'key-0002',
    jobs: [JobId(99)],
    before: [],
  },
  'the first release is asked again': {
    kind: 'release',
    request,
    key: KEY,
    jobs: [JobId(1)],
    before: [],
  },
  'a release of an earlier session is asked again': {
    kind: 'release',
    request,
    key: 'key-0003',
    jobs: [7, 8].map(JobId),
    before: [
      job(7, { state: 'completed', confirmation: 'completed', release: { ...release, key: 'key-0003' } }),
      job(8, { state: 'processing', release: { ...release, key: 'key-0003' } }),
    ],
  },
  'its key comes with another job': {
    kind: 'release',
    request,
    key: KEY,
    jobs: [JobId(2)],
    before: [],
  },
  'another printer is chosen': { kind: 'choose-printer', request, printer: 'mfp-3' },
  'a printer of another panel is chosen': { kind: 'choose-printer', request, printer: 'mfp-9' },
  'options are asked for': { kind: 'options', request, job: JobId(2) },
  'options of a job of others are asked for': { kind: 'options', request, job: JobId(6) },
  'a PIN is set': { kind: 'set-pin', request, value: new Secret('1357') },
  'the PIN was set': { kind: 'pin-answer', session: 1, request, answer: { ok: true } },
  'the PIN was refused': {
    kind: 'pin-answer',
    session: 1,
    request,
    answer: { ok: false, reason: 'pin-refused' },
  },
  'the release is taken': { kind: 'release-answers', session: 1, answers: [{ job: JobId(1) }] },
  'the release is refused': {
    kind: 'release-answers',
    session: 1,
    answers: [{ job: JobId(1), refused: 'printer-gone' }],
  },
  'an earlier release is refused': {
    kind: 'release-answers',
    session: 0,
    answers: [{ job: JobId(1), refused: 'printer-gone' }],
  },
  'deleting is asked for': { kind: 'cancel', request, jobs: [2, 3, 99].map(JobId) },
  'a job was deleted': { kind: 'cancel-answer', session: 1, job: JobId(2), answer: 'canceled' },
  'a job could not be deleted': { kind: 'cancel-answer', session: 1, job: JobId(2), answer: 'internal' },
  'the screen is touched': { kind: 'activity', request },
  'signing out is asked for': { kind: 'logout', request },
  'the time is over': { kind: 'timed-out', session: 1 },
  'the time of an earlier session is over': { kind: 'timed-out', session: 0 },
  'a job arrives': changed(job(4)),
  'an unowned job arrives': changed(job(5, UNOWNED), true),
  'an unowned job arrives elsewhere': changed(job(5, UNOWNED)),
  'a job of somebody else changes': changed(
    job(6, { owner: { kind: 'person', person: PAUL.id, proof: 'claimed' } }),
  ),
  'somebody else claims a job': changed(
    job(3, { owner: { kind: 'person', person: PAUL.id, proof: 'at-panel' } }),
  ),
  'the first job is done': changed(
    job(1, { state: 'completed', confirmation: 'completed', impressionsCompleted: 3, release }),
  ),
  'the first job is delivered': changed(job(1, { state: 'completed', confirmation: 'delivered', release })),
  'the first job is held again': changed(
    job(1, { release, trouble: { ...trouble, outcome: 'unknown', reason: 'cut' } }),
  ),
  'the first job is cancelled': changed(job(1, { state: 'canceled', release })),
  'the first job is forgotten': { kind: 'job-forgotten', job: JobId(1) },
  'the second job prints': {
    kind: 'job-progress',
    job: JobId(2),
    progress: [{ kind: 'sent', octets: 1024 }],
  },
  'an unowned job prints': {
    kind: 'job-progress',
    job: JobId(3),
    progress: [{ kind: 'sent', octets: 1024 }],
  },
  'the person is removed': { kind: 'person-removed', person: MARIA.id },
  'somebody else is removed': { kind: 'person-removed', person: PAUL.id },
  'the configuration changes': { kind: 'closing', reason: 'reload' },
  'the gateway stops': { kind: 'closing', reason: 'shutdown' },
} as const satisfies Record<string, PanelInput>;
export type EventName = keyof typeof EVENTS;

/** `idle: ended time-out; tell session idle`; only the state's name when nothing is to be done, `-` when nothing changes. */
export function inWords(before: PanelState, { state, effects }: PanelStep): string {
  if (state === before && effects.length === 0) return '-';
  const isVacant = state.connection === undefined && state.readers.length === 0;
  const name = isVacant ? 'vacant' : state.name;
  return [name, effects.map((effect) => effectInWords(effect, state)).join('; ')].filter(Boolean).join(': ');
}

function effectInWords(effect: PanelEffect, state: PanelState): string {
  switch (effect.kind) {
    case 'ok':
      return 'ok';
    case 'error':
      return ['error', effect.code, effect.retryAfter].filter(Boolean).join(' ');
    case 'dismiss':
      return `dismiss ${effect.connection} ${effect.reason}`;
    case 'check':
      return effect.binding ? 'check to bind' : 'check';
    case 'check-pin':
    case 'list':
    case 'began':
    case 'set-pin':
    case 'request-activation':
    case 'tell-readers':
      return effect.kind;
    case 'welcome':
      return `welcome ${effect.role}`;
    case 'warm':
      return `warm ${effect.printer}`;
    case 'options':
      return `options ${effect.listed.job.id} at ${effect.printer}`;
    case 'restart-timer':
      return 'timer';
    case 'release':
      return `release ${effect.jobs.join(' ')}`;
    case 'cancel':
      return `cancel ${effect.job}`;
    case 'ended':
      return `ended ${effect.reason}`;
    case 'tell':
      return `tell ${noticeInWords(effect.notice, state)}`;
    default:
      return effect satisfies never;
  }
}

function noticeInWords(notice: Extract<PanelEffect, { kind: 'tell' }>['notice'], state: PanelState): string {
  switch (notice.kind) {
    case 'session':
      return ['session', state.name, notice.reason].filter(Boolean).join(' ');
    case 'job':
      return `job ${notice.listed.job.id}${notice.listed.claimable ? ' claimable' : ''}`;
    case 'job-gone':
    case 'progress':
      return `${notice.kind} ${notice.job}`;
    case 'outcome': {
      const { operation, job, outcome } = notice;
      return [operation, job, outcome.outcome, 'reason' in outcome ? outcome.reason : '']
        .filter(Boolean)
        .join(' ');
    }
    default:
      return notice.kind;
  }
}
