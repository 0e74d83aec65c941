/** What is wrong with a job's document, found when its pages were counted. It may be printed all the same. */
import type { Job } from '../job.ts';

/** Values of `job-state-reasons` (PWG 5100.13, RFC 8011 §5.3.8). */
export type DocumentFlaw = 'document-password-error' | 'document-format-error';

export function flawOf({ document }: Job): DocumentFlaw | undefined {
  switch (document?.count?.kind) {
    case 'password':
      return 'document-password-error';
    case 'damaged':
      return 'document-format-error';
    default:
      return undefined;
  }
}
