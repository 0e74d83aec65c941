/** What a job asks of its printer: Job Template attributes, in the job group. */
import { finishingsCol } from './finishings.ts';
import { mediaCol } from './media.ts';
import {
  anyCollection,
  collection,
  dateTime,
  integer,
  keyword,
  keywordOrName,
  name,
  openEnum,
  orNone,
  rangeOfInteger,
  resolution,
  setOf,
  text,
  uri,
} from './shapes.ts';

/** Sheets of their own medium. */
const media = { media: keywordOrName, 'media-col': mediaCol };
const cover = collection({ ...media, 'cover-type': keyword });

export const JOB_TEMPLATE = {
  // RFC 8011 §5.2
  copies: integer(1),
  finishings: setOf(openEnum),
  'job-priority': integer(1, 100),
  /** CUPS sends two, for the front and the back of the job. */
  'job-sheets': setOf(keywordOrName),
  media: keywordOrName,
  'multiple-document-handling': keyword,
  'number-up': integer(1),
  'orientation-requested': openEnum,
  'page-ranges': setOf(rangeOfInteger(1)),
  'print-quality': openEnum,
  'printer-resolution': resolution,
  sides: keyword,
  // PWG 5100.1
  'finishings-col': orNone(setOf(finishingsCol)),
  'job-pages-per-set': integer(1),
  // PWG 5100.2
  'output-bin': keywordOrName,
  // PWG 5100.3
  'cover-back': cover,
  'cover-front': cover,
  'force-front-side': setOf(integer(1)),
  'image-orientation': openEnum,
  'imposition-template': keywordOrName,
  'job-account-id': name(),
  'job-accounting-user-id': name(),
  'job-error-sheet': collection({
    ...media,
    'job-error-sheet-type': keywordOrName,
    'job-error-sheet-when': keyword,
  }),
  'job-message-to-operator': text(),
  'job-phone-number': uri,
  'job-recipient-name': name(),
  'job-sheet-message': text(),
  'job-sheets-col': collection({ ...media, 'job-sheets': keywordOrName }),
  'page-delivery': keyword,
  'separator-sheets': collection({ ...media, 'separator-sheets-type': setOf(keyword) }),
  'x-image-position': keyword,
  'x-image-shift': integer(),
  'x-side1-image-shift': integer(),
  'x-side2-image-shift': integer(),
  'y-image-position': keyword,
  'y-image-shift': integer(),
  'y-side1-image-shift': integer(),
  'y-side2-image-shift': integer(),
  // PWG 5100.6
  overrides: setOf(anyCollection),
  // PWG 5100.7
  'job-cancel-after': integer(0),
  'job-complete-before': keywordOrName,
  'job-complete-before-time': dateTime,
  'job-delay-output-until': keywordOrName,
  'job-delay-output-until-time': dateTime,
  'job-error-action': keyword,
  'job-retain-until': keywordOrName,
  'job-retain-until-interval': integer(0),
  'job-retain-until-time': dateTime,
  'media-col': mediaCol,
  'output-device': name(127),
  'print-content-optimize': keyword,
  // PWG 5100.11
  'proof-copies': integer(1),
  'proof-print': collection({ ...media, 'proof-print-copies': integer(0) }),
  // PWG 5100.13
  'media-overprint': collection({
    'media-overprint-distance': integer(0),
    'media-overprint-method': keyword,
  }),
  'pages-per-subset': setOf(integer(1)),
  'print-color-mode': keyword,
  'print-darkness': integer(-100, 100),
  'print-rendering-intent': keyword,
  'print-scaling': keyword,
  'print-speed': integer(1),
  // PWG 5100.16
  'job-account-type': keywordOrName,
};
