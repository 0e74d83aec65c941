/** Finishing in detail (PWG 5100.1). */
import {
  collection,
  integer,
  keyword,
  keywordOrName,
  oneOf,
  openEnum,
  orNone,
  rangeOfInteger,
  setOf,
} from './shapes.ts';

/** 1/100 mm, like all lengths here. */
const offset = integer(0);

export const finishingsCol = collection({
  baling: collection({ 'baling-type': keywordOrName, 'baling-when': keyword }),
  binding: collection({ 'binding-reference-edge': keyword, 'binding-type': keywordOrName }),
  coating: collection({ 'coating-sides': keyword, 'coating-type': keywordOrName }),
  covering: collection({ 'covering-name': keywordOrName }),
  'finishing-template': keywordOrName,
  folding: setOf(
    collection({ 'folding-direction': keyword, 'folding-offset': offset, 'folding-reference-edge': keyword }),
  ),
  'imposition-template': keywordOrName,
  laminating: collection({ 'laminating-sides': keyword, 'laminating-type': keywordOrName }),
  'media-sheets-supported': rangeOfInteger(1),
  'media-size': collection({ 'x-dimension': integer(1), 'y-dimension': integer(1) }),
  'media-size-name': keyword,
  punching: collection({
    'punching-locations': setOf(offset),
    'punching-offset': offset,
    'punching-reference-edge': keyword,
  }),
  stitching: collection({
    'stitching-angle': integer(0, 359),
    'stitching-locations': setOf(offset),
    'stitching-method': keyword,
    'stitching-offset': offset,
    'stitching-reference-edge': keyword,
  }),
  trimming: setOf(
    collection({
      'trimming-offset': offset,
      'trimming-reference-edge': keyword,
      'trimming-type': keywordOrName,
      'trimming-when': keyword,
    }),
  ),
});

const offsets = setOf(oneOf(offset, rangeOfInteger(0)));

/** Of the printer. */
export const PRINTER_FINISHINGS = {
  'finishings-default': setOf(openEnum),
  'finishings-ready': setOf(openEnum),
  'finishings-supported': setOf(openEnum),
  'finishing-template-supported': setOf(keywordOrName),
  'finishings-col-database': setOf(finishingsCol),
  'finishings-col-default': orNone(setOf(finishingsCol)),
  'finishings-col-ready': setOf(finishingsCol),
  'finishings-col-supported': setOf(keyword),
  'baling-type-supported': setOf(keywordOrName),
  'baling-when-supported': setOf(keyword),
  'binding-reference-edge-supported': setOf(keyword),
  'binding-type-supported': setOf(keywordOrName),
  'coating-sides-supported': setOf(keyword),
  'coating-type-supported': setOf(keywordOrName),
  'covering-name-supported': setOf(keywordOrName),
  'folding-direction-supported': setOf(keyword),
  'folding-offset-supported': offsets,
  'folding-reference-edge-supported': setOf(keyword),
  'laminating-sides-supported': setOf(keyword),
  'laminating-type-supported': setOf(keywordOrName),
  'max-stitching-locations-supported': integer(1),
  'punching-hole-diameter-configured': integer(0),
  'punching-locations-supported': offsets,
  'punching-offset-supported': offsets,
  'punching-reference-edge-supported': setOf(keyword),
  'stitching-angle-supported': setOf(oneOf(integer(0, 359), rangeOfInteger(0, 359))),
  'stitching-locations-supported': offsets,
  'stitching-method-supported': setOf(keyword),
  'stitching-offset-supported': offsets,
  'stitching-reference-edge-supported': setOf(keyword),
  'trimming-offset-supported': offsets,
  'trimming-reference-edge-supported': setOf(keyword),
  'trimming-type-supported': setOf(keyword),
  'trimming-when-supported': setOf(keyword),
};
