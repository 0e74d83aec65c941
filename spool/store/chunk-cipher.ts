/**
 * A document as encrypted chunks: AES-256-GCM, each chunk under its own nonce, so that it can be written and read as a
 * stream and no chunk can be moved, dropped or cut off unseen.
 *
 *     nonce (12 octets) = last ? 1 : 0, three zeros, index as 64 bits
 *     chunk on disk     = ciphertext, then the tag (16 octets)
 *
 * Every chunk but the last holds {@link CHUNK} octets of plain text; the last holds 0 to CHUNK and is flagged. The key is
 * the job's own and made for documents only, so no nonce is ever used twice.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Failure } from '../../base/errors.ts';
import { free } from '../../base/memory.ts';
import type { Key } from '../../base/secrets/sealing.ts';

/** Octets of plain text in a full chunk. */
export const CHUNK = 64 * 1024;
/** Octets that sealing adds to a chunk. */
export const TAG = 16;
/** Octets of a full chunk as it is kept. */
export const SEALED_CHUNK = CHUNK + TAG;

/**
 * @param index 0 for the first chunk; at most 2^32-1, which is 256 TiB of document.
 * @param target takes the sealed chunk; at least 16 octets longer than `plain`.
 * @returns the part of `target` that was filled.
 */
export function sealChunk(key: Key, index: number, last: boolean, plain: Uint8Array, target: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key.reveal(), nonceOf(index, last));
  // A stream cipher: update gives all of it, final nothing.
  const encrypted = cipher.update(plain);
  target.set(encrypted);
  free(encrypted);
  cipher.final();
  target.set(cipher.getAuthTag(), plain.length);
  return target.subarray(0, plain.length + TAG);
}

/** @throws Failure `document-unreadable` when the chunk was changed or is not the one expected here. */
export function openChunk(key: Key, index: number, last: boolean, sealed: Uint8Array): Buffer {
  const end = sealed.length - TAG;
  if (end < 0) throw unreadable(index);
  const decipher = createDecipheriv('aes-256-gcm', key.reveal(), nonceOf(index, last));
  decipher.setAuthTag(sealed.subarray(end));
  try {
    const plain = decipher.update(sealed.subarray(0, end));
    decipher.final();
    return plain;
  } catch (cause) {
    throw unreadable(index, cause);
  }
}

function nonceOf(index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt8(last ? 1 : 0, 0);
  nonce.writeUInt32BE(index, 8);
  return nonce;
}

function unreadable(index: number, cause?: unknown): Failure {
  return new Failure('document-unreadable', `chunk ${index} of a stored document is damaged`, { cause });
}
