// The fast HMAC gives what RFC 4231's vectors and Node's own Hmac give.
import { createHmac, randomBytes } from 'node:crypto';
import test from 'ava';
import { keyedHash, LONGEST_MESSAGE } from '../../../base/secrets/keyed-hash.ts';
import { Secret } from '../../../base/secrets/secret.ts';

test('agrees with RFC 4231 §4.3 (a key shorter than a block)', (t) => {
  const hash = keyedHash(new Secret(Buffer.from('Jefe')));
  t.is(
    hash('what do ya want for nothing?').toString('hex'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('agrees with Node for every length, with letters of several octets, one after the other', (t) => {
  const key = randomBytes(32);
  const hash = keyedHash(new Secret(key));
  for (let length = 0; length <= LONGEST_MESSAGE; length++) {
    const message = 'x'.repeat(length);
    t.deepEqual(hash(message), createHmac('sha256', key).update(message).digest(), `${length} octets`);
  }
  const digest = createHmac('sha256', key).update('Zoë 雪').digest();
  t.deepEqual(hash('Zoë 雪'), digest);
  t.deepEqual(hash('Zoë 雪', 16), digest.subarray(0, 16));
});

test('a result stays what it was when the next one is made', (t) => {
  const hash = keyedHash(new Secret(randomBytes(32)));
  const first = hash('one');
  const copy = Buffer.from(first);
  hash('two');
  t.deepEqual(first, copy);
});

test('a message past the bound is refused, counted in octets', (t) => {
  const hash = keyedHash(new Secret(randomBytes(32)));
  t.throws(() => hash('é'.repeat(LONGEST_MESSAGE / 2 + 1)), { instanceOf: RangeError });
});
