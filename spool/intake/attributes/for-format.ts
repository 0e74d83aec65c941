/** What a queue offers for one format of documents: pages that the client has drawn itself cannot be picked or changed. */
import type { Attributes } from '../../../ipp/model.ts';
import { attributes } from '../../../ipp/vocabulary/build.ts';

/** Asked for only where the printer has a document of many pages to choose from. */
const OF_DOCUMENTS = new Set(['overrides-supported', 'number-up-supported']);
const NO_PICKING = attributes({ 'page-ranges-supported': false, 'number-up-supported': [1] });

/**
 * @param format of the documents that are to come, if the client said one (RFC 8011 §4.2.5.1). One that the queue does not
 * take gets the answer for all.
 */
export function forFormat(printer: Attributes, format: string | undefined): Attributes {
  if (!format?.toLowerCase().startsWith('image/')) return printer;
  return printer.filter(({ name }) => !OF_DOCUMENTS.has(name)).with(NO_PICKING);
}
