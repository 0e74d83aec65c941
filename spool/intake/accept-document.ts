/** Receives a job's document and keeps both for good; the job is announced as receiving meanwhile. */
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
  const received = await receiveDocument(
    call,
    job.id,
    call.operation('document-format'),
    supportedFormats(printer),
    compressionOf(call),
  );
  if (received === undefined) return undefined;
  const { receiving: _receiving, ...rest } = job;
  const kept: Job = { ...rest, document: received.document };
  await jobs.accept(kept, received.writer);
  log.info('job accepted', {
    'job-id': kept.id,
    queue: kept.queue,
    client: kept.submitter.address,
    owner: kept.owner.kind === 'person' ? kept.owner.person : 'nobody yet',
    format: received.document.format,
    octets: received.document.octets,
  });
  return kept;
}
