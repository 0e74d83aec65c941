/** The media collections (PWG 5100.7 §5.2) and what a printer says of its media. */
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
  text,
} from './shapes.ts';

const members = {
  'media-back-coating': keywordOrName,
  /** 1/100 mm, like all lengths here. */
  'media-bottom-margin': integer(0),
  'media-color': keywordOrName,
  'media-front-coating': keywordOrName,
  'media-grain': keywordOrName,
  'media-hole-count': integer(0),
  'media-info': text(255),
  'media-key': keywordOrName,
  'media-left-margin': integer(0),
  'media-order-count': integer(1),
  'media-pre-printed': keywordOrName,
  'media-recycled': keywordOrName,
  'media-right-margin': integer(0),
  'media-size-name': keywordOrName,
  'media-source': keywordOrName,
  'media-thickness': integer(1),
  'media-tooth': keywordOrName,
  'media-top-margin': integer(0),
  'media-top-offset': integer(),
  'media-tracking': keyword,
  'media-type': keywordOrName,
  'media-weight-metric': integer(0),
};

/** 1/100 mm; a range where the printer takes any length between, 0 for the length of a roll. */
const lengthOrRange = oneOf(integer(0), rangeOfInteger(1));
const sizeOrRange = collection({ 'x-dimension': lengthOrRange, 'y-dimension': lengthOrRange });

/** One medium. */
export const mediaCol = collection({
  ...members,
  'media-size': collection({ 'x-dimension': integer(1), 'y-dimension': integer(1) }),
});

/** A medium that the printer knows or has loaded, with where it lies. */
const knownMediaCol = collection({
  ...members,
  'media-size': sizeOrRange,
  'media-source-properties': collection({
    'media-source-feed-direction': keyword,
    'media-source-feed-orientation': openEnum,
  }),
});

/** Of the printer; RFC 8011 §5.2.11 and PWG 5100.7. */
export const PRINTER_MEDIA = {
  'media-default': orNone(keywordOrName),
  'media-supported': setOf(keywordOrName),
  'media-ready': orNone(setOf(keywordOrName)),
  'media-col-default': orNone(mediaCol),
  'media-col-supported': setOf(keyword),
  'media-col-ready': orNone(setOf(knownMediaCol)),
  'media-col-database': setOf(knownMediaCol),
  'media-size-supported': setOf(sizeOrRange),
  'media-back-coating-supported': setOf(keywordOrName),
  'media-bottom-margin-supported': setOf(integer(0)),
  'media-color-supported': setOf(keywordOrName),
  'media-front-coating-supported': setOf(keywordOrName),
  'media-grain-supported': setOf(keywordOrName),
  'media-hole-count-supported': setOf(rangeOfInteger(0)),
  'media-key-supported': setOf(keywordOrName),
  'media-left-margin-supported': setOf(integer(0)),
  'media-order-count-supported': setOf(rangeOfInteger(1)),
  'media-pre-printed-supported': setOf(keywordOrName),
  'media-recycled-supported': setOf(keywordOrName),
  'media-right-margin-supported': setOf(integer(0)),
  'media-source-supported': setOf(keywordOrName),
  'media-thickness-supported': setOf(rangeOfInteger(1)),
  'media-tooth-supported': setOf(keywordOrName),
  'media-top-margin-supported': setOf(integer(0)),
  'media-top-offset-supported': setOf(oneOf(integer(), rangeOfInteger())),
  'media-tracking-supported': setOf(keyword),
  'media-type-supported': setOf(keywordOrName),
  'media-weight-metric-supported': setOf(rangeOfInteger(0)),
  // PWG 5100.13
  'media-overprint-distance-supported': rangeOfInteger(0),
  'media-overprint-method-supported': setOf(keyword),
  'media-overprint-supported': setOf(keyword),
};
