/** In which line of a file an octet stands. */

export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;

/** Counts line breaks up to an octet; asked for ever later ones it reads each octet once. */
export class LineCounter {
  readonly #content: Uint8Array;
  #at = 0;
  #breaks = 0;

  constructor(content: Uint8Array) {
    this.#content = content;
  }

  breaksBefore(end: number): number {
    if (end < this.#at) [this.#at, this.#breaks] = [0, 0];
    for (; this.#at < end; this.#at++) {
      const octet = this.#content[this.#at];
      const crOfCrLf = octet === CARRIAGE_RETURN && this.#content[this.#at + 1] === LINE_FEED;
      if (octet === LINE_FEED || (octet === CARRIAGE_RETURN && !crOfCrLf)) this.#breaks += 1;
    }
    return this.#breaks;
  }
}
