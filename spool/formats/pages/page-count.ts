/** What is known of a document's pages. */

/**
 * - `counted`: sides before `page-ranges` and copies.
 * - `password`: a PDF that opens for nobody without its password; a printer can't draw it.
 * - `damaged`: cut, or not what its format asks for. Many a printer draws what it can of it.
 * - `unknown`: it took too long, too much memory, or is in a format that is not counted.
 */
export type PageCount =
  | { readonly kind: 'counted'; readonly pages: number }
  | { readonly kind: 'password' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'unknown' };

/** An `integer` of IPP. */
export const MOST_PAGES = 2 ** 31 - 1;
