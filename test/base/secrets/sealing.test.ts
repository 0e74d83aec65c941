import { createHmac, hkdfSync } from 'node:crypto';
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { nodeFiles } from '../../../base/files/node-files.ts';
import { newKeyFile, readKeyFile } from '../../../base/secrets/gateway-key.ts';
import { keyedHash } from '../../../base/secrets/keyed-hash.ts';
import { deriveKey, newKey, seal, unseal } from '../../../base/secrets/sealing.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

test('what is sealed opens under the same key and context only', (t) => {
  const key = newKey();
  const sealed = seal(key, Buffer.from('payslip'), 'job 1');
  t.is(String(unseal(key, sealed, 'job 1')), 'payslip');
  t.throws(() => unseal(key, sealed, 'job 2'), { code: 'seal-broken' });
  t.throws(() => unseal(newKey(), sealed, 'job 1'), { code: 'seal-broken' });
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(at) ^ 0x80, at);
    t.throws(() => unseal(key, changed, 'job 1'), { code: 'seal-broken' });
  }
  t.throws(() => unseal(key, sealed.subarray(0, 27), 'job 1'), { code: 'seal-broken' });
});

test('the same value sealed twice looks different', (t) => {
  const key = newKey();
  t.notDeepEqual(seal(key, Buffer.from('x'), 'c'), seal(key, Buffer.from('x'), 'c'));
});

test('derived keys are HKDF of RFC 5869, one for each purpose', (t) => {
  const key = newKey();
  t.deepEqual(deriveKey(key, 'a').reveal(), Buffer.from(hkdfSync('sha256', key.reveal(), '', 'a', 32)));
  t.notDeepEqual(deriveKey(key, 'a').reveal(), deriveKey(key, 'b').reveal());
});

test('the keyed hash is HMAC-SHA-256', (t) => {
  const key = newKey();
  const hash = keyedHash(key);
  const results = ['', 'code\x002468', 'ü'.repeat(200), 'x'.repeat(512), 'short again'].map((message) => {
    const digest = hash(message);
    t.deepEqual(Buffer.from(digest), createHmac('sha256', key.reveal()).update(message).digest());
    return Buffer.from(digest).toString('hex');
  });
  t.is(new Set(results).size, results.length);
  t.throws(() => hash('x'.repeat(513)), { instanceOf: RangeError });
});

test('the gateway key is made once, for its owner only, and read again', async (t) => {
  const path = join(await temporaryFolder(t), 'keys', 'gateway.key');
  const made = await newKeyFile(nodeFiles, path);
  t.is(statSync(path).mode & 0o777, 0o600);
  t.deepEqual((await readKeyFile(nodeFiles, path))?.reveal(), made.reveal());
});

for (const content of [
  '',
  'abc',
  `${'0'.repeat(63)}\n`,
  `${'0'.repeat(64)}\n\n`,
  'G'.repeat(64),
  'x'.repeat(5000),
]) {
  test(`a gateway key file of ${JSON.stringify(content.slice(0, 8))} (${content.length}) is refused as it is`, async (t) => {
    const path = join(await temporaryFolder(t), 'gateway.key');
    await writeFile(path, content);
    await t.throwsAsync(readKeyFile(nodeFiles, path), {
      code: content.length > 1024 ? 'file-too-large' : 'gateway-key-damaged',
    });
  });
}
