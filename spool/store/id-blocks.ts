/** Job ids from blocks that are reserved on disk before one of them is given out. */

/** Ids set aside at a time; a restart skips what is left of a block. */
const BLOCK = 1000;
/** The next block is fetched when no more than this is left, so that nobody has to wait for it. */
const RESERVE = 200;

export class IdBlocks {
  readonly #reserve: (count: number) => Promise<number>;
  /** Blocks as [next, end). */
  readonly #blocks: [number, number][] = [];
  #fetching: Promise<void> | undefined;

  /** @param reserve sets ids aside for good and resolves to the first. */
  constructor(reserve: (count: number) => Promise<number>) {
    this.#reserve = reserve;
  }

  async next(): Promise<number> {
    for (;;) {
      const left = this.#blocks.reduce((sum, [next, end]) => sum + end - next, 0);
      if (left <= RESERVE) this.#fetch();
      const block = this.#blocks[0];
      if (block !== undefined) {
        const id = block[0]++;
        if (block[0] === block[1]) this.#blocks.shift();
        return id;
      }
      await this.#fetching;
    }
  }

  #fetch(): void {
    this.#fetching ??= this.#reserve(BLOCK)
      .then((first) => {
        this.#blocks.push([first, first + BLOCK]);
      })
      .finally(() => {
        this.#fetching = undefined;
      });
    // Whoever has to wait for it hears of the error; with ids left, nobody does.
    this.#fetching.catch(() => {});
  }
}
