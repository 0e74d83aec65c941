/** One document of a job, in the document group (PWG 5100.5 §9, PWG 5100.7). */
import { JobState } from './enums.ts';
import { closedEnum, integer, keyword, setOf, text, uri } from './shapes.ts';

export const DOCUMENT = {
  'document-job-id': integer(1),
  'document-job-uri': uri,
  'document-printer-uri': uri,
  /** The values of `job-state`. */
  'document-state': closedEnum(JobState),
  'document-state-message': text(),
  'document-state-reasons': setOf(keyword),
  'document-uuid': uri,
  impressions: integer(0),
  'impressions-completed': integer(0),
  'k-octets': integer(0),
  'k-octets-processed': integer(0),
};
