/** How far a job may still go, from its turn to its end: one signal for all that wait for it, made once. */

/**
 * Two words end a job: {@link Halt.cut} at once, {@link Halt.noMore} before a document that has not begun. The driver knows
 * one signal only: what is told to begin nothing more and has begun nothing is as good as cut.
 */
export class Halt {
  readonly #cut = new AbortController();
  #noMore = false;
  #begun = false;

  /** Aborted when what is under way is to end soon. */
  get signal(): AbortSignal {
    return this.#cut.signal;
  }

  /** True when no try, and no further document of the job, may begin. */
  get ends(): boolean {
    return this.#noMore || this.#cut.signal.aborted;
  }

  /** Cuts what is under way. */
  cut(): void {
    this.#cut.abort();
  }

  /** Nothing new begins; a document that has is let end. */
  noMore(): void {
    this.#noMore = true;
    if (!this.#begun) this.#cut.abort();
  }

  /** A try has come to the document. */
  begun(): void {
    this.#begun = true;
  }

  /** The try has ended. */
  ended(): void {
    this.#begun = false;
  }
}
