/** The document of a request, asked for chunk by chunk, and how far it came. */
import { IppClientFailure } from './client-failure.ts';

export class DocumentSource {
  /** Octets, when the caller said so. */
  readonly length: number | undefined;
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #onStart: () => void;
  #pending: Promise<Uint8Array | undefined> | undefined;
  #started = false;
  #octets = 0;

  /** @param onStart called before the first octet is handed over */
  constructor(document: AsyncIterable<Uint8Array>, length: number | undefined, onStart: () => void) {
    this.#iterator = document[Symbol.asyncIterator]();
    this.length = length;
    this.#onStart = onStart;
  }

  /** True when an octet was handed to a connection: the document cannot be sent again. */
  get started(): boolean {
    return this.#started;
  }

  /**
   * The next chunk, undefined at the end; the same again until it is handed over, so that another try can go on with it.
   *
   * @throws IppClientFailure `document-unreadable`
   */
  peek(): Promise<Uint8Array | undefined> {
    this.#pending ??= this.#read();
    return this.#pending;
  }

  /** To be called before the chunk is handed to the connection. */
  handOver(): void {
    this.#pending = undefined;
    if (this.#started) return;
    this.#started = true;
    this.#onStart();
  }

  /** Lets go of the source, read to its end or not. */
  release(): void {
    // A source that fails while it is left has nothing to tell: its octets are no longer wanted.
    this.#iterator.return?.().catch(() => {});
  }

  /**
   * With a length, the chunk that completes it is kept back until the source has ended: a document that is too long must
   * not look whole to the printer. It is copied, because asking for more may overwrite it.
   */
  async #read(): Promise<Uint8Array | undefined> {
    const chunk = await this.#next();
    if (chunk === undefined || this.#octets !== this.length) return chunk;
    const last = new Uint8Array(chunk);
    await this.#next();
    return last;
  }

  /** An empty chunk would end a chunked body; there is nothing in it to send. */
  async #next(): Promise<Uint8Array | undefined> {
    for (;;) {
      let result: IteratorResult<Uint8Array>;
      try {
        result = await this.#iterator.next();
      } catch (cause) {
        throw this.#unreadable('the document could not be read', cause);
      }
      const chunk = result.done ? undefined : result.value;
      this.#count(chunk);
      if (chunk?.length !== 0) return chunk;
    }
  }

  #count(chunk: Uint8Array | undefined): void {
    this.#octets += chunk?.length ?? 0;
    if (this.length === undefined) return;
    const [octets, said] = [this.#octets, this.length];
    if (octets > said) throw this.#unreadable(`the document has more than the ${said} octets it should have`);
    if (chunk === undefined && octets < said) {
      throw this.#unreadable(`the document has only ${octets} of the ${said} octets it should have`);
    }
  }

  #unreadable(message: string, cause?: unknown): IppClientFailure {
    const documentStarted = this.#started;
    return new IppClientFailure('document-unreadable', message, { cause, documentStarted });
  }
}
