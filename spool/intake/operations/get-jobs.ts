/** Get-Jobs (RFC 8011 §4.2.6): the queue's jobs, what each requester may know of them. */
import { setImmediate } from 'node:timers/promises';
import type { Group } from '../../../ipp/model.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { isTerminal, type Job } from '../../job.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { jobAttributes } from '../job-attributes.ts';
import { Refusal } from '../refusal.ts';
import { selectRequested } from '../requested.ts';
import { WHICH_JOBS } from '../which-jobs.ts';

/** What a client gets that does not say what it wants (RFC 8011 §4.2.6.1). */
const BY_DEFAULT = ['job-id', 'job-uri'];
/** Jobs in one answer, whatever the client asks. */
const MOST = 1000;
/** Jobs that are told at once; a thousand take a fifth of a second, in which others want their turn. */
const SLICE = 20;

export async function getJobs(call: Call): Promise<Answer> {
  const which = call.operation('which-jobs') ?? 'not-completed';
  const isWanted = Object.hasOwn(WHICH_JOBS, which) ? WHICH_JOBS[which] : undefined;
  if (isWanted === undefined) {
    const attribute = call.group('operation').get('which-jobs');
    throw new Refusal(
      Status.clientErrorAttributesOrValuesNotSupported,
      'which-jobs names no list of jobs that there is; see which-jobs-supported',
      attribute === undefined ? [] : [attribute],
    );
  }
  if (call.operation('my-jobs') === true && call.isNobody) {
    throw new Refusal(Status.clientErrorBadRequest, 'my-jobs needs requesting-user-name');
  }
  const named = call.operation('job-ids');
  // A client may name thousands, and there may be thousands.
  const ids = named && new Set(named);
  if (ids !== undefined) refuseBoth(call);
  const requested = call.operation('requested-attributes') ?? BY_DEFAULT;
  const first = (call.operation('first-index') ?? 1) - 1;
  const limit = Math.min(call.operation('limit') ?? MOST, MOST);
  const all = wantedJobs(call, ids === undefined ? isWanted : (job) => ids.has(job.id));
  const jobs = all.slice(first, first + limit);
  const groups: Group[] = [];
  for (const job of jobs) {
    const told = selectRequested(jobAttributes(call, job), requested, 'job-description');
    groups.push({ kind: 'job', attributes: told });
    if (groups.length % SLICE === 0) await setImmediate();
  }
  return ok(...groups);
}

/** Which jobs is said by their ids or in general, not both (PWG 5100.7 §4.4). */
function refuseBoth(call: Call): void {
  const general = call.group('operation').filter(({ name }) => name === 'which-jobs' || name === 'my-jobs');
  if (general.size === 0) return;
  throw new Refusal(
    Status.clientErrorConflictingAttributes,
    'job-ids does not go together with which-jobs or my-jobs',
    general,
  );
}

type IsWanted = (job: Job, mine: boolean) => boolean;

/** Living jobs oldest first, ended ones newest first (RFC 8011 §4.2.6.2). */
function wantedJobs(call: Call, isWanted: IsWanted): Job[] {
  const mine = call.operation('my-jobs') === true;
  const found: Job[] = [];
  for (const job of call.intake.jobs.all()) {
    if (job.queue !== call.queue.name) continue;
    const theirs = call.rightsOver(job).list;
    if (isWanted(job, theirs) && (theirs || !mine)) found.push(job);
  }
  const living = found.filter((job) => !isTerminal(job.state));
  const ended = found.filter((job) => isTerminal(job.state));
  return [...living, ...ended.sort((a, b) => (b.completedAt ?? 0) - (a.completedAt ?? 0))];
}
