/** The part of the machine that keeps the person's list up to date with the jobs themselves. */
import type { Job, JobId, JobProgress } from '../../spool/job.ts';
import { LISTED_JOBS } from '../bounds.ts';
import type { SeenJob } from '../ports.ts';
import type { PanelEffect, PanelStep } from './effects.ts';
import { follow, isLiving } from './outcome.ts';
import { settled, told } from './releasing.ts';
import type { Listing, Released, SignedIn } from './state.ts';

export function listingOf(listing: Listing): ReadonlyMap<JobId, SeenJob> {
  return new Map(listing.jobs.map((each) => [each.job.id, each]));
}

export function jobChanged(state: SignedIn, job: Job, seen: SeenJob | undefined): PanelStep {
  const relisted = relist(state, job, seen);
  return followed(relisted.state, job.id, relisted.effects, (released) => follow(released, job));
}

/** A job that ended is told as such before it is forgotten; one that was forgotten first can only have been removed. */
export function jobForgotten(state: SignedIn, job: JobId): PanelStep {
  const relisted = unlist(state, job);
  return followed(relisted.state, job, relisted.effects, (released) => ({
    ...released,
    outcome: released.outcome ?? { outcome: 'canceled' },
  }));
}

export function jobProgress(state: SignedIn, job: JobId, progress: readonly JobProgress[]): PanelStep {
  const listed = state.listed.get(job);
  if (listed === undefined || listed.claimable) return { state, effects: [] };
  return { state, effects: [{ kind: 'tell', notice: { kind: 'progress', job, progress } }] };
}

/** Looks at a released job again; its outcome is told before the list's own news of it. */
function followed(
  state: SignedIn,
  job: JobId,
  news: readonly PanelEffect[],
  look: (released: Released) => Released,
): PanelStep {
  const before = state.name === 'jobs' ? undefined : state.released.get(job);
  if (state.name === 'jobs' || before === undefined) return { state, effects: news };
  const after = look(before);
  if (after === before) return { state, effects: news };
  const outcome =
    before.outcome === undefined && after.outcome !== undefined ? [told(job, 'release', after.outcome)] : [];
  return settled(state, new Map(state.released).set(job, after), [...outcome, ...news]);
}

interface Relisted {
  readonly state: SignedIn;
  readonly effects: readonly PanelEffect[];
}

function relist(state: SignedIn, job: Job, seen: SeenJob | undefined): Relisted {
  if (!isLiving(job) || seen === undefined) return unlist(state, job.id);
  if (!state.listed.has(job.id) && state.listed.size >= LISTED_JOBS) return { state, effects: [] };
  return {
    state: { ...state, listed: new Map(state.listed).set(job.id, seen) },
    effects: [{ kind: 'tell', notice: { kind: 'job', listed: seen } }],
  };
}

function unlist(state: SignedIn, job: JobId): Relisted {
  if (!state.listed.has(job)) return { state, effects: [] };
  const listed = new Map(state.listed);
  listed.delete(job);
  return {
    state: { ...state, listed },
    effects: [{ kind: 'tell', notice: { kind: 'job-gone', job } }],
  };
}
