/** HMAC-SHA-256 made for the hot path: two one-shot hashes cost a tenth of a Hmac object (RFC 2104 §2). */
import { hash } from 'node:crypto';
import type { Key } from './sealing.ts';

const BLOCK = 64;
const DIGEST = 32;
/** Longest message, in octets. Codes, cards and ids are far shorter. */
export const LONGEST_MESSAGE = 512;

/** @param octets how many of the 32 are wanted: the first ones */
export type KeyedHash = (message: string, octets?: number) => Buffer;

/**
 * A function message → 32 octets, or the first of them. It reuses its buffers: the result is its own, but calls must not be
 * nested.
 *
 * Digests are asked for as `binary` strings, one character an octet: a Buffer of each would have memory of its own
 * outside the heap, which costs more than the hash (measured, a 10 octet message: 2.1 µs that way, 1.1 µs this way). Such
 * short texts are copied in a loop, which costs less than the way into Node's own functions (0.8 µs).
 * @throws RangeError (of the returned function) for a message of more than 512 octets in UTF-8.
 */
export function keyedHash(key: Key): KeyedHash {
  const inner = Buffer.alloc(BLOCK + LONGEST_MESSAGE, 0x36);
  const outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);
  for (const [index, octet] of key.reveal().entries()) {
    inner.writeUInt8(octet ^ 0x36, index);
    outer.writeUInt8(octet ^ 0x5c, index);
  }
  /** {@link inner} as far as a message of that length goes. */
  const messages: Buffer[] = [];
  return (message, octets = DIGEST) => {
    const length = put(message, inner);
    messages[length] ??= inner.subarray(0, BLOCK + length);
    const digest = hash('sha256', messages[length], 'binary');
    for (let at = 0; at < length; at++) inner[BLOCK + at] = 0;
    for (let at = 0; at < DIGEST; at++) outer[BLOCK + at] = digest.charCodeAt(at);
    const result = hash('sha256', outer, 'binary');
    const own = Buffer.allocUnsafe(octets);
    for (let at = 0; at < octets; at++) own[at] = result.charCodeAt(at);
    return own;
  };
}

/** Writes the message behind the first block, in UTF-8. @returns its octets */
function put(message: string, into: Buffer): number {
  if (message.length > LONGEST_MESSAGE) throw new RangeError(`message of ${message.length} characters`);
  for (let at = 0; at < message.length; at++) {
    const character = message.charCodeAt(at);
    if (character >= 0x80) {
      const length = Buffer.byteLength(message);
      if (length > LONGEST_MESSAGE) throw new RangeError(`message of ${length} octets`);
      return into.write(message, BLOCK);
    }
    into[BLOCK + at] = character;
  }
  return message.length;
}
