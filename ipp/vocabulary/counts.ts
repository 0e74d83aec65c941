/** Collections that count pages by colour and sides (PWG 5100.7 §6). */
import { collection, integer } from './shapes.ts';

const count = integer(0);

export const pagesCol = collection({
  blank: count,
  'full-color': count,
  monochrome: count,
});

const bySides = {
  blank: count,
  'blank-two-sided': count,
  'full-color': count,
  'full-color-two-sided': count,
  'highlight-color': count,
  'highlight-color-two-sided': count,
  monochrome: count,
  'monochrome-two-sided': count,
};

export const impressionsCol = collection(bySides);
export const mediaSheetsCol = collection(bySides);
