/** Subscriptions and the events that they bring (RFC 3995, RFC 3996). */
import {
  charset,
  integer,
  keyword,
  name,
  naturalLanguage,
  octetString,
  oneOf,
  openEnum,
  rangeOfInteger,
  setOf,
  text,
  uri,
  uriScheme,
} from './shapes.ts';

/** Seconds; RFC 3995 §5.3.8 */
const LONGEST_LEASE = 67_108_863;

export const SUBSCRIPTION = {
  'notify-attributes': setOf(keyword),
  'notify-events': setOf(keyword),
  'notify-job-id': integer(1),
  'notify-lease-duration': integer(0, LONGEST_LEASE),
  'notify-lease-expiration-time': integer(0),
  'notify-printer-up-time': integer(1),
  'notify-pull-method': keyword,
  'notify-recipient-uri': uri,
  'notify-status-code': openEnum,
  'notify-subscriber-user-name': name(),
  // PWG 5100.13
  'notify-subscriber-user-uri': uri,
  'notify-time-interval': integer(0),
};

export const SUBSCRIPTION_AND_EVENT = {
  'notify-charset': charset,
  'notify-natural-language': naturalLanguage,
  'notify-printer-uri': uri,
  'notify-sequence-number': integer(0),
  'notify-subscription-id': integer(1),
  // PWG 5100.13
  'notify-subscription-uuid': uri,
  'notify-user-data': octetString(63),
};

export const EVENT = {
  'notify-subscribed-event': keyword,
  'notify-text': text(),
};

/** Of the printer. */
export const PRINTER_NOTIFICATIONS = {
  'ippget-event-life': integer(15),
  'notify-attributes-supported': setOf(keyword),
  'notify-events-default': setOf(keyword),
  'notify-events-supported': setOf(keyword),
  'notify-lease-duration-default': integer(0, LONGEST_LEASE),
  'notify-lease-duration-supported': setOf(
    oneOf(integer(0, LONGEST_LEASE), rangeOfInteger(0, LONGEST_LEASE)),
  ),
  'notify-max-events-supported': integer(2),
  'notify-pull-method-supported': setOf(keyword),
  'notify-schemes-supported': setOf(uriScheme),
};
