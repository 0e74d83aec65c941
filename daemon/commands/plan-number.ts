/** The number of a plan, as typed. */
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';

/** @throws Failure `bad-number` */
export function planNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Failure('bad-number', `"${printable(text, 40)}" is no number of a plan`);
}
