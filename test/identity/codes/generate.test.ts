// Codes as they are given out.
import test from 'ava';
import { generateCodes } from '../../../identity/codes/generate.ts';
import { isTrivial } from '../../../identity/codes/trivial.ts';

test('codes are of the length, all different, not trivial and nobody else’s', (t) => {
  const taken = new Set(generateCodes(1000, 4, () => false, 0));
  const codes = generateCodes(2000, 4, (code) => taken.has(code), taken.size);
  t.is(new Set(codes).size, 2000);
  for (const code of codes) {
    if (!/^[0-9]{4}$/.test(code) || isTrivial(code) || taken.has(code)) t.fail(code);
  }
  t.true(codes.some((code) => code.startsWith('0')));
});

test('long codes are random in every digit', (t) => {
  const codes = generateCodes(2000, 16, () => false, 0);
  for (let at = 0; at < 16; at++) t.is(new Set(codes.map((code) => code[at])).size, 10);
});

test('too few codes are left', (t) => {
  t.throws(() => generateCodes(5000, 4, () => false, 0), { message: /too few codes of 4 digits for 5000/ });
});
