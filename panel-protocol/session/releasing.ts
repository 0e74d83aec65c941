/** The part of the machine that releases and cancels jobs, and sees each of them to its own end. */
import type { JobId } from '../../spool/job.ts';
import { RELEASES_PER_SESSION } from '../bounds.ts';
import type { SeenJob } from '../ports.ts';
import type { Outcome } from '../server-messages.ts';
import type { PanelEffect, PanelStep } from './effects.ts';
import { follow, isReleasable } from './outcome.ts';
import type { EffectAnswer, JobAnswer, PanelRequest, Released, Releasing, SignedIn } from './state.ts';
import { acknowledged, refused } from './steps.ts';

type CancelAnswered = Extract<EffectAnswer, { kind: 'cancel-answer' }>;
type Asked<Kind extends PanelRequest['kind']> = Extract<PanelRequest, { kind: Kind }>;

export function release(state: SignedIn, input: Asked<'release'>): PanelStep {
  const { request, key, jobs, password, keep, changes } = input;
  const known = state.keys.get(key);
  if (known !== undefined) {
    // The same release, asked again because its answer was lost: acknowledged, and nothing more.
    return sameJobs(known, jobs)
      ? { state, effects: acknowledged(state, request) }
      : refused(state, request, 'key-reused');
  }
  if (state.keys.size >= RELEASES_PER_SESSION) return refused(state, request, 'too-many-releases');

  const released = new Map(state.name === 'releasing' ? state.released : []);
  const wanted: JobId[] = [];
  const ends: PanelEffect[] = [];
  for (const job of jobs) {
    const before = input.before.find(({ id }) => id === job);
    if (before !== undefined) {
      // The same release, asked again after a restart or in another session: what became of it is told again.
      const entry = follow({ key, started: true }, before);
      released.set(job, entry);
      if (entry.outcome !== undefined) ends.push(told(job, 'release', entry.outcome));
      continue;
    }
    const outcome = objection(state.listed.get(job), released.get(job));
    if (outcome === undefined) {
      wanted.push(job);
      released.set(job, { key, started: false });
    } else {
      ends.push(told(job, 'release', outcome));
    }
  }
  const after = withReleased({ ...state, keys: new Map(state.keys).set(key, jobs) }, released);
  const order: PanelEffect[] =
    wanted.length === 0
      ? []
      : [
          {
            kind: 'release',
            session: state.session,
            person: state.person.id,
            printer: state.printer,
            key,
            jobs: wanted,
            ...(password === undefined ? {} : { password }),
            ...(keep === undefined ? {} : { keep }),
            ...(changes === undefined ? {} : { changes }),
          },
        ];
  return {
    state: after,
    // The printer is called before anybody is told; how the order gets on is told behind all of this.
    effects: [
      ...order,
      ...acknowledged(state, request),
      ...ends,
      { kind: 'tell', notice: { kind: 'session' } },
    ],
  };
}

/** A job that was refused has come to its end; how the others end is told by their changes. */
export function releaseAnswered(state: SignedIn, answers: readonly JobAnswer[]): PanelStep {
  if (state.name === 'jobs') return { state, effects: [] };
  const released = new Map(state.released);
  const effects: PanelEffect[] = [];
  for (const { job, refused } of answers) {
    const entry = released.get(job);
    if (refused === undefined || entry === undefined || !isUnderWay(entry)) continue;
    const outcome: Outcome = { outcome: 'refused', reason: refused };
    released.set(job, { ...entry, outcome });
    effects.push(told(job, 'release', outcome));
  }
  return settled(state, released, effects);
}

export function cancel(state: SignedIn, { request, jobs }: Asked<'cancel'>): PanelStep {
  const effects = jobs.map((job): PanelEffect => {
    const listed = state.listed.get(job);
    if (listed === undefined) return told(job, 'cancel', { outcome: 'refused', reason: 'job-not-found' });
    if (listed.claimable || listed.owner !== undefined)
      return told(job, 'cancel', { outcome: 'refused', reason: 'not-yours' });
    return { kind: 'cancel', session: state.session, person: state.person.id, job };
  });
  return { state, effects: [...acknowledged(state, request), ...effects] };
}

export function cancelAnswered(state: SignedIn, job: JobId, answer: CancelAnswered['answer']): PanelStep {
  const outcome: Outcome =
    answer === 'canceled' ? { outcome: 'canceled' } : { outcome: 'refused', reason: answer };
  return { state, effects: [told(job, 'cancel', outcome)] };
}

/**
 * The state with what became of its released jobs. When the last of them has ended, the session's time starts anew, so
 * that the outcomes can be read; that happens once after a touch.
 */
export function settled(
  state: Releasing,
  released: ReadonlyMap<JobId, Released>,
  outcomes: readonly PanelEffect[],
): PanelStep {
  const after = withReleased(state, released);
  if (after.name === state.name) return { state: after, effects: outcomes };
  return {
    state: after,
    effects: [
      ...outcomes,
      { kind: 'restart-timer', session: state.session },
      { kind: 'tell', notice: { kind: 'session' } },
    ],
  };
}

export function told(job: JobId, operation: 'release' | 'cancel', outcome: Outcome): PanelEffect {
  return { kind: 'tell', notice: { kind: 'outcome', job, operation, outcome } };
}

/** Why the job can't be released now, undefined when it can. */
function objection(listed: SeenJob | undefined, released: Released | undefined): Outcome | undefined {
  if (listed === undefined) return { outcome: 'refused', reason: 'job-not-found' };
  if (isUnderWay(released) || !isReleasable(listed.job))
    return { outcome: 'refused', reason: 'job-not-held' };
  return undefined;
}

function withReleased(state: SignedIn, released: ReadonlyMap<JobId, Released>): Releasing {
  const underWay = [...released.values()].some(isUnderWay);
  return { ...state, name: underWay ? 'releasing' : 'done', released };
}

const isUnderWay = (released: Released | undefined): boolean =>
  released !== undefined && released.outcome === undefined;

const sameJobs = (a: readonly JobId[], b: readonly JobId[]): boolean =>
  a.length === b.length && a.every((job) => b.includes(job));
