/** What a person is known by at a panel: its kinds, the canonical form of each, and the key that stands for it. */
import type { KeyedHash } from '../base/secrets/keyed-hash.ts';
import type { PersonId } from './person.ts';

/** Each kind is a name space of its own: a code never opens what a card with the same digits would. */
export type CredentialKind = 'card' | 'code' | 'pin';

/** A person's own code is `primary`; further ones, given beside it, are `secondary`. */
export type CredentialRank = 'primary' | 'secondary';

declare const credentialKey: unique symbol;

/** 16 octets that stand for a credential wherever it is kept; they tell nothing without the index key. */
export type CredentialKey = Buffer & { readonly [credentialKey]: true };

/** Half of the HMAC, as RFC 2104 §5 allows: two of a million credentials agree by chance once in 10²⁶ gateways. */
export const CREDENTIAL_KEY_LENGTH = 16;

/** Stands for whatever a person could be given, among what is barred; no credential has it, or one in 10³⁸. */
export const ANY_CREDENTIAL = Buffer.alloc(CREDENTIAL_KEY_LENGTH) as CredentialKey;

export const SHORTEST_CODE = 4;
export const LONGEST_CODE = 16;
/** For error messages. */
export const CODE_FORM = `${SHORTEST_CODE} to ${LONGEST_CODE} digits`;

const DIGITS = /^[0-9]+$/;

/**
 * The one form of a code, or undefined when the text is none: 4 to 16 digits, blanks around them taken away, leading
 * zeros kept. Digits only: a panel's keypad has nothing else, and letters would bring capitals, look-alikes (0, O) and
 * keyboard layouts into something that people type standing.
 */
export function canonicalCode(text: string): string | undefined {
  const code = text.trim();
  return code.length >= SHORTEST_CODE && code.length <= LONGEST_CODE && DIGITS.test(code) ? code : undefined;
}

/** @param canonical the kind's canonical form, without NUL; of a PIN see `pinForm`. */
export function CredentialKey(hash: KeyedHash, kind: CredentialKind, canonical: string): CredentialKey {
  return hash(`${kind}\0${canonical}`, CREDENTIAL_KEY_LENGTH) as CredentialKey;
}

/** A PIN is nobody's but with the person's id: two people may have the same, and their keys tell nothing of it. */
export function pinForm(person: PersonId, pin: string): string {
  return `${person}:${pin}`;
}

/** The key at [at] of a row of keys, 16 octets each. */
export function keyAt(keys: Uint8Array, at: number): CredentialKey {
  const offset = keys.byteOffset + at * CREDENTIAL_KEY_LENGTH;
  return Buffer.from(keys.buffer, offset, CREDENTIAL_KEY_LENGTH) as CredentialKey;
}
