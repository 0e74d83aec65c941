/** Restart-Job (RFC 8011 §4.3.7), Reprocess-Job (RFC 3998 §4.1) and Resubmit-Job (PWG 5100.7 §4.5). */
import { Status } from '../../../ipp/vocabulary/status.ts';
import { isTerminal } from '../../job.ts';
import type { Answer, Call } from '../call.ts';
import { Refusal } from '../refusal.ts';

/** The key of a document is destroyed when its job ends, so that nothing is left that could be printed once more. */
export function restartJob(call: Call): Answer {
  const job = call.jobTo('cancel');
  throw new Refusal(
    Status.clientErrorNotPossible,
    isTerminal(job.state) ? 'its document was destroyed when the job ended' : 'the job has not ended',
  );
}
