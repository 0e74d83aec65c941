/** One value as octets, and what is wrong when it cannot be sent. */
import type { IppDateTime, LocalizedText, StringSyntax, Value } from '../model.ts';
import { isDateTime } from './decode-value.ts';
import { isWithin } from './strings.ts';
import { OCTET_STRING_MAX, STRING_RULES } from './tags.ts';
import type { Writer } from './writer.ts';

/** A value that is one run of octets, without its length. */
export type PlainValue = Exclude<Value, { syntax: 'collection' | 'other' }>;

/** Returns what is wrong with the value; undefined when all is well. */
export function writeValue(writer: Writer, value: PlainValue): string | undefined {
  switch (value.syntax) {
    case 'integer':
    case 'enum':
      return writeInteger(writer, value.value);
    case 'boolean':
      writer.octet(value.value ? 1 : 0);
      return undefined;
    case 'rangeOfInteger': {
      const { lower, upper } = value.value;
      if (lower > upper) return `a range from ${lower} down to ${upper}`;
      return writeInteger(writer, lower) ?? writeInteger(writer, upper);
    }
    case 'resolution': {
      const { cross, feed, units } = value.value;
      if (cross < 1 || feed < 1) return `a resolution of ${cross} by ${feed}`;
      const problem = writeInteger(writer, cross) ?? writeInteger(writer, feed);
      writer.octet(units === 'dpi' ? 3 : 4);
      return problem;
    }
    case 'dateTime':
      if (!isDateTime(value.value)) return 'a date that does not exist';
      writeDateTime(writer, value.value);
      return undefined;
    case 'octetString':
      writer.octets(value.value);
      return value.value.length > OCTET_STRING_MAX
        ? tooLong(value.value.length, OCTET_STRING_MAX)
        : undefined;
    case 'textWithLanguage':
      return writeLocalized(writer, 'textWithoutLanguage', value.value);
    case 'nameWithLanguage':
      return writeLocalized(writer, 'nameWithoutLanguage', value.value);
    case 'textWithoutLanguage':
    case 'nameWithoutLanguage':
    case 'keyword':
    case 'uri':
    case 'uriScheme':
    case 'charset':
    case 'naturalLanguage':
    case 'mimeMediaType':
      return stringProblem(value.syntax, value.value, writer.characters(value.value));
    case 'unsupported':
    case 'default':
    case 'unknown':
    case 'no-value':
    case 'not-settable':
    case 'delete-attribute':
    case 'admin-define':
      return undefined;
    default:
      return value satisfies never;
  }
}

function writeInteger(writer: Writer, value: number): string | undefined {
  writer.int32(value);
  return (value | 0) === value ? undefined : `${value} does not fit into 32 bits`;
}

function writeDateTime(writer: Writer, value: IppDateTime): void {
  const minutesFromUtc = Math.abs(value.offset);
  writer.uint16(value.year);
  writer.octet(value.month);
  writer.octet(value.day);
  writer.octet(value.hour);
  writer.octet(value.minute);
  writer.octet(value.second);
  writer.octet(value.deciSecond);
  writer.octet((value.offset < 0 ? '-' : '+').charCodeAt(0));
  writer.octet(Math.floor(minutesFromUtc / 60));
  writer.octet(minutesFromUtc % 60);
}

/** RFC 8010 §3.9 */
function writeLocalized(
  writer: Writer,
  textSyntax: 'textWithoutLanguage' | 'nameWithoutLanguage',
  { language, text }: LocalizedText,
): string | undefined {
  return (
    stringProblem('naturalLanguage', language, writer.text(language)) ??
    stringProblem(textSyntax, text, writer.text(text))
  );
}

/** @param octets how many the text takes. */
function stringProblem(syntax: StringSyntax, text: string, octets: number): string | undefined {
  const rule = STRING_RULES[syntax];
  if (octets > rule.max) return tooLong(octets, rule.max);
  if (octets < rule.min) return 'an empty string';
  return isWithin(text, rule.repertoire) ? undefined : 'characters that it may not have';
}

const tooLong = (octets: number, max: number): string => `${octets} octets, at most ${max} allowed`;
