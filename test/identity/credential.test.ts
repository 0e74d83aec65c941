// The one form of a code, and the key that stands for it.
import test from 'ava';
import { keyedHash } from '../../base/secrets/keyed-hash.ts';
import { newKey } from '../../base/secrets/sealing.ts';
import { CredentialKey, type CredentialKind, canonicalCode } from '../../identity/credential.ts';

const CODES: [typed: string, canonical: string | undefined][] = [
  ['2468', '2468'],
  ['0042', '0042'],
  ['1234567890123456', '1234567890123456'],
  [' 2468\t', '2468'],
  ['246', undefined],
  ['12345678901234567', undefined],
  ['24 68', undefined],
  ['24a8', undefined],
  ['-2468', undefined],
  ['2468.0', undefined],
  ['1.2E+11', undefined],
  ['２４６８', undefined],
  ['٢٤٦٨', undefined],
  ['', undefined],
];

for (const [typed, canonical] of CODES) {
  test(`code ${JSON.stringify(typed)} is ${canonical ?? 'none'}`, (t) => {
    t.is(canonicalCode(typed), canonical);
  });
}

test('a key has 16 octets, and differs by code, kind and index key', (t) => {
  const hash = keyedHash(newKey());
  const key = CredentialKey(hash, 'code', '2468');
  t.is(key.length, 16);
  t.deepEqual(CredentialKey(hash, 'code', '2468'), key);
  t.notDeepEqual(CredentialKey(hash, 'code', '2469'), key);
  t.notDeepEqual(CredentialKey(hash, 'card' as CredentialKind, '2468'), key);
  t.notDeepEqual(CredentialKey(keyedHash(newKey()), 'code', '2468'), key);
});
