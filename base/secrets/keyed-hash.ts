/** HMAC-SHA-256 made for the hot path: two one-shot hashes cost a tenth of a Hmac object (RFC 2104 §2). */
import { hash } from 'node:crypto';
import type { Key } from './sealing.ts';

const BLOCK = 64;
const DIGEST = 32;
/** Longest message, in octets. Codes, cards and ids are far shorter. */
export const LONGEST_MESSAGE = 512;

export type KeyedHash = (message: string) => Buffer;

/**
 * A function message → 32 octets. It reuses its buffers: the result is its own, but calls must not be nested.
 *
 * Digests are asked for as `binary` strings, one character an octet: a Buffer of each would have memory of its own
 * outside the heap, which costs more than the hash (measured, a 10 octet message: 2.1 µs that way, 1.1 µs this way).
 * @throws RangeError (of the returned function) for a message of more than 512 octets in UTF-8.
 */
export function keyedHash(key: Key): KeyedHash {
  const inner = Buffer.alloc(BLOCK + LONGEST_MESSAGE, 0x36);
  const outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);
  for (const [index, octet] of key.reveal().entries()) {
    inner.writeUInt8(octet ^ 0x36, index);
    outer.writeUInt8(octet ^ 0x5c, index);
  }
  return (message) => {
    const length = Buffer.byteLength(message);
    if (length > LONGEST_MESSAGE) throw new RangeError(`message of ${length} octets`);
    inner.write(message, BLOCK);
    const digest = hash('sha256', inner.subarray(0, BLOCK + length), 'binary');
    inner.fill(0, BLOCK, BLOCK + length);
    outer.write(digest, BLOCK, 'binary');
    return Buffer.from(hash('sha256', outer, 'binary'), 'binary');
  };
}
