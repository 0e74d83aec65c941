/** Validate-Job (RFC 8011 §4.2.3): everything that Print-Job would check, and no job. */
import type { Attributes } from '../../../ipp/model.ts';
import type { Answer, Call } from '../call.ts';
import { admitJob } from '../new-job.ts';

export async function validateJob(call: Call, printer: Attributes): Promise<Answer> {
  const { status, unsupported } = await admitJob(call, printer);
  return { status, unsupported, groups: [] };
}
