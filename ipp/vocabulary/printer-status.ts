/** What a printer is, where it is and how it does, in the printer group. */
import { impressionsCol, mediaSheetsCol, pagesCol } from './counts.ts';
import { PrinterState } from './enums.ts';
import {
  boolean,
  charset,
  closedEnum,
  collection,
  dateTime,
  integer,
  keyword,
  keywordOrName,
  name,
  naturalLanguage,
  octetString,
  openEnum,
  orNone,
  setOf,
  text,
  uri,
  uriScheme,
} from './shapes.ts';

/** RFC 3996 §5: also told of by events. */
export const PRINTER_AND_EVENT = {
  'printer-current-time': orNone(dateTime),
  'printer-is-accepting-jobs': boolean,
  'printer-state': closedEnum(PrinterState),
  'printer-state-reasons': setOf(keyword),
  'printer-up-time': integer(1),
};

/** RFC 8011 §4: also in requests of an operator. */
export const OPERATION_AND_PRINTER = {
  'printer-message-from-operator': text(127),
};

export const PRINTER_STATUS = {
  // RFC 8011 §5.4
  'charset-configured': charset,
  'charset-supported': setOf(charset),
  'generated-natural-language-supported': setOf(naturalLanguage),
  'ipp-versions-supported': setOf(keyword),
  'natural-language-configured': naturalLanguage,
  'operations-supported': setOf(openEnum),
  'pages-per-minute': integer(0),
  'pages-per-minute-color': integer(0),
  'printer-driver-installer': uri,
  'printer-info': text(127),
  'printer-location': text(127),
  'printer-make-and-model': text(127),
  'printer-more-info': uri,
  'printer-more-info-manufacturer': uri,
  'printer-name': name(127),
  'printer-state-message': text(),
  'printer-uri-supported': setOf(uri),
  'queued-job-count': integer(0),
  'reference-uri-schemes-supported': setOf(uriScheme),
  'uri-authentication-supported': setOf(keyword),
  'uri-security-supported': setOf(keyword),
  // RFC 3380
  'document-format-varying-attributes': setOf(keyword),
  'job-settable-attributes-supported': setOf(keyword),
  'printer-message-date-time': dateTime,
  'printer-message-time': integer(),
  'printer-settable-attributes-supported': setOf(keyword),
  'printer-xri-supported': setOf(
    collection({ 'xri-authentication': keyword, 'xri-security': keyword, 'xri-uri': uri }),
  ),
  'xri-authentication-supported': setOf(keyword),
  'xri-security-supported': setOf(keyword),
  'xri-uri-scheme-supported': setOf(uriScheme),
  // RFC 3995
  'printer-state-change-date-time': orNone(dateTime),
  'printer-state-change-time': integer(1),
  // RFC 3998
  'parent-printers-supported': setOf(uri),
  'subordinate-printers-supported': setOf(uri),
  // PWG 5100.1
  'printer-finisher': setOf(octetString()),
  'printer-finisher-description': setOf(text()),
  'printer-finisher-supplies': setOf(octetString()),
  'printer-finisher-supplies-description': setOf(text()),
  // PWG 5100.7
  'printer-detailed-status-messages': setOf(text()),
  // PWG 5100.9
  'printer-alert': setOf(octetString()),
  'printer-alert-description': setOf(text()),
  // PWG 5100.11
  'printer-asset-tag': octetString(),
  'printer-serial-number': text(255),
  'printer-service-contact-col': collection({
    'contact-name': name(),
    'contact-uri': uri,
    'contact-vcard': setOf(text()),
  }),
  'printer-storage': setOf(octetString()),
  'printer-storage-description': setOf(text()),
  // PWG 5100.13
  'device-service-count': integer(1),
  'device-uuid': uri,
  'ipp-features-supported': setOf(keyword),
  'printer-config-change-date-time': orNone(dateTime),
  'printer-config-change-time': integer(1),
  'printer-dns-sd-name': name(63),
  'printer-firmware-name': setOf(name()),
  'printer-firmware-patches': setOf(text()),
  'printer-firmware-string-version': setOf(text()),
  'printer-firmware-version': setOf(octetString()),
  'printer-geo-location': orNone(uri),
  'printer-get-attributes-supported': setOf(keyword),
  'printer-icc-profiles': setOf(collection({ 'profile-name': name(), 'profile-url': uri })),
  'printer-icons': setOf(uri),
  'printer-input-tray': setOf(octetString()),
  'printer-kind': setOf(keywordOrName),
  'printer-mandatory-job-attributes': setOf(keyword),
  'printer-organization': setOf(text()),
  'printer-organizational-unit': setOf(text()),
  'printer-output-tray': setOf(octetString()),
  'printer-strings-languages-supported': setOf(naturalLanguage),
  'printer-strings-uri': orNone(uri),
  'printer-supply': setOf(octetString()),
  'printer-supply-description': setOf(text()),
  'printer-supply-info-uri': uri,
  'printer-uuid': uri,
  // PWG 5100.16
  'printer-charge-info': text(),
  'printer-charge-info-uri': uri,
  'printer-requested-job-attributes': setOf(keyword),
  // PWG 5100.22
  'printer-config-changes': integer(0),
  'printer-id': integer(1, 65535),
  'printer-impressions-completed': integer(0),
  'printer-impressions-completed-col': impressionsCol,
  'printer-media-sheets-completed': integer(0),
  'printer-media-sheets-completed-col': mediaSheetsCol,
  'printer-pages-completed': integer(0),
  'printer-pages-completed-col': pagesCol,
  // PWG 5100.23
  'oauth-authorization-scope': orNone(setOf(name())),
  'oauth-authorization-server-uri': orNone(uri),
  // PWG 5107.2
  'printer-device-id': text(),
  // Mopria, in no registry
  'mopria-certified': text(127),
};
