/** Octets to a message (RFC 8010 §3). */
import { type Attribute, Attributes, type Group, type Message, type Value } from '../model.ts';
import { NOT_UTF8, type Problem, readString, readValue } from './decode-value.ts';
import { type DecodeCode, DecodeFailure } from './errors.ts';
import { type Leniency, STRICT } from './leniency.ts';
import { type CodecLimits, REQUEST_LIMITS } from './limits.ts';
import {
  END_COLLECTION,
  END_OF_ATTRIBUTES,
  EXTENSION,
  FIRST_EXTENDED_TAG,
  FIRST_VALUE_TAG,
  groupKindOf,
  LAST_EXTENDED_TAG,
  MEMBER_NAME,
  NAME_RULE,
  STRUCTURAL_TAGS,
  syntaxOf,
} from './tags.ts';

export interface DecodeOptions {
  /** {@link REQUEST_LIMITS} unless told. */
  readonly limits?: CodecLimits;
  /** {@link STRICT} unless told. */
  readonly leniency?: Leniency;
}

/**
 * Reads one whole message: `octets` begin with the version and end with the end-of-attributes tag. Groups of a kind
 * that no standard uses yet are read and left out (§3.5.1). The message shares nothing with `octets`.
 *
 * With {@link STRICT}, exactly what `encodeMessage` would send is accepted, and encoding the message again gives the
 * same octets, but for left-out groups and an offset of −00:00, which becomes +00:00.
 *
 * @throws DecodeFailure
 */
export function decodeMessage(octets: Uint8Array, options: DecodeOptions = {}): Message {
  return new Decoder(octets, options).message();
}

/** Version, operation or status, and request id; undefined when there are fewer than 8 octets. */
export function readHeader(octets: Uint8Array): Omit<Message, 'groups'> | undefined {
  if (octets.length < HEADER_OCTETS) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  return {
    version: { major: view.getUint8(0), minor: view.getUint8(1) },
    code: view.getUint16(2),
    requestId: view.getUint32(4),
  };
}

export const HEADER_OCTETS = 8;
const MAX_INT32 = 2 ** 31 - 1;

interface Growing extends Attribute {
  readonly values: Value[];
}

class Decoder {
  readonly #octets: Buffer;
  readonly #limits: CodecLimits;
  readonly #leniency: Leniency;
  #position = 0;
  /** What `#position` stands in, for error messages: names from the attribute down to the innermost member. */
  readonly #path: string[] = [];
  #place = 'header';
  /** As the message declares it, in lower case. */
  #charset = 'utf-8';

  constructor(octets: Uint8Array, options: DecodeOptions) {
    this.#octets = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    this.#limits = options.limits ?? REQUEST_LIMITS;
    this.#leniency = options.leniency ?? STRICT;
  }

  message(): Message {
    const { length } = this.#octets;
    const { messageOctets } = this.#limits;
    if (length > messageOctets) this.#fail('message-too-large', `${length} octets, at most ${messageOctets}`);
    const header = readHeader(this.#octets);
    if (header === undefined) this.#fail('message-truncated', `only ${length} octets`);
    if (header.requestId > MAX_INT32) this.#fail('message-malformed', 'a negative request id');
    this.#position = HEADER_OCTETS;
    const groups = this.#groups();
    if (this.#position < length) {
      this.#fail('message-malformed', `${length - this.#position} octets after the end-of-attributes tag`);
    }
    return { ...header, groups };
  }

  #groups(): Group[] {
    const groups: Group[] = [];
    let count = 0;
    let tag = this.#octet();
    while (tag !== END_OF_ATTRIBUTES) {
      if (tag === 0 || tag >= FIRST_VALUE_TAG) {
        this.#fail('message-malformed', `tag ${hex(tag)} where a group should begin`);
      }
      if (++count > this.#limits.groups) {
        this.#fail('message-too-large', `more than ${this.#limits.groups} groups`);
      }
      const kind = groupKindOf(tag);
      this.#place = `${kind ?? hex(tag)} group`;
      const attributes = this.#attributes();
      if (kind !== undefined) groups.push({ kind, attributes });
      tag = this.#octet();
    }
    return groups;
  }

