/** Authenticated encryption of small values, and keys derived for one purpose each. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Failure } from '../errors.ts';
import { Secret } from './secret.ts';

/** AES-256: 32 octets. */
export type Key = Secret<Buffer>;

export const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
/** What sealing adds to the length of a value. */
export const SEALING_OVERHEAD = NONCE_LENGTH + TAG_LENGTH;

export function newKey(): Key {
  return new Secret(randomBytes(KEY_LENGTH));
}

/** A key for one purpose, by HKDF-SHA-256 (RFC 5869); different purposes give keys that tell nothing of each other. */
export function deriveKey(key: Key, purpose: string): Key {
  return new Secret(Buffer.from(hkdfSync('sha256', key.reveal(), '', purpose, KEY_LENGTH)));
}

/**
 * AES-256-GCM under a random nonce, which stands in front: nonce, ciphertext, tag. `context` is authenticated but not
 * stored; a value opens only in the context that it was sealed for (a job's key only as that job's).
 */
export function seal(key: Key, value: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key.reveal(), nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Failure `seal-broken` when the value was changed, cut, or sealed under another key or context. */
export function unseal(key: Key, sealed: Uint8Array, context: string): Buffer {
  if (sealed.length < SEALING_OVERHEAD) throw broken(context);
  const end = sealed.length - TAG_LENGTH;
  const decipher = createDecipheriv('aes-256-gcm', key.reveal(), sealed.subarray(0, NONCE_LENGTH))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_LENGTH, end)), decipher.final()]);
  } catch (cause) {
    throw broken(context, cause);
  }
}

function broken(context: string, cause?: unknown): Failure {
  return new Failure('seal-broken', `what is stored as ${context} was changed, or belongs to another key`, {
    cause,
  });
}
