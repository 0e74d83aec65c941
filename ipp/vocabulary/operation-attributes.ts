/** Attributes of the operation group: what requests and answers say of themselves and of the job to come. */
import { impressionsCol, mediaSheetsCol, pagesCol } from './counts.ts';
import {
  anyCollection,
  boolean,
  charset,
  collection,
  dateTime,
  integer,
  keyword,
  keywordOrName,
  mimeMediaType,
  name,
  naturalLanguage,
  octetString,
  openEnum,
  orNone,
  setOf,
  text,
  uri,
} from './shapes.ts';

export const OPERATION = {
  // RFC 8011 §4
  'printer-uri': uri,
  'requesting-user-name': name(),
  'requested-attributes': setOf(keyword),
  limit: integer(1),
  'which-jobs': keyword,
  'my-jobs': boolean,
  message: text(127),
  'status-message': text(255),
  'detailed-status-message': text(),
  'document-access-error': text(),
  'document-uri': uri,
  // PWG 5100.7
  'first-index': integer(1),
  'job-ids': setOf(integer(1)),
  // PWG 5100.11
  'job-impressions-estimated': integer(1),
  'job-password': octetString(255),
  'job-password-encryption': keywordOrName,
  // PWG 5100.13
  'document-password': octetString(),
  'identify-actions': setOf(keyword),
  'preferred-attributes': anyCollection,
  'requesting-user-uri': uri,
  // PWG 5100.16
  'charge-info-message': text(),
  'job-authorization-uri': uri,
  // RFC 3998
  'predecessor-job-id': integer(1),
  // RFC 3995, RFC 3996
  'notify-get-interval': integer(0),
  'notify-sequence-numbers': setOf(integer(1)),
  'notify-subscription-ids': setOf(integer(1)),
  'notify-wait': boolean,
};

/** Asked for by the client, told again as the job's. */
export const OPERATION_AND_JOB = {
  // RFC 8011 §4.2.1, §5.3
  'attributes-charset': charset,
  'attributes-natural-language': naturalLanguage,
  'ipp-attribute-fidelity': boolean,
  'job-uri': uri,
  'job-name': name(),
  'job-k-octets': integer(0),
  'job-impressions': integer(0),
  'job-media-sheets': integer(0),
  'job-message-from-operator': text(127),
  'job-hold-until': keywordOrName,
  // PWG 5100.7
  'job-hold-until-time': dateTime,
  'job-impressions-col': impressionsCol,
  'job-mandatory-attributes': setOf(keyword),
  'job-media-sheets-col': mediaSheetsCol,
  'job-pages-col': pagesCol,
  'client-info': setOf(
    collection({
      'client-name': name(127),
      'client-patches': orNone(text(255)),
      'client-string-version': text(127),
      'client-type': openEnum,
      'client-version': orNone(octetString(64)),
    }),
  ),
  // PWG 5100.11
  'job-release-action': keyword,
  'job-storage': collection({
    'job-storage-access': keyword,
    'job-storage-disposition': keyword,
    'job-storage-group': name(),
  }),
  // PWG 5100.13
  'job-pages': integer(0),
  // RFC 3998
  'original-requesting-user-name': name(),
};

/** RFC 3996 §5: also told of by events. */
export const OPERATION_JOB_AND_EVENT = {
  'job-id': integer(1),
};

/** Of one document (RFC 8011 §4.2.1.1, PWG 5100.5, PWG 5100.7, PWG 5100.13). */
export const OPERATION_AND_DOCUMENT = {
  compression: keyword,
  'document-charset': charset,
  'document-format': mimeMediaType,
  'document-format-details': setOf(
    collection({
      'document-format': mimeMediaType,
      'document-format-device-id': text(127),
      'document-format-version': text(127),
      'document-natural-language': setOf(naturalLanguage),
      'document-source-application-name': name(),
      'document-source-application-version': text(127),
      'document-source-os-name': name(40),
      'document-source-os-version': text(40),
    }),
  ),
  'document-message': text(),
  'document-name': name(),
  'document-natural-language': naturalLanguage,
  'document-number': integer(1),
  'last-document': boolean,
};

/** PWG 5100.13 */
export const OPERATION_JOB_AND_DOCUMENT = {
  'document-metadata': setOf(octetString()),
};
