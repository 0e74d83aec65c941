/** How much a job will print, as far as that is known. */
import type { Attributes } from '../../ipp/model.ts';
import type { Job } from '../job.ts';
import { MOST_PAGES } from './pages/page-count.ts';

/**
 * Sides that the job will print, copies aside (`job-impressions`, RFC 8011 §5.3.17.2): as counted, else as the client
 * claims; undefined when nobody knows.
 */
export function impressionsOf({ document, ticket }: Job): number | undefined {
  const count = document?.count;
  return count?.kind === 'counted' ? chosenOf(count.pages, ticket) : document?.impressions;
}

/** How many of the pages `page-ranges` choose (RFC 8011 §5.2.7). */
export function chosenOf(pages: number, ticket: Attributes): number {
  const ranges = (ticket.get('page-ranges')?.values ?? []).flatMap((value) =>
    value.syntax === 'rangeOfInteger' ? [value.value] : [],
  );
  if (ranges.length === 0) return pages;
  let chosen = 0;
  let after = 0;
  // They ascend and do not overlap; what does nevertheless is not counted twice.
  for (const { lower, upper } of ranges) {
    const first = Math.max(lower, after + 1);
    const last = Math.min(upper, pages);
    chosen += Math.max(0, last - first + 1);
    after = Math.max(after, last);
  }
  return chosen;
}

/** Sheets of paper, all copies together (`job-media-sheets`, RFC 8011 §5.3.17.3). */
export function sheetsOf(impressions: number, ticket: Attributes): number {
  const copies = ticket.get('copies')?.values[0];
  const sides = ticket.get('sides')?.values[0];
  const both = sides?.syntax === 'keyword' && sides.value.startsWith('two-sided');
  const sheets = both ? Math.ceil(impressions / 2) : impressions;
  const wanted = copies?.syntax === 'integer' ? Math.max(1, copies.value) : 1;
  return Math.min(MOST_PAGES, sheets * wanted);
}
