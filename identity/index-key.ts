/** The index key: random, sealed under a key of the gateway's, and kept in the store. Codes are HMACs under it. */
import { Failure } from '../base/errors.ts';
import { deriveKey, KEY_LENGTH, type Key, newKey, seal, unseal } from '../base/secrets/sealing.ts';
import { Secret } from '../base/secrets/secret.ts';
import type { IdentityStore } from './store.ts';

const PURPOSE = 'identity index';
const CONTEXT = 'identity index key';

/**
 * Opens the index key; makes one when there is none and nobody has a credential yet.
 * @throws Failure `index-key-missing`, `index-key-unreadable`
 */
export async function openIndexKey(store: IdentityStore, gatewayKey: Key): Promise<Key> {
  const wrapping = deriveKey(gatewayKey, PURPOSE);
  const sealed = await store.readIndexKey();
  if (sealed !== undefined) return unwrap(wrapping, sealed);
  if ((await store.credentialPage(undefined, 1)).owners.length > 0) {
    throw new Failure(
      'index-key-missing',
      'the database has codes, but the key that they were made with is gone',
      {
        advice: 'Restore the state directory from your backup',
      },
    );
  }
  const key = newKey();
  await store.writeIndexKey(seal(wrapping, key.reveal(), CONTEXT));
  return key;
}

function unwrap(wrapping: Key, sealed: Uint8Array): Key {
  try {
    const key = unseal(wrapping, sealed, CONTEXT);
    if (key.length !== KEY_LENGTH) throw new RangeError(`${key.length} octets`);
    return new Secret(key);
  } catch (cause) {
    throw new Failure(
      'index-key-unreadable',
      "the key of people's codes does not open with this gateway's key",
      {
        advice:
          'Gateway key and state directory do not belong together, or one is damaged: restore both from the same backup',
        cause,
      },
    );
  }
}
