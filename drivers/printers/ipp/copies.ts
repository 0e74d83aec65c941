/** Copies for a printer that makes none by itself: the document is sent again and again. */
import type { PrintJob, PrintResult } from '../port.ts';

/** Copies made so; each is a job of its own at the printer. */
export const MOST_REPEATS = 100;

/**
 * @param copies 1 to {@link MOST_REPEATS}
 * @param print one copy
 */
export async function printRepeatedly(
  job: PrintJob,
  copies: number,
  print: (job: PrintJob) => Promise<PrintResult>,
): Promise<PrintResult> {
  let before: number | undefined = 0;
  for (let copy = 1; ; copy++) {
    const counted: number | undefined = before;
    const result = await print(copy === 1 ? job : laterCopy(job, counted ?? 0));
    const printed = result.outcome === 'completed' || result.outcome === 'delivered';
    const impressions: number | undefined = 'impressions' in result ? result.impressions : undefined;
    before = counted === undefined || impressions === undefined ? undefined : counted + impressions;
    if (printed && copy < copies) continue;
    return afterCopies(result, copy, before);
  }
}

/** @param copy the one that ended so */
function afterCopies(result: PrintResult, copy: number, impressions: number | undefined): PrintResult {
  if (copy === 1) return result;
  const counted = impressions === undefined ? {} : { impressions };
  switch (result.outcome) {
    case 'completed':
      return { outcome: 'completed', ...counted };
    case 'not-printed': {
      // The copies before it lie in the tray.
      const { trouble } = result;
      return { outcome: 'aborted', trouble: { ...trouble, detail: `copy ${copy}: ${trouble.detail}` } };
    }
    case 'aborted':
      return { outcome: 'aborted', trouble: result.trouble, ...counted };
    default:
      return result;
  }
}

/** Its octets are those of the first again, so that only pages are told. */
function laterCopy(job: PrintJob, impressions: number): PrintJob {
  return {
    name: job.name,
    userName: job.userName,
    format: job.format,
    octets: job.octets,
    ticket: job.ticket,
    required: job.required,
    intentKept: job.intentKept,
    open: () => job.open(),
    onProgress: (progress) => {
      if (progress.kind === 'printer-state') job.onProgress(progress);
      if (progress.kind === 'impressions')
        job.onProgress({ kind: 'impressions', completed: impressions + progress.completed });
    },
  };
}
