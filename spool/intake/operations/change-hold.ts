/**
 * Hold-Job, Release-Job (RFC 8011 §4.3.5, §4.3.6) and Set-Job-Attributes (RFC 3380 §4.2), which CUPS sends for
 * `lp -H resume`. All of them change the client's own waits. What waits for somebody at a panel goes on waiting.
 */
import { Attributes } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { isUndecided, underPolicy } from '../../held-reasons.ts';
import type { ClientWait } from '../../holding.ts';
import type { Job } from '../../job.ts';
import type { JobEvent } from '../../job-machine.ts';
import { SETTABLE } from '../attributes/holding.ts';
import type { Answer, Call } from '../call.ts';
import { DELAY, HOLD, LONGEST_WAIT, readWait } from '../holding/waits.ts';
import { jobStatus } from '../job-attributes.ts';
import { Refusal } from '../refusal.ts';

export async function holdJob(call: Call): Promise<Answer> {
  const { hold } = readWaits(call, call.group('operation'));
  const job = await change(call, [holdChange(call, hold ?? { until: 'indefinite' })]);
  return answer(call, job);
}

export async function releaseJob(call: Call): Promise<Answer> {
  const job = underPolicy(call.jobTo('hold'), call.queue);
  if (job.state === 'pending-held' && !hasToLift(job)) {
    throw new Refusal(
      Status.clientErrorNotPossible,
      `there is no hold of yours to lift; ${whatItWaitsFor(job)}`,
    );
  }
  return answer(call, await change(call, [{ kind: 'resumed' }]));
}

export async function setJobAttributes(call: Call): Promise<Answer> {
  const sent = call.group('job');
  const others = sent.filter(({ name }) => !(SETTABLE as readonly string[]).includes(name));
  if (others.size > 0) {
    throw new Refusal(
      Status.clientErrorAttributesNotSettable,
      `only ${SETTABLE.join(', ')} can be changed`,
      Array.from(others, ({ name }) => ({ name, values: [{ syntax: 'not-settable' }] })),
    );
  }
  const { hold, delay } = readWaits(call, sent);
  const events: JobEvent[] = [];
  if (hold !== undefined) events.push(holdChange(call, hold));
  if (delay !== undefined) events.push({ kind: 'delay-changed', delay, ...expiry(call, delay) });
  if (events.length === 0) throw new Refusal(Status.clientErrorBadRequest, 'there is nothing to change');
  return answer(call, await change(call, events));
}

/** To lift the hold is to ask for the document. */
function holdChange(call: Call, hold: ClientWait): JobEvent {
  return hold.until === HOLD.none
    ? { kind: 'resumed' }
    : { kind: 'hold-changed', hold, ...expiry(call, hold) };
}

/** A job that waits for a time is there when it comes, and as long after it as any other; but not longer and longer. */
const expiry = (call: Call, { at }: ClientWait) =>
  at === undefined
    ? {}
    : { expiresAt: Math.min(at, call.job.createdAt + LONGEST_WAIT) + call.intake.heldTime() };

function readWaits(call: Call, sent: Attributes) {
  const now = call.intake.clock.now();
  const hold = readWait(sent, HOLD, now);
  const delay = readWait(sent, DELAY, now);
  const unsupported = [...hold.unsupported, ...delay.unsupported];
  if (unsupported.length > 0) {
    throw new Refusal(
      Status.clientErrorAttributesOrValuesNotSupported,
      'see job-hold-until-supported and job-hold-until-time-supported',
      new Attributes(unsupported),
    );
  }
  return { hold: hold.wait, delay: delay.wait };
}

async function change(call: Call, events: readonly JobEvent[]): Promise<Job> {
  const { jobs, log } = call.intake;
  const { id } = call.jobTo('hold');
  const changes = events.map((event) => jobs.apply(id, event));
  const job = changes.at(-1)?.job;
  if (job === undefined) throw new Refusal(Status.clientErrorNotPossible, 'the job is not held');
  await Promise.all(changes.map((each) => each?.kept));
  log.info('hold changed by the client', { 'job-id': id, 'job-hold-until': job.holdUntil });
  return job;
}

const hasToLift = (job: Job): boolean =>
  job.holdUntil !== HOLD.none || (job.releaseAction === 'none' && (job.stored === true || isUndecided(job)));

/** With the state after it, and what has to happen for the document to be printed. */
function answer(call: Call, job: Job): Answer {
  return {
    status: Status.successfulOk,
    groups: [{ kind: 'job', attributes: attributes(jobStatus(call, job)) }],
    message: whatItWaitsFor(underPolicy(job, call.queue)),
  };
}

function whatItWaitsFor(job: Job): string {
  if (job.holdUntil !== HOLD.none) return 'it is held until then, or until it is released';
  if (job.delayOutput !== undefined) return 'it is printed when job-delay-output-until is over';
  switch (job.releaseAction) {
    case 'none':
      return 'it is printed as soon as the printer takes it';
    case 'owner-authorized':
      return 'it is printed when its owner signs in at a printer';
    case 'job-password':
      return 'it is printed when its password is typed at a printer';
    case 'button-press':
      return 'it is printed when somebody takes it at a printer';
    default:
      return job.releaseAction satisfies never;
  }
}
