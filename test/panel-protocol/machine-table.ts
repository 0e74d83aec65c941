/** The panel session's states and events as fixtures, and steps in words: what `machine.test.ts` is a table of. */
import { Secret } from '../../base/secrets/secret.ts';
import { Milliseconds } from '../../base/units.ts';
import { INITIAL, step } from '../../panel-protocol/session/machine.ts';
import type { PanelEffect, PanelInput, PanelState, PanelStep } from '../../panel-protocol/session/state.ts';
import { isOwnedBy, type Job, JobId } from '../../spool/job.ts';
import { CODE, job, MARIA, NOW, PAUL, UNOWNED } from './fakes.ts';

/** The panel's connection, and one that came later. */
const HERE = 1;
const LATER = 2;
const KEY = 'key-0001';
const request = { connection: HERE, id: 9 };
const earlier = { connection: 0, id: 9 };
const release = { printer: 'mfp-2', key: KEY, by: MARIA.id, at: NOW };
const trouble = { printer: 'mfp-2', at: NOW };

function after(state: PanelState, ...inputs: readonly PanelInput[]): PanelState {
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
const signedIn = { kind: 'verdict', session: 1, verdict: { ok: true, person: MARIA, listing } } as const;
const connected = after(INITIAL, { kind: 'connected', connection: HERE });
const code = after(connected, { kind: 'credential', request, code: new Secret(CODE) });
const jobs = after(code, signedIn);
const releasing = after(
  jobs,
  { kind: 'release', request, key: KEY, jobs: [JobId(1)] },
  changed(job(1, { state: 'processing', release })),
);
const done = after(releasing, changed(job(1, { state: 'completed', confirmation: 'completed', release })));

export const STATES = { vacant: INITIAL, idle: connected, code, jobs, releasing, done } as const;
export type StateName = keyof typeof STATES;

export const EVENTS = {
  'a panel says hello': { kind: 'connected', connection: LATER },
  'its connection ends': { kind: 'disconnected', connection: HERE },
  'an older connection ends': { kind: 'disconnected', connection: 0 },
  'a code is typed': { kind: 'credential', request, code: new Secret(CODE) },
  'a code comes from an older connection': { kind: 'credential', request: earlier, code: new Secret(CODE) },
  'the code is right': { kind: 'verdict', session: 1, verdict: { ok: true, person: PAUL, listing } },
  'the code is unknown': { kind: 'verdict', session: 1, verdict: { ok: false, reason: 'unknown' } },
  'the code is throttled': {
    kind: 'verdict',
    session: 1,
    verdict: { ok: false, reason: 'throttled', retryAfter: Milliseconds(4000) },
  },
  'the check fails': { kind: 'verdict', session: 1, verdict: { ok: false, reason: 'failed' } },
  'an earlier code is right': { ...signedIn, session: 0 },
  'the list is asked for': { kind: 'jobs', request },
  'the list is there': { kind: 'listing', session: 1, listing },
  'an earlier list is there': { kind: 'listing', session: 0, listing },
  'all are released': { kind: 'release', request, key: 'key-0002', jobs: [1, 2, 3].map(JobId) },
  'what is not listed is released': { kind: 'release', request, key: 'key-0002', jobs: [JobId(99)] },
  'the first release is asked again': { kind: 'release', request, key: KEY, jobs: [JobId(1)] },
  'its key comes with another job': { kind: 'release', request, key: KEY, jobs: [JobId(2)] },
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
  const name = state.connection === undefined ? 'vacant' : state.name;
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
    case 'list':
    case 'began':
      return effect.kind;
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