  /** Stops before the next delimiter tag. */
  #attributes(): Attributes {
    const found = new Map<string, Growing>();
    let current: Growing | undefined;
    for (;;) {
      const tag = this.#octet();
      if (tag < FIRST_VALUE_TAG) {
        this.#position--;
        return new Attributes(found.values());
      }
      const nameLength = this.#length();
      if (nameLength > 0) current = this.#begin(found, this.#name(nameLength));
      if (current === undefined) this.#fail('message-malformed', 'a value without an attribute');
      this.#path.push(current.name);
      this.#add(current, this.#value(tag));
      this.#path.pop();
      if (current.name === 'attributes-charset') this.#declareCharset(current);
    }
  }

  #value(tag: number): Value {
    const length = this.#length();
    if (length > this.#limits.valueOctets) {
      this.#fail('value-too-long', `${length} octets, at most ${this.#limits.valueOctets} are read`);
    }
    if (tag === EXTENSION) return this.#extendedValue(length);
    if (STRUCTURAL_TAGS.has(tag)) this.#fail('message-malformed', `tag ${hex(tag)} where a value should be`);
    const syntax = syntaxOf(tag);
    if (syntax === 'collection') return { syntax, value: this.#collection(length) };
    const start = this.#take(length);
    if (syntax === undefined) return this.#other(tag, start);
    const value = readValue(syntax, this.#octets, start, this.#position, this.#leniency);
    if (!('problem' in value)) return value;
    if (this.#leniency.malformedValues) return this.#other(tag, start);
    return this.#refuse(value, start, syntax);
  }

  /** §3.5.2: a tag of four octets, which stands before the value. */
  #extendedValue(length: number): Value {
    const start = this.#take(length);
    if (length < 4) this.#fail('message-malformed', 'an extension tag cut short', start);
    const tag = this.#octets.readUInt32BE(start);
    if (tag < FIRST_EXTENDED_TAG || tag > LAST_EXTENDED_TAG) {
      this.#fail('message-malformed', `extension tag ${hex(tag)}`, start);
    }
    return this.#other(tag, start + 4);
  }

  #other(tag: number, start: number): Value {
    return { syntax: 'other', tag, value: new Uint8Array(this.#octets.subarray(start, this.#position)) };
  }

  /** §3.1.6: memberAttrName and the member's values, again and again, up to endCollection. */
  #collection(beginLength: number): Attributes {
    this.#skipStructure('begCollection', beginLength);
    if (this.#path.length > this.#limits.depth) {
      this.#fail('message-malformed', `collections nested deeper than ${this.#limits.depth}`);
    }
    const found = new Map<string, Growing>();
    let current: Growing | undefined;
    for (;;) {
      const tag = this.#octet();
      if (tag < FIRST_VALUE_TAG) this.#fail('message-malformed', `tag ${hex(tag)} inside a collection`);
      const nameLength = this.#length();
      const structural = tag === END_COLLECTION || tag === MEMBER_NAME;
      if (nameLength > 0 && (structural || !this.#leniency.namedMembers)) {
        this.#fail('message-malformed', 'a name inside a collection');
      }
      if (current?.values.length === 0 && (structural || nameLength > 0)) {
        this.#fail('message-malformed', `member ${current.name} has no value`);
      }
      if (nameLength > 0) current = this.#begin(found, this.#name(nameLength));
      if (tag === END_COLLECTION) {
        this.#skipStructure('endCollection', this.#length());
        return new Attributes(found.values());
      }
      if (tag === MEMBER_NAME) {
        current = this.#begin(found, this.#name(this.#length()));
        continue;
      }
      if (current === undefined) this.#fail('message-malformed', 'a value without a member name');
      this.#path.push(current.name);
      this.#add(current, this.#value(tag));
      this.#path.pop();
    }
  }

  /** Begins an attribute or a member. */
  #begin(found: Map<string, Growing>, name: string): Growing {
    if (found.has(name) && !this.#leniency.duplicateAttributes) {
      this.#fail('message-malformed', `${name} comes twice`);
    }
    const attribute = { name, values: [] };
    found.set(name, attribute);
    if (found.size > this.#limits.attributesPerGroup) {
      this.#fail('message-too-large', `more than ${this.#limits.attributesPerGroup} attributes`);
    }
    return attribute;
  }

  #add(attribute: Growing, value: Value): void {
    attribute.values.push(value);
    if (attribute.values.length > this.#limits.valuesPerAttribute) {
      this.#fail('message-too-large', `more than ${this.#limits.valuesPerAttribute} values`);
    }
  }

  #declareCharset(attribute: Attribute): void {
    const value = attribute.values[0];
    if (value?.syntax === 'charset') this.#charset = value.value.toLowerCase();
  }

  #name(length: number): string {
    if (length > this.#limits.nameOctets) this.#fail('message-malformed', `a name of ${length} octets`);
    const start = this.#take(length);
    const name = readString(NAME_RULE, this.#octets, start, this.#position, STRICT);
    return typeof name === 'string' ? name : this.#refuse(name, start, 'name');
  }

  /** begCollection and endCollection have no value; printers that send one are forgiven like other wrong values. */
  #skipStructure(what: string, length: number): void {
    const start = this.#take(length);
    if (length > 0 && !this.#leniency.malformedValues) {
      this.#fail('message-malformed', `${what} with a value`, start);
    }
  }

  #octet(): number {
    return this.#octets[this.#take(1)] as number;
  }

  /** A name-length or value-length, a SIGNED-SHORT (§3.2). */
  #length(): number {
    const start = this.#take(2);
    const length = this.#octets.readUInt16BE(start);
    if (length > 0x7fff) this.#fail('message-malformed', 'a negative length', start);
    return length;
  }

  /** Moves on by `length` octets and returns where they begin. */
  #take(length: number): number {
    const start = this.#position;
    if (start + length > this.#octets.length) {
      this.#fail('message-truncated', `${length} octets wanted, ${this.#octets.length - start} are left`);
    }
    this.#position = start + length;
    return start;
  }

  #refuse({ problem, code }: Problem, start: number, what: string): never {
    const foreign = problem === NOT_UTF8 && this.#charset !== 'utf-8' && this.#charset !== 'us-ascii';
    this.#fail(foreign ? 'charset-not-supported' : code, `${what}: ${problem}`, start);
  }

  #fail(code: DecodeCode, problem: string, offset = this.#position): never {
    const reading = this.#path.length > 0 ? `value of ${this.#path.join('/')}` : this.#place;
    throw new DecodeFailure(code, problem, offset, reading);
  }
}

const hex = (tag: number): string => `0x${tag.toString(16).padStart(2, '0')}`;
