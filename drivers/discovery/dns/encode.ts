/** Writes DNS messages, names compressed (RFC 1035 §4.1.4; in SRV too, RFC 6762 §18.14). */
import { isIPv4 } from 'node:net';
import { type DnsMessage, type DomainName, type RecordData, type ResourceRecord, typeCode } from './model.ts';

/** Octets of a whole multicast DNS message, its IP and UDP headers taken off (RFC 6762 §17). */
export const LARGEST_MESSAGE = 8952;
const HEADER = 12;
const CLASS_IN = 1;
const TOP_BIT = 0x8000;
const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;

/** @throws RangeError when it does not fit {@link LARGEST_MESSAGE}, or a label 63 octets. */
export function encodeMessage(message: DnsMessage): Buffer {
  const writer = new Writer(LARGEST_MESSAGE);
  writer.number(message.id, 2);
  // A multicast response is authoritative (RFC 6762 §18.4).
  writer.number((message.response ? 0x8400 : 0) | (message.truncated ? 0x0200 : 0), 2);
  const { questions, answers, authorities, additionals } = message;
  for (const section of [questions, answers, authorities, additionals]) writer.number(section.length, 2);
  for (const { name, type, unicast } of questions) {
    writer.name(name);
    writer.number(type, 2);
    writer.number(CLASS_IN | (unicast ? TOP_BIT : 0), 2);
  }
  for (const record of [...answers, ...authorities, ...additionals]) writer.record(record);
  return writer.octets();
}

/** The data of a record with no name compressed: for comparing (RFC 6762 §8.2). */
export function dataOctets(data: RecordData): Buffer {
  const writer = new Writer(LARGEST_MESSAGE, false);
  writer.data(data);
  return writer.octets();
}

/** Octets that the record takes at most. */
export const recordSize = (record: ResourceRecord): number =>
  nameSize(record.name) + 10 + dataOctets(record.data).length;

/** Octets of a message with nothing in it. */
export const EMPTY_MESSAGE = HEADER;

const nameSize = (name: DomainName): number =>
  name.reduce((sum, label) => sum + 1 + Buffer.byteLength(label), 1);

class Writer {
  readonly #buffer: Buffer;
  readonly #compress: boolean;
  readonly #names = new Map<string, number>();
  #at = 0;

  constructor(size: number, compress = true) {
    this.#buffer = Buffer.allocUnsafe(size);
    this.#compress = compress;
  }

  octets(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#at));
  }

  number(value: number, octets: 1 | 2 | 4): void {
    this.#at = this.#buffer.writeUIntBE(value, this.#at, octets);
  }

  name(name: DomainName): void {
    if (nameSize(name) > LONGEST_NAME) throw new RangeError('a name is longer than 255 octets');
    for (let index = 0; index < name.length; index++) {
      const rest = JSON.stringify(name.slice(index));
      const known = this.#names.get(rest);
      if (known !== undefined) return this.number(0xc000 | known, 2);
      if (this.#compress && this.#at < 0x4000) this.#names.set(rest, this.#at);
      this.#text(name[index] ?? '', LONGEST_LABEL);
    }
    this.number(0, 1);
  }

  record({ name, ttl, flush, data }: ResourceRecord): void {
    this.name(name);
    this.number(typeCode(data), 2);
    this.number(CLASS_IN | (flush ? TOP_BIT : 0), 2);
    this.number(ttl, 4);
    const lengthAt = this.#at;
    this.number(0, 2);
    this.data(data);
    this.#buffer.writeUInt16BE(this.#at - lengthAt - 2, lengthAt);
  }

  data(data: RecordData): void {
    switch (data.type) {
      case 'a':
      case 'aaaa':
        return this.#octets(addressOctets(data.address));
      case 'ptr':
        return this.name(data.target);
      case 'srv':
        // Priority and weight, which nobody uses here.
        this.number(0, 4);
        this.number(data.port, 2);
        return this.name(data.target);
      case 'txt':
        // An empty TXT record is one empty string (RFC 6763 §6.1).
        for (const each of data.strings.length === 0 ? [''] : data.strings) this.#text(each, 255);
        return;
      case 'nsec':
        this.name(data.next);
        return this.#octets(typeBitmap(data.types));
      case 'other':
        return this.#octets(data.data);
    }
  }

  #text(text: string, most: number): void {
    const octets = Buffer.from(text);
    if (octets.length > most) throw new RangeError(`a text is longer than ${most} octets`);
    this.number(octets.length, 1);
    this.#octets(octets);
  }

  #octets(octets: Uint8Array): void {
    if (this.#at + octets.length > this.#buffer.length) throw new RangeError('the message is too long');
    this.#buffer.set(octets, this.#at);
    this.#at += octets.length;
  }
}

/** @param types below 256 (RFC 4034 §4.1.2). */
function typeBitmap(types: readonly number[]): Buffer {
  const bits = Buffer.alloc(Math.floor(Math.max(0, ...types) / 8) + 1);
  for (const type of types) bits[type >> 3] = (bits[type >> 3] ?? 0) | (0x80 >> (type & 7));
  return Buffer.concat([Buffer.from([0, bits.length]), bits]);
}

function addressOctets(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string) =>
    text === '' ? [] : text.split(':').map((each) => Number.parseInt(each, 16));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0);
  const octets = Buffer.alloc(16);
  [...before, ...zeros, ...after].slice(0, 8).forEach((group, index) => {
    octets.writeUInt16BE(group, index * 2);
  });
  return octets;
}
