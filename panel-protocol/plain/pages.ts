/** Lists in pages of a bounded length. */

/** Documents on one page of the list. */
export const PER_PAGE = 25;

export interface PageOf {
  /** From 0. */
  readonly page: number;
  readonly pages: number;
  readonly from: number;
  readonly to: number;
}

/** The page that was wanted, or the nearest that there is. */
export function pageOf(length: number, wanted: number): PageOf {
  const pages = Math.max(1, Math.ceil(length / PER_PAGE));
  const page = Math.max(0, Math.min(pages - 1, wanted));
  return { page, pages, from: page * PER_PAGE, to: Math.min(length, (page + 1) * PER_PAGE) };
}
