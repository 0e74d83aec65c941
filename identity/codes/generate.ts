/** New codes: random, of one length, not trivial, not somebody's already. */
import { randomInt } from 'node:crypto';
import { Failure } from '../../base/errors.ts';
import { codeSpace } from './accounting.ts';
import { isTrivial } from './trivial.ts';

/** Past this share of the codes of a length, finding free ones takes long, and guessing does not. */
const FULLEST = 0.5;

/**
 * Codes that are all different and not taken.
 * @param count how many
 * @param digits 4 to 16
 * @param taken whether a code is somebody's, or was withdrawn
 * @param inUse how many are taken
 * @throws Failure `codes-used-up` when more than half of the codes of that length would be in use.
 */
export function generateCodes(
  count: number,
  digits: number,
  taken: (code: string) => boolean,
  inUse: number,
): string[] {
  if (count + inUse > codeSpace(digits) * FULLEST) {
    throw new Failure(
      'codes-used-up',
      `there are too few codes of ${digits} digits for ${count + inUse} people`,
      {
        advice: 'Take more digits',
      },
    );
  }
  const codes = new Set<string>();
  while (codes.size < count) {
    const code = randomCode(digits);
    if (!isTrivial(code) && !taken(code)) codes.add(code);
  }
  return [...codes];
}

/** Any code of that many digits, trivial or not. Digits in groups of at most 9, as randomInt goes up to 2^48. */
export function randomCode(digits: number): string {
  const low = Math.min(digits, 9);
  const group = (length: number) => String(randomInt(10 ** length)).padStart(length, '0');
  return digits === low ? group(low) : group(digits - low) + group(low);
}
