/** Reads a stream of chunks by octets, for formats that are walked from front to back. Keeps one chunk at a time. */

export class OctetStream {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly so many octets; undefined when the stream ends before them. */
  async take(length: number): Promise<Buffer | undefined> {
    const taken = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      if (this.#at === this.#chunk.length && !(await this.refill())) return undefined;
      const part = this.#chunk.subarray(this.#at, this.#at + length - filled);
      taken.set(part, filled);
      this.#at += part.length;
      filled += part.length;
    }
    return taken;
  }

  /** The next octet out of the chunk at hand; -1 when it is used up: then {@link refill}. */
  next(): number {
    return this.#at < this.#chunk.length ? (this.#chunk[this.#at++] as number) : -1;
  }

  /** Passes over so many octets of the chunk at hand. @returns how many it had. */
  skip(length: number): number {
    const skipped = Math.min(length, this.#chunk.length - this.#at);
    this.#at += skipped;
    return skipped;
  }

  /** Fetches the next chunk that is not empty, once the one at hand is used up. @returns false at the end. */
  async refill(): Promise<boolean> {
    while (this.#at === this.#chunk.length) {
      const { done, value } = await this.#source.next();
      if (done) return false;
      this.#chunk = value;
      this.#at = 0;
    }
    return true;
  }
}
