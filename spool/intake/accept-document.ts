/** Receives a job's document and keeps both for good; the job is announced as receiving meanwhile. */
import { Failure } from '../../base/errors.ts';
import type { Attributes } from '../../ipp/model.ts';
import type { Job } from '../job.ts';
import type { Call } from './call.ts';
import { compressionOf, supportedFormats } from './new-job.ts';
import { receiveDocument } from './receive-document.ts';

/**
 * @param job without a document yet; announced or new.
 * @returns the job as it is kept, or undefined when no document came. The caller takes the announcement back when this
 * gives undefined or rejects.
 */
export async function acceptDocument(call: Call, job: Job, printer: Attributes): Promise<Job | undefined> {
  const { jobs, log } = call.intake;
  jobs.announce({ ...job, receiving: true });
  const kept = await receiveAndKeep(call, job, printer).catch((error: unknown) => {
    throw isDiskFull(error) ? call.intake.room.diskFull() : error;
  });
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
}

/** Its octets count for their owner from the first one on; they are let go of when it fails, or counted with the job. */
async function receiveAndKeep(call: Call, job: Job, printer: Attributes): Promise<Job | undefined> {
  using room = call.intake.room.receive(job);
  const received = await receiveDocument(
    call,
    job.id,
    call.operation('document-format'),
    supportedFormats(printer),
    compressionOf(call),
    room,
  );
  if (received === undefined) return undefined;
  const { receiving: _receiving, ...rest } = job;
  const kept: Job = { ...rest, document: received.document };
  await call.intake.jobs.accept(kept, received.writer);
  return kept;
}

const isDiskFull = (error: unknown): boolean => error instanceof Failure && error.code === 'disk-full';

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
