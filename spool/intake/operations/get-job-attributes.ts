/** Get-Job-Attributes (RFC 8011 §4.3.4). */
import { type Answer, type Call, ok } from '../call.ts';
import { jobAttributes } from '../job-attributes.ts';
import { selectRequested } from '../requested.ts';

export function getJobAttributes(call: Call): Answer {
  const requested = call.operation('requested-attributes');
  const all = jobAttributes(call, call.job);
  return ok({ kind: 'job', attributes: selectRequested(all, requested, 'job-description') });
}
