/** `which-jobs` of Get-Jobs and its kin (RFC 8011 §4.2.6.1, PWG 5100.7, PWG 5100.11). */
import { isTerminal, type Job } from '../job.ts';

/** `mine`: the job is one of the requester's. */
export const WHICH_JOBS: Readonly<Record<string, (job: Job, mine: boolean) => boolean>> = {
  completed: (job) => isTerminal(job.state),
  'not-completed': (job) => !isTerminal(job.state),
  all: () => true,
  aborted: (job) => job.state === 'aborted',
  canceled: (job) => job.state === 'canceled',
  pending: (job) => job.state === 'pending',
  'pending-held': (job) => job.state === 'pending-held',
  processing: (job) => job.state === 'processing',
  'stored-owner': (job, mine) => mine && job.stored === true && !isTerminal(job.state),
  // There are none, so the list is empty; IPP/2.2 wants the word (PWG 5100.12 §6.4).
  'proof-print': () => false,
};
