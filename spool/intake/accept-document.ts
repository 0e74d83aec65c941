/** Receives a job's document and keeps both for good; the job is marked as receiving meanwhile. */
import { Failure } from '../../base/errors.ts';
import type { Attributes } from '../../ipp/model.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { isTerminal, type Job } from '../job.ts';
import type { Call } from './call.ts';
import { compressionOf, supportedFormats } from './new-job.ts';
import { receiveDocument } from './receive-document.ts';
import { Refusal } from './refusal.ts';

/**
 * @param job that was announced. After a failure it waits for its document as before.
 * @returns the job as it is kept, or undefined when no document came.
 * @throws Refusal `not-possible` when its document is here or arriving already, or when the job has ended.
 */
export async function acceptDocument(call: Call, { id }: Job, printer: Attributes): Promise<Job | undefined> {
  const { jobs, log, room } = call.intake;
  const receiving = jobs.apply(id, { kind: 'document-started' })?.job;
  if (receiving === undefined) throw notAwaited(jobs.get(id));
  try {
    const kept = await receiveAndKeep(call, receiving, printer);
    if (kept === undefined) return undefined;
    log.info('job accepted', {
      'job-id': kept.id,
      queue: kept.queue,
      client: kept.submitter.address,
      owner: kept.owner.kind === 'person' ? kept.owner.person : 'nobody yet',
      proof: kept.owner.kind === 'person' ? kept.owner.proof : undefined,
      format: kept.document?.format,
      octets: kept.document?.octets,
    });
    audit(call, kept);
    return kept;
  } catch (error) {
    if (isFailure(error, 'disk-full')) throw room.diskFull();
    throw isFailure(error, 'job-not-awaited') ? notAwaited(jobs.get(id)) : error;
  } finally {
    jobs.apply(id, { kind: 'document-failed' });
  }
}

/** Its octets count for their owner from the first one on; they are let go of when it fails, or counted with the job. */
async function receiveAndKeep(call: Call, job: Job, printer: Attributes): Promise<Job | undefined> {
  const { jobs } = call.intake;
  using room = call.intake.room.receive(job);
  const received = await receiveDocument(
    call,
    job.id,
    call.operation('document-format'),
    supportedFormats(printer),
    compressionOf(call),
    async (octets) => {
      const latest = jobs.get(job.id);
      if (latest === undefined || isTerminal(latest.state)) throw notAwaited(latest);
      await room.take(octets);
    },
  );
  if (received === undefined) return undefined;
  const kept = await jobs.accept(job.id, received.document, received.writer);
  if (isTerminal(kept.state)) throw notAwaited(kept);
  return kept;
}

/** Who said whose job it is, where it was not the owner: the one thing that a submitter token could be misused for. */
function audit({ intake }: Call, { id, owner, submitter }: Job): void {
  if (owner.kind !== 'person' || owner.proof !== 'named') return;
  intake.log.info('job named by token', {
    'job-id': id,
    token: submitter.token,
    owner: owner.person,
    client: submitter.address,
  });
}

function notAwaited(job: Job | undefined): Refusal {
  if (job === undefined) return new Refusal(Status.clientErrorNotFound, 'there is no such job');
  return new Refusal(
    Status.clientErrorNotPossible,
    isTerminal(job.state) ? 'the job has ended' : 'a document of this job is arriving already',
  );
}

const isFailure = (error: unknown, code: string): boolean => error instanceof Failure && error.code === code;
