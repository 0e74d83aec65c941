/** How many pages come out of a drawing. */
import type { Drawing } from './plan.ts';

/** With all copies, and the empty backs between them; undefined when nobody has counted the document. */
export function pagesOf({ pages, copies, sides }: Drawing): number | undefined {
  if (pages === undefined) return undefined;
  const blanks = sides === 'one-sided' ? 0 : (pages % 2) * (copies - 1);
  return pages * copies + blanks;
}
