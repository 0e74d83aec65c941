/** What became of a released job, as the fault tables have it. */
import { Words } from '../../../panel-protocol/plain/words.ts';
import type { Job } from '../../../spool/job.ts';

export const words = new Words('en');

/** Printed, or held again with the reason. */
export const isOver = (job: Job | undefined): boolean =>
  job?.state === 'completed' || (job?.state === 'pending-held' && job.trouble !== undefined);

/** What it ended as: confirmed, or why it is held. */
export const endOf = ({ trouble, confirmation }: Job): string =>
  trouble === undefined ? (confirmation ?? 'still there') : `${trouble.outcome}: ${trouble.reason}`;

/** As the machine of the panel session makes it of the job. */
export function sentenceFor({ trouble, confirmation, impressionsCompleted: pages }: Job): string {
  if (trouble !== undefined) return words.trouble(trouble.outcome, trouble.reason);
  if (confirmation === 'delivered') return words.say('outcome-delivered');
  return pages ? words.say('outcome-completed-pages', { n: pages }) : words.say('outcome-completed');
}
