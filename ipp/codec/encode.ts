/** A message to octets (RFC 8010 §3). Strict: what would be wrong on the wire is refused. */
import type { Attribute, Attributes, Message, Value } from '../model.ts';
import { writeValue } from './encode-value.ts';
import { EncodeFailure } from './errors.ts';
import { REQUEST_LIMITS } from './limits.ts';
import { isWithin } from './strings.ts';
import {
  END_COLLECTION,
  END_OF_ATTRIBUTES,
  EXTENSION,
  FIRST_EXTENDED_TAG,
  FIRST_VALUE_TAG,
  GROUP_TAGS,
  LAST_EXTENDED_TAG,
  MEMBER_NAME,
  NAME_RULE,
  STRUCTURAL_TAGS,
  syntaxOf,
  VALUE_TAGS,
} from './tags.ts';
import { Writer } from './writer.ts';

/** A value-length is a SIGNED-SHORT (§3.2). */
const LONGEST_VALUE = 0x7fff;

/**
 * The octets from the version number to the end-of-attributes tag. A request id of 0 passes, for the answer to a request
 * that had it.
 *
 * @throws EncodeFailure naming the attribute and what is wrong with it
 */
export function encodeMessage(message: Message): Buffer {
  const { version, code, requestId, groups } = message;
  expectInteger(version.major, 0, 255, 'major version');
  expectInteger(version.minor, 0, 255, 'minor version');
  expectInteger(code, 0, 0xffff, 'operation or status');
  expectInteger(requestId, 0, 2 ** 31 - 1, 'request id');
  const writer = new Writer();
  writer.octet(version.major);
  writer.octet(version.minor);
  writer.uint16(code);
  writer.int32(requestId);
  for (const { kind, attributes } of groups) {
    writer.octet(GROUP_TAGS[kind]);
    for (const attribute of attributes) writeAttribute(writer, attribute);
  }
  writer.octet(END_OF_ATTRIBUTES);
  return writer.finish();
}

function writeAttribute(writer: Writer, { name, values }: Attribute): void {
  expectSome(values, name);
  let begins = true;
  for (const value of values) {
    writer.octet(tagOf(value, name));
    if (begins) writeName(writer, name, name);
    else writer.uint16(0);
    begins = false;
    writeBody(writer, value, name, 1);
  }
}

/** What stands behind tag and name: length and value, of a collection all its members. */
function writeBody(writer: Writer, value: Value, path: string, depth: number): void {
  if (value.syntax === 'collection') {
    writer.uint16(0);
    writeMembers(writer, value.value, path, depth);
    return;
  }
  const begin = writer.beginLength();
  if (value.syntax === 'other') {
    if (value.tag >= FIRST_EXTENDED_TAG) writer.int32(value.tag);
    writer.octets(value.value);
  } else {
    const problem = writeValue(writer, value);
    if (problem !== undefined) throw new EncodeFailure(`${value.syntax}: ${problem}`, path);
  }
  const length = writer.endLength(begin);
  if (length > LONGEST_VALUE) throw new EncodeFailure(`a value of ${length} octets`, path);
}

/** RFC 8010 §3.1.6 */
function writeMembers(writer: Writer, members: Attributes, path: string, depth: number): void {
  if (depth > REQUEST_LIMITS.depth) {
    throw new EncodeFailure(`collections nested deeper than ${REQUEST_LIMITS.depth}`, path);
  }
  for (const { name, values } of members) {
    const memberPath = `${path}/${name}`;
    expectSome(values, memberPath);
    writer.octet(MEMBER_NAME);
    writer.uint16(0);
    writeName(writer, name, memberPath);
    for (const value of values) {
      writer.octet(tagOf(value, memberPath));
      writer.uint16(0);
      writeBody(writer, value, memberPath, depth + 1);
    }
  }
  writer.octet(END_COLLECTION);
  writer.uint16(0);
  writer.uint16(0);
}

function writeName(writer: Writer, name: string, path: string): void {
  const length = writer.text(name);
  if (length < NAME_RULE.min || length > NAME_RULE.max) {
    throw new EncodeFailure(`a name of ${length} octets`, path);
  }
  if (!isWithin(name, NAME_RULE.repertoire))
    throw new EncodeFailure('characters that no name may have', path);
}

function tagOf(value: Value, path: string): number {
  if (value.syntax !== 'other') return VALUE_TAGS[value.syntax];
  const { tag } = value;
  if (!Number.isInteger(tag) || tag < FIRST_VALUE_TAG || tag > LAST_EXTENDED_TAG) {
    throw new EncodeFailure(`no value tag: ${tag}`, path);
  }
  if (syntaxOf(tag) !== undefined || STRUCTURAL_TAGS.has(tag)) {
    throw new EncodeFailure(`tag ${tag} is a known one, its value malformed`, path);
  }
  return tag >= FIRST_EXTENDED_TAG ? EXTENSION : tag;
}

function expectSome(values: readonly Value[], path: string): void {
  if (values.length === 0) throw new EncodeFailure('no value', path);
}

function expectInteger(value: number, lowest: number, highest: number, what: string): void {
  if (!Number.isInteger(value) || value < lowest || value > highest) {
    throw new EncodeFailure(`${value} is out of range`, what);
  }
}
