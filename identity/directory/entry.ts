/** Entries of a search as they lie in the server's octets: a value is decoded when it is asked for, and then only once. */
import { type BerReader, type Client, ProtocolOperation, SearchEntry } from 'ldapts';
import { cleanText, LONGEST_VALUE } from './values.ts';

/** Tags of BER (RFC 4511 §5.1, X.690 §8). */
const OCTETS = 0x04;
const SEQUENCE = 0x30;
const SET = 0x31;
/** Attributes whose names are kept in lower case, so that they are made so once; servers have some thousand. */
const MOST_NAMES = 10_000;
const ASCII = /^[\0-\x7f]*$/;

const NOTHING = Buffer.alloc(0);

const lowered = new Map<string, string>();

function lower(name: string): string {
  const known = lowered.get(name);
  if (known !== undefined) return known;
  const result = name.toLowerCase();
  if (lowered.size < MOST_NAMES) lowered.set(name, result);
  return result;
}

/**
 * ldapts makes an object of every attribute, a Buffer and a text of every value; that is most of what it does with twenty
 * thousand people. This takes their place, {@link readAsDirectoryEntries}. Attributes are found without regard to the case in
 * which the server writes them.
 */
export class DirectoryEntry extends SearchEntry {
  #octets: Buffer = NOTHING;
  /** One character for each octet from {@link #from} on. */
  #text = '';
  #from = 0;
  #ascii = true;
  readonly #names: string[] = [];
  /** Where the values of each begin and end, in {@link #text}. */
  readonly #spans: number[] = [];

  get dn(): string {
    return this.name;
  }

  /** Every value as clean text, in order, without empty ones; at most `most`, each of at most `longest` octets. */
  texts(attribute: string, most: number, longest = LONGEST_VALUE): string[] {
    const found: string[] = [];
    const place = this.#find(attribute);
    const end = place < 0 ? 0 : (this.#spans[place * 2 + 1] as number);
    let at = place < 0 ? 0 : (this.#spans[place * 2] as number);
    for (let seen = 0; at < end && seen < most; seen++) {
      const valueEnd = this.#open(at, OCTETS);
      const clean = cleanText(this.#decode(this.#begin, valueEnd), longest);
      if (clean !== '') found.push(clean);
      at = valueEnd;
    }
    return found;
  }

  /** The first value as clean text; '' when there is none, and for the attribute ''. */
  text(attribute: string): string {
    const end = this.#first(attribute);
    return end < 0 ? '' : cleanText(this.#decode(this.#begin, end));
  }

  /** The first value as it is. */
  octets(attribute: string): Buffer | undefined {
    const end = this.#first(attribute);
    return end < 0 ? undefined : this.#octets.subarray(this.#from + this.#begin, this.#from + end);
  }

  /** Called by ldapts. @throws Error when it is no entry */
  override parseMessage(reader: BerReader): void {
    this.name = reader.readString() ?? '';
    if (reader.readSequence(SEQUENCE) === null) throw new Error('an entry without attributes');
    this.#octets = reader.buffer;
    this.#from = reader.offset;
    this.#text = reader.buffer.toString('latin1', reader.offset, reader.offset + reader.length);
    if (this.#text.length !== reader.length) throw new Error('an entry that is cut');
    reader.offset += reader.length;
    this.#ascii = ASCII.test(this.#text);
    let at = 0;
    while (at < this.#text.length) {
      const end = this.#open(at, SEQUENCE);
      const nameEnd = this.#open(this.#begin, OCTETS);
      const name = this.#text.slice(this.#begin, nameEnd);
      const valuesEnd = this.#open(nameEnd, SET);
      if (nameEnd > end || valuesEnd > end) throw new Error('an entry that is no BER');
      // `cn;lang-de`, `member;range=…`: other than what was asked for.
      if (!name.includes(';')) {
        this.#names.push(lower(name));
        this.#spans.push(this.#begin, valuesEnd);
      }
      at = end;
    }
  }

  /** Where what {@link #open} opened begins. */
  #begin = 0;

  /** @returns where the element at `at` ends; its content begins at {@link #begin} */
  #open(at: number, tag: number): number {
    if (this.#text.charCodeAt(at) !== tag) throw new Error('an entry that is no BER');
    let length = this.#text.charCodeAt(at + 1);
    let begin = at + 2;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 4) throw new Error('an entry that is no BER');
      length = 0;
      for (let each = 0; each < octets; each++) length = length * 256 + this.#text.charCodeAt(begin++);
    }
    const end = begin + length;
    // Past the end every character is NaN, and so is the sum.
    if (!(end <= this.#text.length)) throw new Error('an entry that is cut');
    this.#begin = begin;
    return end;
  }

  #find(attribute: string): number {
    return attribute === '' ? -1 : this.#names.indexOf(lower(attribute));
  }

  /** @returns where the first value ends, -1 when there is none; it begins at {@link #begin} */
  #first(attribute: string): number {
    const place = this.#find(attribute);
    if (place < 0) return -1;
    const begin = this.#spans[place * 2] as number;
    return begin === this.#spans[place * 2 + 1] ? -1 : this.#open(begin, OCTETS);
  }

  #decode(from: number, to: number): string {
    return this.#ascii
      ? this.#text.slice(from, to)
      : this.#octets.toString('utf8', this.#from + from, this.#from + to);
  }
}

/** Makes a client give its entries as {@link DirectoryEntry}. */
export function readAsDirectoryEntries(client: Client): void {
  const parser = client['messageParser'];
  const others = parser['_getMessageFromProtocolOperation'].bind(parser);
  parser['_getMessageFromProtocolOperation'] = (
    messageId: number,
    operation: number,
    reader: BerReader,
    request: unknown,
  ) => {
    if (operation !== ProtocolOperation.LDAP_RES_SEARCH_ENTRY) {
      return others(messageId, operation, reader, request);
    }
    const entry = new DirectoryEntry({ messageId });
    entry.parse(reader, []);
    return entry;
  };
}
