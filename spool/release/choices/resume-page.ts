/** Where to go on after a cut: a pure function of what the printer counted. */
import type { PrinterDescription } from '../../../drivers/printers/description.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import type { Job } from '../../job.ts';
import { changedTicket, pageRangesOf } from './changes.ts';
import { optionsFor } from './options.ts';

/**
 * The page of the document behind the last one that came out, when the last print was cut and its printer had counted;
 * undefined when that is not known, when nothing is left, or where the printer cannot begin in the middle. Of several
 * copies, or several pages on a side, a count says nothing of pages.
 */
export function resumePageOf(
  job: Pick<Job, 'ticket' | 'document' | 'trouble' | 'impressionsCompleted' | 'release'>,
  printer: PrinterDescription | undefined,
): number | undefined {
  const { trouble, impressionsCompleted: done = 0, release } = job;
  if (trouble === undefined || trouble.outcome === 'not-printed' || done < 1) return undefined;
  const printed = changedTicket(job.ticket, release?.changes ?? {});
  if ((readLeniently(printed, 'copies') ?? 1) !== 1 || (readLeniently(printed, 'number-up') ?? 1) !== 1)
    return undefined;
  const last = optionsFor(job, printer).supported['first-page'] ?? 0;
  const page = pageBehind(done, pageRangesOf(printed));
  return page !== undefined && page <= last ? page : undefined;
}

/** The page after the first `done` of those that the ranges choose. */
function pageBehind(
  done: number,
  ranges: readonly { readonly lower: number; readonly upper: number }[],
): number | undefined {
  let left = done;
  for (const { lower, upper } of ranges) {
    const pages = upper - lower + 1;
    if (left < pages) return lower + left;
    left -= pages;
  }
  return undefined;
}
