/** Cards, codes and PINs as written, turned into the keys that are kept. The values go no further than this. */
import type { KeyedHash } from '../../base/secrets/keyed-hash.ts';
import { canonicalCard } from '../cards/card-number.ts';
import { isTrivial } from '../codes/trivial.ts';
import { CredentialKey, type CredentialKind, canonicalCode, pinForm } from '../credential.ts';
import type { PersonId } from '../person.ts';

export interface ReadValue {
  readonly key: CredentialKey;
  /** A code that a guesser tries first. */
  readonly trivial: boolean;
}

/** Undefined when the text is none of that kind. @param person whose it is; a PIN's key has them in it */
export function readValue(
  hash: KeyedHash,
  kind: CredentialKind,
  text: string,
  person: PersonId,
): ReadValue | undefined {
  if (kind === 'card') {
    const card = canonicalCard(text);
    return card === undefined ? undefined : { key: CredentialKey(hash, kind, card), trivial: false };
  }
  const digits = canonicalCode(text);
  if (digits === undefined) return undefined;
  const form = kind === 'pin' ? pinForm(person, digits) : digits;
  return { key: CredentialKey(hash, kind, form), trivial: isTrivial(digits) };
}
