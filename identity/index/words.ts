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
