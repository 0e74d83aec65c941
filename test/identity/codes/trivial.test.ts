// Codes that nobody gets.
import test from 'ava';
import { isTrivial, trivialCodes } from '../../../identity/codes/trivial.ts';

const TRIVIAL = [
  ...['1111', '1212', '123123', '47114711', '00000000'],
  ...['1234', '4321', '7890', '8642', '0987654321', '3692'],
  ...[
    '3112',
    '1231',
    '2902',
    '1984',
    '2026',
    '240385',
    '032485',
    '850324',
    '24031985',
    '19850324',
    '12311999',
  ],
];
const GOOD = [
  '4711',
  '2468013'.slice(0, 6).replace('0', '7'),
  '3213',
  '1332',
  '2100',
  '938471',
  '47114712',
  '32131985',
  '1234567891',
];

for (const code of TRIVIAL) test(`${code} is trivial`, (t) => t.true(isTrivial(code)));
for (const code of GOOD) test(`${code} is not`, (t) => t.false(isTrivial(code)));

test('the bound is above the number of trivial codes, and close', (t) => {
  for (const digits of [4, 5, 6]) {
    let trivial = 0;
    for (let value = 0; value < 10 ** digits; value++) {
      if (isTrivial(String(value).padStart(digits, '0'))) trivial++;
    }
    t.true(trivial <= trivialCodes(digits), `${digits} digits: ${trivial} of ${trivialCodes(digits)}`);
    t.true(trivial >= trivialCodes(digits) / 2, `${digits} digits: ${trivial} of ${trivialCodes(digits)}`);
  }
});
