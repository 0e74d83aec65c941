/** What can be wrong with octets that should be a message, and with a message that should become octets. */
import { Failure } from '../../base/errors.ts';

/**
 * - `message-malformed`: breaks the encoding (0x0400 client-error-bad-request).
 * - `message-truncated`: ends too soon (0x0400).
 * - `message-too-large`: past a limit on octets, groups, attributes or values (0x0408).
 * - `value-too-long`: one value longer than its syntax or the limit allows (0x0409).
 * - `charset-not-supported`: text that is not UTF-8 in a message that declares another charset (0x040D).
 */
export type DecodeCode =
  | 'message-malformed'
  | 'message-truncated'
  | 'message-too-large'
  | 'value-too-long'
  | 'charset-not-supported';

export class DecodeFailure extends Failure {
  declare readonly code: DecodeCode;
  /** Octets from the start of the message to what could not be read. */
  readonly offset: number;
  /** What was being read: `value of media-col/media-size/x-dimension`. Its names come from outside. */
  readonly reading: string;

  constructor(code: DecodeCode, problem: string, offset: number, reading: string) {
    super(code, `${problem} (octet ${offset}, ${reading})`);
    this.offset = offset;
    this.reading = reading;
  }
}

/** The message cannot be sent: a value is out of what its syntax allows on the wire. Code `message-unsendable`. */
export class EncodeFailure extends Failure {
  constructor(problem: string, where: string) {
    super('message-unsendable', `${problem} (${where})`);
  }
}
