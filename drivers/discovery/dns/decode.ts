/** Reads DNS messages from the network: every length checked, every loop bounded. */
import type { DnsMessage, DomainName, Question, RecordData, ResourceRecord } from './model.ts';
import { RecordType } from './model.ts';

/** Octets of a message (RFC 6762 §17). */
const LARGEST = 9000;
/** Questions and records of one message; a real one has a few dozen. */
const MOST_ENTRIES = 500;
const LONGEST_NAME = 255;
const CLASS_IN = 1;
const CLASS_ANY = 255;

/** Undefined when it is no sound DNS query or response: such packets are ignored in silence (RFC 6762 §18). */
export function decodeMessage(octets: Uint8Array): DnsMessage | undefined {
  if (octets.length < 12 || octets.length > LARGEST) return undefined;
  try {
    return new Reader(Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)).message();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

class Reader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  message(): DnsMessage | undefined {
    const id = this.#number(2);
    const flags = this.#number(2);
    // Opcode and response code must be zero (RFC 6762 §18.3, §18.11).
    if ((flags & 0x780f) !== 0) return undefined;
    const counts = [this.#number(2), this.#number(2), this.#number(2), this.#number(2)] as const;
    if (counts[0] + counts[1] + counts[2] + counts[3] > MOST_ENTRIES) return undefined;
    return {
      id,
      response: (flags & 0x8000) !== 0,
      truncated: (flags & 0x0200) !== 0,
      questions: this.#list(counts[0], () => this.#question()),
      answers: this.#list(counts[1], () => this.#record()),
      authorities: this.#list(counts[2], () => this.#record()),
      additionals: this.#list(counts[3], () => this.#record()),
    };
  }

  #list<T>(count: number, read: () => T | undefined): T[] {
    const list: T[] = [];
    for (let index = 0; index < count; index++) {
      const each = read();
      if (each !== undefined) list.push(each);
    }
    return list;
  }

  #question(): Question | undefined {
    const name = this.#name();
    const type = this.#number(2);
    const dnsClass = this.#number(2);
    if (!isInternet(dnsClass & 0x7fff)) return undefined;
    return { name, type, unicast: (dnsClass & 0x8000) !== 0 };
  }

  #record(): ResourceRecord | undefined {
    const name = this.#name();
    const type = this.#number(2);
    const dnsClass = this.#number(2);
    const ttl = this.#number(4);
    const end = this.#number(2) + this.#at;
    if (end > this.#buffer.length) throw new RangeError('record beyond the end');
    const data = this.#data(type, end);
    this.#at = end;
    if (!isInternet(dnsClass & 0x7fff)) return undefined;
    return { name, ttl, flush: (dnsClass & 0x8000) !== 0, data };
  }

  #data(type: number, end: number): RecordData {
    switch (type) {
      case RecordType.a:
        return { type: 'a', address: [...this.#take(4, end)].join('.') };
      case RecordType.aaaa:
        return { type: 'aaaa', address: ipv6Text(this.#take(16, end)) };
      case RecordType.ptr:
        return { type: 'ptr', target: this.#name() };
      case RecordType.srv: {
        this.#take(4, end);
        const port = this.#number(2);
        return { type: 'srv', port, target: this.#name() };
      }
      case RecordType.txt: {
        const strings: string[] = [];
        while (this.#at < end) strings.push(this.#take(this.#number(1), end).toString());
        return { type: 'txt', strings: strings.filter((each) => each !== '') };
      }
      default:
        return { type: 'other', code: type, data: Buffer.from(this.#take(end - this.#at, end)) };
    }
  }

  /** A pointer may only point before everything that was read of this name, so that none can loop. */
  #name(): DomainName {
    const labels: string[] = [];
    let at = this.#at;
    let end: number | undefined;
    let before = at;
    let length = 1;
    for (;;) {
      const size = this.#buffer.readUInt8(at);
      if (size >= 0xc0) {
        const target = this.#buffer.readUInt16BE(at) & 0x3fff;
        end ??= at + 2;
        if (target >= before) throw new RangeError('pointer that points forward');
        before = target;
        at = target;
        continue;
      }
      if (size > 63) throw new RangeError('unknown kind of label');
      if (size === 0) break;
      length += size + 1;
      if (length > LONGEST_NAME || at + 1 + size > this.#buffer.length) throw new RangeError('name too long');
      const label = this.#buffer.toString('utf8', at + 1, at + 1 + size);
      // What is no UTF-8 could not be written again as long as it was (RFC 6762 §16 wants UTF-8).
      if (Buffer.byteLength(label) !== size) throw new RangeError('label that is no UTF-8');
      labels.push(label);
      at += size + 1;
    }
    this.#at = end ?? at + 1;
    return labels;
  }

  #number(octets: 1 | 2 | 4): number {
    const value = this.#buffer.readUIntBE(this.#at, octets);
    this.#at += octets;
    return value;
  }

  #take(octets: number, end: number): Buffer {
    if (this.#at + octets > end) throw new RangeError('data beyond its record');
    const taken = this.#buffer.subarray(this.#at, this.#at + octets);
    this.#at += octets;
    return taken;
  }
}

const isInternet = (dnsClass: number): boolean => dnsClass === CLASS_IN || dnsClass === CLASS_ANY;

/** As Node writes addresses (RFC 5952). */
function ipv6Text(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
