/** A printer's answer, taken off its response as far as it has come. */
import type { IncomingMessage } from 'node:http';
import { DecodeFailure } from '../codec/errors.ts';
import type { CodecLimits } from '../codec/limits.ts';
import { MessageScanner } from '../codec/scanner.ts';

export class AnswerReader {
  readonly #response: IncomingMessage;
  readonly #limit: number;
  readonly #scanner: MessageScanner;
  #octets = 0;
  #message: Buffer | undefined;

  constructor(response: IncomingMessage, limits: CodecLimits) {
    this.#response = response;
    this.#limit = limits.messageOctets;
    this.#scanner = new MessageScanner(limits);
  }

  /**
   * Takes in what has come; true once the message is whole. What comes behind it is read and dropped.
   *
   * @throws DecodeFailure also when there is more behind the message than a message may have
   */
  take(): boolean {
    for (;;) {
      const chunk: Buffer | null = this.#response.read();
      if (chunk === null) return this.#message !== undefined;
      this.#octets += chunk.length;
      if (this.#octets > this.#limit) {
        throw new DecodeFailure(
          'message-too-large',
          `more than ${this.#limit} octets`,
          this.#limit,
          'answer',
        );
      }
      this.#message ??= this.#scanner.push(chunk)?.message;
    }
  }

  /** The octets of the message. @throws DecodeFailure when it never became whole */
  get message(): Buffer {
    return this.#message ?? this.#scanner.end();
  }
}
