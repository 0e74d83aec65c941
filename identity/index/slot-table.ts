/**
 * A hash table from keys of one or more 32-bit words to numbers: open addressing in typed arrays, no object for an entry.
 *
 * It is cut into 256 segments by the key's first octet. A segment grows by itself, so that no growth takes long, and a
 * fork shares the segments until it writes to them, so that a change of any size is made beside the table that is being
 * read and shows all at once.
 */
import type { WordReader } from './words.ts';

const SEGMENTS = 256;
const SMALLEST_SEGMENT = 4;
/** Past this share of full cells a segment doubles; probes get long beyond it. */
const FULLEST = 0.75;
const EMPTY = 0;
const NONE = -1;
/** Words in front of a dump: words of a key, entries, then capacity and entries of each segment. */
const HEADER = 2 + SEGMENTS * 2;

/** `capacity` cells of the key's words and the number + 1 (0: empty), one after the other. */
interface Segment {
  cells: Int32Array;
  used: number;
  /** capacity - 1; the capacity is a power of two. */
  mask: number;
}

/** The words of a key, as many as the table has; they must be spread evenly over all bits. */
export type TableKey = Int32Array;

export class SlotTable {
  readonly #keyWords: number;
  readonly #segments: (Segment | undefined)[];
  /** 1 for segments that no other table reads. */
  readonly #own = new Uint8Array(SEGMENTS);
  #size: number;
  #readOnly = false;

  /** @param keyWords 32-bit words of a key */
  constructor(keyWords: number, origin?: SlotTable) {
    this.#keyWords = keyWords;
    this.#segments = origin === undefined ? new Array(SEGMENTS).fill(undefined) : origin.#segments.slice();
    this.#size = origin === undefined ? 0 : origin.#size;
  }

  /** A table with the same entries, for writing. This one can only be read from now on. */
  fork(): SlotTable {
    this.#readOnly = true;
    return new SlotTable(this.#keyWords, this);
  }

  /** The table as words, which {@link restore} takes. */
  *dump(): Generator<Int32Array> {
    const header = new Int32Array(HEADER);
    header.set([this.#keyWords, this.#size]);
    for (const [index, segment] of this.#segments.entries()) {
      if (segment !== undefined) header.set([segment.mask + 1, segment.used], 2 + index * 2);
    }
    yield header;
    for (const segment of this.#segments) if (segment !== undefined) yield segment.cells;
  }

  /** A table over words that {@link dump} gave: nothing is copied until it is written to. Moves `from` behind them. */
  static restore(from: WordReader): SlotTable {
    const header = from.take(HEADER);
    const table = new SlotTable(header[0] as number);
    table.#size = header[1] as number;
    for (let index = 0; index < SEGMENTS; index++) {
      const capacity = header[2 + index * 2] as number;
      if (capacity === 0) continue;
      const cells = from.take(capacity * (table.#keyWords + 1));
      table.#segments[index] = { cells, used: header[3 + index * 2] as number, mask: capacity - 1 };
    }
    return table;
  }

  /** Entries. */
  get size(): number {
    return this.#size;
  }

  /** Octets of all cells. */
  get octets(): number {
    return this.#segments.reduce((sum, segment) => sum + (segment?.cells.byteLength ?? 0), 0);
  }

  /** The number under the key, one of them when there are several; -1 when there is none. */
  find(key: TableKey): number {
    const first = key[0] as number;
    const segment = this.#segments[first >>> 24];
    if (segment === undefined) return NONE;
    const words = this.#keyWords;
    const { cells, mask } = segment;
    for (let cell = first & mask; ; cell = (cell + 1) & mask) {
      const at = cell * (words + 1);
      const value = cells[at + words] as number;
      if (value === EMPTY) return NONE;
      if (holds(cells, at, key, words)) return value - 1;
    }
  }

  /** Every number under the key. */
  findAll(key: TableKey): number[] {
    const found: number[] = [];
    const first = key[0] as number;
    const segment = this.#segments[first >>> 24];
    if (segment === undefined) return found;
    const words = this.#keyWords;
    const { cells, mask } = segment;
    for (let cell = first & mask; ; cell = (cell + 1) & mask) {
      const at = cell * (words + 1);
      const value = cells[at + words] as number;
      if (value === EMPTY) return found;
      if (holds(cells, at, key, words)) found.push(value - 1);
    }
  }

  /** Adds an entry, beside others that may be there under the same key. @param number 0 to 2^31-2 */
  add(key: TableKey, number: number): void {
    const segment = this.#writable(key);
    if (segment.used + 1 > (segment.mask + 1) * FULLEST) this.#grow(segment);
    place(segment, key, number + 1, this.#keyWords);
    segment.used += 1;
    this.#size += 1;
  }

  /** Takes away that entry. False when there is none. */
  remove(key: TableKey, number: number): boolean {
    const segment = this.#writable(key);
    const words = this.#keyWords;
    const { cells, mask } = segment;
    for (let cell = (key[0] as number) & mask; ; cell = (cell + 1) & mask) {
      const at = cell * (words + 1);
      const value = cells[at + words] as number;
      if (value === EMPTY) return false;
      if (value !== number + 1 || !holds(cells, at, key, words)) continue;
      closeGap(segment, cell, words);
      segment.used -= 1;
      this.#size -= 1;
      return true;
    }
  }

  #writable(key: TableKey): Segment {
    if (this.#readOnly) throw new Error('a table that was forked is written to');
    const index = (key[0] as number) >>> 24;
    const present = this.#segments[index];
    if (present !== undefined && this.#own[index] === 1) return present;
    const segment =
      present === undefined
        ? emptySegment(SMALLEST_SEGMENT, this.#keyWords)
        : { ...present, cells: present.cells.slice() };
    this.#segments[index] = segment;
    this.#own[index] = 1;
    return segment;
  }

  #grow(segment: Segment): void {
    const words = this.#keyWords;
    const larger = emptySegment((segment.mask + 1) * 2, words);
    for (let at = 0; at < segment.cells.length; at += words + 1) {
      const value = segment.cells[at + words] as number;
      if (value !== EMPTY) place(larger, segment.cells.subarray(at, at + words), value, words);
    }
    segment.cells = larger.cells;
    segment.mask = larger.mask;
  }
}

function emptySegment(capacity: number, words: number): Segment {
  return { cells: new Int32Array(capacity * (words + 1)), used: 0, mask: capacity - 1 };
}

function holds(cells: Int32Array, at: number, key: TableKey, words: number): boolean {
  for (let word = 0; word < words; word++) {
    if (cells[at + word] !== key[word]) return false;
  }
  return true;
}

function place(segment: Segment, key: TableKey, value: number, words: number): void {
  const { cells, mask } = segment;
  let cell = (key[0] as number) & mask;
  while (cells[cell * (words + 1) + words] !== EMPTY) cell = (cell + 1) & mask;
  const at = cell * (words + 1);
  cells.set(key, at);
  cells[at + words] = value;
}

/** Moves entries behind the gap up to where a search for them begins to look, so that no search ends too early. */
function closeGap({ cells, mask }: Segment, from: number, words: number): void {
  let gap = from;
  for (let cell = (gap + 1) & mask; ; cell = (cell + 1) & mask) {
    const at = cell * (words + 1);
    if (cells[at + words] === EMPTY) break;
    const home = (cells[at] as number) & mask;
    if (((cell - home) & mask) < ((cell - gap) & mask)) continue;
    cells.copyWithin(gap * (words + 1), at, at + words + 1);
    gap = cell;
  }
  cells.fill(EMPTY, gap * (words + 1), (gap + 1) * (words + 1));
}
