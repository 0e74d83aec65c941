/** One value's octets as a value, and what is wrong when they are none. */
import type { IppDateTime, LocalizedText, StringSyntax, Value } from '../model.ts';
import type { DecodeCode } from './errors.ts';
import type { Leniency } from './leniency.ts';
import { isAscii, readLossyUtf8, readUtf8 } from './strings.ts';
import { OCTET_STRING_MAX, STRING_RULES, type StringRule, type VALUE_TAGS } from './tags.ts';

/** Why the octets are not a value of their tag. */
export interface Problem {
  readonly problem: string;
  readonly code: DecodeCode;
}

/** Syntaxes whose value is one run of octets. */
export type PlainSyntax = Exclude<keyof typeof VALUE_TAGS, 'collection'>;

/** The octets of one value: from `start` up to, not including, `end`. */
interface Span {
  readonly octets: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Never throws. What it returns shares nothing with `octets`. */
export function readValue(
  syntax: PlainSyntax,
  octets: Buffer,
  start: number,
  end: number,
  leniency: Leniency,
): Value | Problem {
  const length = end - start;
  switch (syntax) {
    case 'integer':
    case 'enum':
      return length === 4 ? { syntax, value: octets.readInt32BE(start) } : wrongLength(length, 4);
    case 'boolean':
      return length === 1 ? readBoolean(octets[start] as number) : wrongLength(length, 1);
    case 'rangeOfInteger':
      return length === 8
        ? readRange(octets.readInt32BE(start), octets.readInt32BE(start + 4))
        : wrongLength(length, 8);
    case 'resolution':
      return length === 9 ? readResolution(octets, start) : wrongLength(length, 9);
    case 'dateTime':
      return length === 11 ? readDateTime(octets, start) : wrongLength(length, 11);
    case 'octetString':
      return length > OCTET_STRING_MAX && !leniency.longStrings
        ? tooLong(length, OCTET_STRING_MAX)
        : { syntax, value: new Uint8Array(octets.subarray(start, end)) };
    case 'textWithLanguage':
      return localized(syntax, 'textWithoutLanguage', { octets, start, end }, leniency);
    case 'nameWithLanguage':
      return localized(syntax, 'nameWithoutLanguage', { octets, start, end }, leniency);
    case 'textWithoutLanguage':
    case 'nameWithoutLanguage':
    case 'keyword':
    case 'uri':
    case 'uriScheme':
    case 'charset':
    case 'naturalLanguage':
    case 'mimeMediaType': {
      const value = readString(STRING_RULES[syntax], octets, start, end, leniency);
      return typeof value === 'string' ? { syntax, value } : value;
    }
    case 'unsupported':
    case 'default':
    case 'unknown':
    case 'no-value':
    case 'not-settable':
    case 'delete-attribute':
    case 'admin-define':
      return length === 0 ? { syntax } : wrongLength(length, 0);
    default:
      return syntax satisfies never;
  }
}

/** Also for attribute names, which have a rule but no syntax. */
export function readString(
  rule: StringRule,
  octets: Buffer,
  start: number,
  end: number,
  leniency: Leniency,
): string | Problem {
  const length = end - start;
  if (length > rule.max && !leniency.longStrings) return tooLong(length, rule.max);
  if (length < rule.min && !leniency.emptyStrings) return malformed('an empty string');
  if (rule.repertoire === 'utf-8') {
    const text = readUtf8(octets, start, end);
    if (text !== undefined) return text;
    return leniency.invalidUtf8 ? readLossyUtf8(octets, start, end) : malformed(NOT_UTF8);
  }
  return isAscii(octets, start, end, rule.repertoire)
    ? octets.toString('latin1', start, end)
    : malformed('characters that it may not have');
}

/** The problem of text in another charset; the decoder tells it from the others. */
export const NOT_UTF8 = 'text that is not UTF-8';

function readBoolean(octet: number): Value | Problem {
  return octet > 1 ? malformed(`a boolean of ${octet}`) : { syntax: 'boolean', value: octet === 1 };
}

function readRange(lower: number, upper: number): Value | Problem {
  return lower > upper
    ? malformed(`a range from ${lower} down to ${upper}`)
    : { syntax: 'rangeOfInteger', value: { lower, upper } };
}

function readResolution(octets: Buffer, start: number): Value | Problem {
  const [cross, feed] = [octets.readInt32BE(start), octets.readInt32BE(start + 4)];
  const unit = octets[start + 8];
  if (cross < 1 || feed < 1) return malformed(`a resolution of ${cross} by ${feed}`);
  if (unit !== 3 && unit !== 4) return malformed(`a resolution in units of ${unit}`);
  return { syntax: 'resolution', value: { cross, feed, units: unit === 3 ? 'dpi' : 'dpcm' } };
}

const PLUS = 0x2b;
const MINUS = 0x2d;

/** RFC 2579 DateAndTime, always in its long form. */
function readDateTime(octets: Buffer, start: number): Value | Problem {
  const field = (index: number): number => octets[start + index] as number;
  const direction = field(8);
  const offset = field(9) * 60 + field(10);
  const value: IppDateTime = {
    year: octets.readUInt16BE(start),
    month: field(2),
    day: field(3),
    hour: field(4),
    minute: field(5),
    second: field(6),
    deciSecond: field(7),
    offset: direction === MINUS && offset > 0 ? -offset : offset,
  };
  const known = (direction === PLUS || direction === MINUS) && field(9) <= 13 && field(10) <= 59;
  return known && isDateTime(value) ? { syntax: 'dateTime', value } : malformed('a date that does not exist');
}

/** Whether each field lies in its range (RFC 2579); the 31st of February passes, as it does on the wire. */
export function isDateTime(value: IppDateTime): boolean {
  return (
    isWithin(value.year, 0, 0xffff) &&
    isWithin(value.month, 1, 12) &&
    isWithin(value.day, 1, 31) &&
    isWithin(value.hour, 0, 23) &&
    isWithin(value.minute, 0, 59) &&
    isWithin(value.second, 0, 60) &&
    isWithin(value.deciSecond, 0, 9) &&
    isWithin(value.offset, -839, 839)
  );
}

const isWithin = (value: number, lowest: number, highest: number): boolean =>
  Number.isInteger(value) && value >= lowest && value <= highest;

/** RFC 8010 §3.9: two strings, each with its length before it, and nothing behind them. */
function localized(
  syntax: 'textWithLanguage' | 'nameWithLanguage',
  textSyntax: StringSyntax,
  { octets, start, end }: Span,
  leniency: Leniency,
): Value | Problem {
  const languageStart = start + 2;
  if (languageStart > end) return malformed('no length of its language');
  const languageEnd = languageStart + octets.readUInt16BE(start);
  const textStart = languageEnd + 2;
  if (textStart > end) return malformed('a language longer than the value');
  if (textStart + octets.readUInt16BE(languageEnd) !== end) {
    return malformed('a text that does not end with the value');
  }
  const language = readString(STRING_RULES.naturalLanguage, octets, languageStart, languageEnd, leniency);
  if (typeof language !== 'string') return language;
  const text = readString(STRING_RULES[textSyntax], octets, textStart, end, leniency);
  if (typeof text !== 'string') return text;
  const value: LocalizedText = { language, text };
  return { syntax, value };
}

function malformed(problem: string): Problem {
  return { problem, code: 'message-malformed' };
}

function wrongLength(length: number, wanted: number): Problem {
  return malformed(`${length} octets instead of ${wanted}`);
}

function tooLong(length: number, max: number): Problem {
  return { problem: `${length} octets, at most ${max} allowed`, code: 'value-too-long' };
}
