/** Starts to read before anybody asks: the first chunk comes from the disk while the printer is being called. */

/** The same chunks; the first is fetched at once. To be read once, or let go of with {@link ReadAhead.discard}. */
export class ReadAhead implements AsyncIterable<Uint8Array> {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #first: Promise<IteratorResult<Uint8Array>> | undefined;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#first = this.#iterator.next();
    // Whoever reads hears of the error; if nobody does, nobody minds.
    this.#first.catch(() => {});
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => {
        const first = this.#first;
        this.#first = undefined;
        return first ?? this.#iterator.next();
      },
      return: async () => {
        await this.discard();
        return { done: true, value: undefined };
      },
    };
  }

  async discard(): Promise<void> {
    await this.#iterator.return?.();
  }
}
