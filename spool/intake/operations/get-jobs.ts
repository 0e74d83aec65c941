/** Get-Jobs (RFC 8011 §4.2.6): the queue's jobs, what each requester may know of them. */
import { Status } from '../../../ipp/vocabulary/status.ts';
import { isTerminal, type Job } from '../../job.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { jobAttributes } from '../job-attributes.ts';
import { Refusal } from '../refusal.ts';
import { selectRequested } from '../requested.ts';

/** What a client gets that does not say what it wants (RFC 8011 §4.2.6.1). */
const BY_DEFAULT = ['job-id', 'job-uri'];
/** Jobs in one answer, whatever the client asks. */
const MOST = 1000;

const WHICH: Readonly<Record<string, (job: Job) => boolean>> = {
  'not-completed': (job) => !isTerminal(job.state),
  completed: (job) => isTerminal(job.state),
  all: () => true,
};

export function getJobs(call: Call): Answer {
  const which = call.operation('which-jobs') ?? 'not-completed';
  const isWanted = WHICH[which];
  if (isWanted === undefined) {
    const attribute = call.group('operation').get('which-jobs');
    throw new Refusal(
      Status.clientErrorAttributesOrValuesNotSupported,
      'which-jobs may be completed, not-completed or all',
      attribute === undefined ? [] : [attribute],
    );
  }
  if (call.operation('my-jobs') === true && call.isNobody) {
    throw new Refusal(Status.clientErrorBadRequest, 'my-jobs needs requesting-user-name');
  }
  const requested = call.operation('requested-attributes') ?? BY_DEFAULT;
  const jobs = wantedJobs(call, isWanted).slice(0, Math.min(call.operation('limit') ?? MOST, MOST));
  return ok(
    ...jobs.map((job) => {
      const all = jobAttributes(call, job);
      return { kind: 'job', attributes: selectRequested(all, requested, 'job-description') } as const;
    }),
  );
}

/** Living jobs oldest first, ended ones newest first (RFC 8011 §4.2.6.2). */
function wantedJobs(call: Call, isWanted: (job: Job) => boolean): Job[] {
  const mine = call.operation('my-jobs') === true;
  const found: Job[] = [];
  for (const job of call.intake.jobs.all()) {
    if (job.queue !== call.queue.name || !isWanted(job)) continue;
    if (!mine || call.rightsOver(job).list) found.push(job);
  }
  const living = found.filter((job) => !isTerminal(job.state));
  const ended = found.filter((job) => isTerminal(job.state));
  return [...living, ...ended.sort((a, b) => (b.completedAt ?? 0) - (a.completedAt ?? 0))];
}
