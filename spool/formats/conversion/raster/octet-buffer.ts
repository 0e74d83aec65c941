/** A stream of chunks of which a part is at hand as one piece: for formats that are read in steps of unknown length. */

export class OctetBuffer {
  readonly #source: AsyncIterator<Uint8Array>;
  #octets: Buffer = Buffer.alloc(0);
  /** Where in {@link octets} the part begins that is not used up. */
  at = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  get octets(): Buffer {
    return this.#octets;
  }

  /** @returns false at the stream's end. */
  async more(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done) return false;
    const left = this.#octets.subarray(this.at);
    this.#octets = left.length === 0 ? Buffer.from(value) : Buffer.concat([left, value]);
    this.at = 0;
    return true;
  }

  /** Whether anything is left. */
  async any(): Promise<boolean> {
    while (this.at === this.#octets.length) if (!(await this.more())) return false;
    return true;
  }

  /** So many octets; undefined when the stream ends before them. */
  async take(length: number): Promise<Buffer | undefined> {
    while (this.#octets.length - this.at < length) if (!(await this.more())) return undefined;
    const taken = this.#octets.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }
}
