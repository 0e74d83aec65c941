/**
 * Hold-Job, Release-Job (RFC 8011 §4.3.5, §4.3.6) and Set-Job-Attributes (RFC 3380 §4.2), which CUPS sends for
 * `lp -H resume`. All of them change the client's own hold; the queue's policy hold stays until somebody signs in.
 */
import type { Attributes } from '../../../ipp/model.ts';
import { read } from '../../../ipp/vocabulary/read.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';
import { type Answer, type Call, ok } from '../call.ts';
import { Refusal } from '../refusal.ts';

export async function holdJob(call: Call): Promise<Answer> {
  return changeHold(call, call.operation('job-hold-until') ?? 'indefinite');
}

export async function releaseJob(call: Call): Promise<Answer> {
  return changeHold(call, 'no-hold');
}

export async function setJobAttributes(call: Call): Promise<Answer> {
  const sent = call.group('job');
  const others = sent.filter((attribute) => attribute.name !== 'job-hold-until');
  if (others.size > 0) {
    throw new Refusal(Status.clientErrorAttributesNotSettable, 'only job-hold-until can be changed', others);
  }
  const holdUntil = readHold(sent);
  if (holdUntil === undefined) throw new Refusal(Status.clientErrorBadRequest, 'there is nothing to change');
  return changeHold(call, holdUntil);
}

function readHold(sent: Attributes): string | undefined {
  try {
    return read(sent, 'job-hold-until');
  } catch {
    throw unsupportedHold(sent);
  }
}

async function changeHold(call: Call, holdUntil: string): Promise<Answer> {
  if (holdUntil !== 'no-hold' && holdUntil !== 'indefinite') {
    throw unsupportedHold(call.group('job').with(call.group('operation')));
  }
  const { jobs, log } = call.intake;
  const change = jobs.apply(call.jobTo('hold').id, { kind: 'hold-changed', holdUntil });
  if (change === undefined) throw new Refusal(Status.clientErrorNotPossible, 'the job is not held');
  await change.kept;
  log.info('hold changed by the client', { 'job-id': change.job.id, 'job-hold-until': holdUntil });
  return ok();
}

function unsupportedHold(sent: Attributes): Refusal {
  const hold = sent.get('job-hold-until');
  return new Refusal(
    Status.clientErrorAttributesOrValuesNotSupported,
    'job-hold-until may be no-hold or indefinite',
    hold === undefined ? [] : [hold],
  );
}
