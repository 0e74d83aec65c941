/** Receives a job's documents and, with the last, keeps all for good; the job is marked as receiving meanwhile. */
import { Failure } from '../../base/errors.ts';
import type { Attributes } from '../../ipp/model.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { isTerminal, type Job } from '../job.ts';
import type { Call } from './call.ts';
import { asDocument } from './gathering.ts';
import { compressionOf, supportedFormats } from './new-job.ts';
import { receiveDocument } from './receive-document.ts';
import { Refusal } from './refusal.ts';

/**
 * @param job that was announced. After a failure it waits for its document as before; only where others have come already
 * is it aborted, as they are lost with the one that failed.
 * @param last whether no document follows.
 * @returns the job as it is kept, or as it waits for more; undefined when no document came.
 * @throws Refusal `not-possible` when its document is here or arriving already, or when the job has ended.
 */
export async function acceptDocument(
  call: Call,
  { id }: Job,
  printer: Attributes,
  last: boolean,
): Promise<Job | undefined> {
  const { jobs, clock, room } = call.intake;
  const receiving = jobs.apply(id, { kind: 'document-started' })?.job;
  if (receiving === undefined) throw notAwaited(jobs.get(id));
  const isFirst = call.gathering.get(id) === undefined;
  try {
    const taken = await receiveAndKeep(call, receiving, printer, last);
    if (taken?.document !== undefined) report(call, taken);
    return taken;
  } catch (error) {
    if (!isFirst) jobs.apply(id, { kind: 'documents-failed', at: clock.now() });
    if (isFailure(error, 'disk-full')) throw room.diskFull();
    throw isFailure(error, 'job-not-awaited') ? notAwaited(jobs.get(id)) : error;
  } finally {
    jobs.apply(id, { kind: 'document-failed' });
  }
}

/** Its octets count for their owner from the first one on; they are let go of when it fails, or counted with the job. */
async function receiveAndKeep(
  call: Call,
  job: Job,
  printer: Attributes,
  last: boolean,
): Promise<Job | undefined> {
  const { jobs, clock } = call.intake;
  const earlier = call.gathering.take(job.id);
  using held = new DisposableStack();
  const room = held.use(earlier?.room ?? call.intake.room.receive(job));
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
    earlier?.writer,
  );
  const parts = [...(earlier?.parts ?? []), ...(received === undefined ? [] : [received.document])];
  const document = asDocument(parts);
  const writer = received?.writer ?? earlier?.writer;
  if (document === undefined || writer === undefined) return undefined;
  if (!last) {
    const waiting = jobs.apply(job.id, { kind: 'document-gathered', at: clock.now() })?.job;
    if (waiting === undefined) {
      await writer.discard();
      throw notAwaited(jobs.get(job.id));
    }
    held.move();
    call.gathering.keep(job.id, { writer, room, parts });
    return received === undefined ? undefined : waiting;
  }
  const kept = await jobs.accept(job.id, document, writer);
  if (isTerminal(kept.state)) throw notAwaited(kept);
  return kept;
}

function report(call: Call, job: Job): void {
  call.intake.log.info('job accepted', {
    'job-id': job.id,
    queue: job.queue,
    client: job.submitter.address,
    owner: job.owner.kind === 'person' ? job.owner.person : 'nobody yet',
    proof: job.owner.kind === 'person' ? job.owner.proof : undefined,
    format: job.document?.format,
    documents: job.document?.parts?.length,
    octets: job.document?.octets,
  });
  audit(call, job);
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
