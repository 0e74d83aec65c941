/** What is told of a job, in the job group. */
import { impressionsCol, mediaSheetsCol, pagesCol } from './counts.ts';
import { JobState } from './enums.ts';
import {
  closedEnum,
  dateTime,
  integer,
  keyword,
  mimeMediaType,
  name,
  orNone,
  setOf,
  text,
  uri,
} from './shapes.ts';

export const JOB_STATUS = {
  // RFC 8011 §5.3
  'date-time-at-completed': orNone(dateTime),
  'date-time-at-creation': orNone(dateTime),
  'date-time-at-processing': orNone(dateTime),
  'job-detailed-status-messages': setOf(text()),
  'job-document-access-errors': setOf(text()),
  'job-k-octets-processed': integer(0),
  'job-media-sheets-completed': integer(0),
  'job-more-info': uri,
  'job-originating-user-name': name(),
  'job-printer-up-time': integer(1),
  'job-printer-uri': uri,
  'job-state-message': text(),
  'number-of-documents': integer(0),
  'number-of-intervening-jobs': integer(0),
  'output-device-assigned': name(127),
  /** Seconds of printer-up-time; below zero for a time before the printer was started. */
  'time-at-completed': orNone(integer()),
  'time-at-creation': integer(),
  'time-at-processing': orNone(integer()),
  // PWG 5100.3
  'date-time-at-completed-estimated': orNone(dateTime),
  'date-time-at-processing-estimated': orNone(dateTime),
  'time-at-completed-estimated': orNone(integer()),
  'time-at-processing-estimated': orNone(integer()),
  // PWG 5100.7
  'errors-count': integer(0),
  'job-impressions-completed-col': impressionsCol,
  'job-media-sheets-completed-col': mediaSheetsCol,
  'job-pages-completed-col': pagesCol,
  'job-processing-time': integer(0),
  'warnings-count': integer(0),
  // PWG 5100.11
  'parent-job-id': integer(1),
  'parent-job-uuid': uri,
  // PWG 5100.13
  'job-originating-user-uri': uri,
  'job-pages-completed': integer(0),
  // PWG 5100.16
  'job-charge-info': text(),
  // PWG 5100.18
  'document-format-ready': setOf(mimeMediaType),
  // CUPS
  'job-originating-host-name': name(),
};

/** RFC 3996 §5: also told of by events. */
export const JOB_AND_EVENT = {
  'job-impressions-completed': orNone(integer(0)),
  'job-state': orNone(closedEnum(JobState)),
  'job-state-reasons': setOf(keyword),
  // PWG 5100.13
  'job-uuid': uri,
};
