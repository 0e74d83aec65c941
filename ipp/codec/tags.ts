/** The octets that begin groups and values on the wire (RFC 8010 §3.5, IANA IPP registry). */
import type { GroupKind, OutOfBand, StringSyntax, Syntax } from '../model.ts';

/** Tags below this begin a group or end the attributes; from it on they begin a value. */
export const FIRST_VALUE_TAG = 0x10;
export const END_OF_ATTRIBUTES = 0x03;

/** §3.5.1, PWG 5100.5, PWG 5100.22 */
export const GROUP_TAGS = {
  operation: 0x01,
  job: 0x02,
  printer: 0x04,
  unsupported: 0x05,
  subscription: 0x06,
  'event-notification': 0x07,
  resource: 0x08,
  document: 0x09,
  system: 0x0a,
} as const satisfies Record<GroupKind, number>;

/** §3.5.2. `collection` stands for begCollection. */
export const VALUE_TAGS = {
  unsupported: 0x10,
  default: 0x11,
  unknown: 0x12,
  'no-value': 0x13,
  'not-settable': 0x15,
  'delete-attribute': 0x16,
  'admin-define': 0x17,
  integer: 0x21,
  boolean: 0x22,
  enum: 0x23,
  octetString: 0x30,
  dateTime: 0x31,
  resolution: 0x32,
  rangeOfInteger: 0x33,
  collection: 0x34,
  textWithLanguage: 0x35,
  nameWithLanguage: 0x36,
  textWithoutLanguage: 0x41,
  nameWithoutLanguage: 0x42,
  keyword: 0x44,
  uri: 0x45,
  uriScheme: 0x46,
  charset: 0x47,
  naturalLanguage: 0x48,
  mimeMediaType: 0x49,
} as const satisfies Record<Exclude<Syntax, 'other'>, number>;

export const END_COLLECTION = 0x37;
export const MEMBER_NAME = 0x4a;
/** The tag itself stands in the first four octets of the value. */
export const EXTENSION = 0x7f;
/** Four-octet tags begin where one octet ends; the highest bit must be clear. */
export const FIRST_EXTENDED_TAG = 0x100;
export const LAST_EXTENDED_TAG = 0x7fffffff;

/** Value tags that carry structure and are no value by themselves. */
export const STRUCTURAL_TAGS: ReadonlySet<number> = new Set([END_COLLECTION, MEMBER_NAME, EXTENSION]);

const groupKinds = new Map(
  Object.entries(GROUP_TAGS).map(([kind, tag]) => [tag as number, kind as GroupKind]),
);
const syntaxes = new Map(
  Object.entries(VALUE_TAGS).map(([syntax, tag]) => [tag as number, syntax as keyof typeof VALUE_TAGS]),
);

/** Undefined for the delimiters that no standard uses yet. */
export function groupKindOf(tag: number): GroupKind | undefined {
  return groupKinds.get(tag);
}

/** Undefined for tags that the codec does not know: such values are kept as `other`. */
export function syntaxOf(tag: number): keyof typeof VALUE_TAGS | undefined {
  return syntaxes.get(tag);
}

export function isOutOfBand(syntax: Syntax): syntax is OutOfBand {
  return syntax !== 'other' && VALUE_TAGS[syntax] < 0x20;
}

/** Which octets a string may hold: any UTF-8; visible US-ASCII; the same with spaces. */
export type Repertoire = 'utf-8' | 'visible' | 'printable';

export interface StringRule {
  /** Octets. */
  readonly min: number;
  /** Octets. */
  readonly max: number;
  readonly repertoire: Repertoire;
}

/**
 * RFC 8011 §5.1. Keywords are wider than its lower-case letters: registered ones have capitals (`urf-supported`), and a
 * client's keyword that no printer knows is the matter of an unsupported value, not of a message that can't be read.
 */
export const STRING_RULES = {
  textWithoutLanguage: { min: 0, max: 1023, repertoire: 'utf-8' },
  nameWithoutLanguage: { min: 0, max: 255, repertoire: 'utf-8' },
  keyword: { min: 1, max: 255, repertoire: 'visible' },
  uri: { min: 1, max: 1023, repertoire: 'visible' },
  uriScheme: { min: 1, max: 63, repertoire: 'visible' },
  charset: { min: 1, max: 63, repertoire: 'visible' },
  naturalLanguage: { min: 1, max: 63, repertoire: 'visible' },
  mimeMediaType: { min: 1, max: 255, repertoire: 'printable' },
} as const satisfies Record<StringSyntax, StringRule>;

/** Attribute and member names (RFC 8010 §3.1.4; keywords by RFC 8011 §5.1.4). */
export const NAME_RULE: StringRule = { min: 1, max: 255, repertoire: 'visible' };
/** RFC 8011 §5.1.11 */
export const OCTET_STRING_MAX = 1023;
