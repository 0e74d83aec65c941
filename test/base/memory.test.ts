import test from 'ava';
import { free } from '../../base/memory.ts';

test('what holds only these octets is given back at once', (t) => {
  const octets = Buffer.alloc(65_536, 1);
  const { buffer } = octets;
  free(octets);
  t.is(octets.length, 0);
  t.true((buffer as ArrayBuffer).detached);
});

test('what holds more than these octets stays', (t) => {
  const all = Buffer.from(new ArrayBuffer(100)).fill(7);
  free(all.subarray(0, 99));
  t.is(all[99], 7);
  const shared = Buffer.from(new SharedArrayBuffer(10)).fill(7);
  free(shared);
  t.is(shared[9], 7);
});
