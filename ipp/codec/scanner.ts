/** Finds the end of a message in a stream of chunks, without reading any octet of it twice. */
import { HEADER_OCTETS } from './decode.ts';
import { type DecodeCode, DecodeFailure } from './errors.ts';
import type { CodecLimits } from './limits.ts';
import { END_OF_ATTRIBUTES, FIRST_VALUE_TAG } from './tags.ts';

export interface ScannedMessage {
  /** From the version number to the end-of-attributes tag. */
  readonly message: Buffer;
  /** What came behind it in the same chunk: the start of the document. */
  readonly rest: Buffer;
}

/** What stands at the next octet that the scanner wants to see. */
type Stage = 'tag' | 'name-length' | 'value-length';

/**
 * Knows of a message only its frame: tags and lengths. However the sender cuts the message up, the work is in proportion
 * to its octets, and no more than the limit is kept.
 */
export class MessageScanner {
  readonly #limit: number;
  /** All octets so far; the first chunk itself as long as there is only one. */
  #octets: Buffer = Buffer.alloc(0);
  #length = 0;
  #owned = false;
  #next = HEADER_OCTETS;
  #stage: Stage = 'tag';

  constructor(limits: Pick<CodecLimits, 'messageOctets'>) {
    this.#limit = limits.messageOctets;
  }

  /** What has been taken in so far; for what can be said of a message that never came to its end. */
  get received(): Buffer {
    return this.#octets.subarray(0, this.#length);
  }

  /**
   * Takes the next chunk, which must not change afterwards. Returns the message once its end has come; nothing may be
   * pushed after that.
   *
   * @throws DecodeFailure `message-too-large`, `message-malformed`
   */
  push(chunk: Uint8Array): ScannedMessage | undefined {
    this.#append(chunk);
    const end = this.#scan();
    if (Math.max(this.#next, end === undefined ? this.#length : 0) > this.#limit) {
      this.#fail('message-too-large', `more than ${this.#limit} octets`);
    }
    if (end !== undefined) {
      return { message: this.#octets.subarray(0, end), rest: this.#octets.subarray(end, this.#length) };
    }
    return undefined;
  }

  /** @throws DecodeFailure `message-truncated`: the stream ended before the message. */
  end(): never {
    this.#fail('message-truncated', `only ${this.#length} octets`);
  }

  /** Where the message ends, once that is known. */
  #scan(): number | undefined {
    while (this.#next < this.#length) {
      if (this.#stage === 'tag') {
        const tag = this.#octets[this.#next++] as number;
        if (tag === END_OF_ATTRIBUTES) return this.#next;
        if (tag >= FIRST_VALUE_TAG) this.#stage = 'name-length';
        continue;
      }
      if (this.#next + 2 > this.#length) break;
      const length = this.#octets.readUInt16BE(this.#next);
      if (length > 0x7fff) this.#fail('message-malformed', 'a negative length');
      this.#next += 2 + length;
      this.#stage = this.#stage === 'name-length' ? 'value-length' : 'tag';
    }
    return undefined;
  }

  #append(chunk: Uint8Array): void {
    if (this.#length === 0) {
      this.#octets = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      this.#length = chunk.length;
      return;
    }
    const length = this.#length + chunk.length;
    if (!this.#owned || length > this.#octets.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#length));
      larger.set(this.#octets.subarray(0, this.#length));
      this.#octets = larger;
      this.#owned = true;
    }
    this.#octets.set(chunk, this.#length);
    this.#length = length;
  }

  #fail(code: DecodeCode, problem: string): never {
    throw new DecodeFailure(code, problem, Math.min(this.#next, this.#length), 'end of the attributes');
  }
}
