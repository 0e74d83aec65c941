/** Words of 32 bits that are read one behind the other. */
export class WordReader {
  readonly #words: Int32Array;
  #at: number;

  constructor(words: Int32Array) {
    this.#words = words;
    this.#at = 0;
  }

  /** The next words, as a view. @throws RangeError when there are not so many */
  take(count: number): Int32Array {
    if (count < 0 || this.#at + count > this.#words.length)
      throw new RangeError('the words are at their end');
    this.#at += count;
    return this.#words.subarray(this.#at - count, this.#at);
  }

  get atEnd(): boolean {
    return this.#at === this.#words.length;
  }
}

/** The same words in pieces of that many, each with a buffer of its own, which can be handed to another thread. */
export function* wordsIn(pieces: Iterable<Int32Array>, most: number): Generator<Int32Array<ArrayBuffer>> {
  let part = new Int32Array(most);
  let used = 0;
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; ) {
      const some = piece.subarray(from, from + most - used);
      part.set(some, used);
      used += some.length;
      from += some.length;
      if (used < most) continue;
      yield part;
      part = new Int32Array(most);
      used = 0;
    }
  }
  if (used > 0) yield part.slice(0, used);
}

export function joinWords(pieces: readonly Int32Array[]): Int32Array<ArrayBuffer> {
  const all = new Int32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
