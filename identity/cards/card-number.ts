/** What a card is known by: the raw swipe that a reader gives, and the one canonical form of the number in it. */

/** As a reader gives it; what it means is settled here and nowhere else. */
export type RawSwipe =
  | { readonly kind: 'text'; readonly text: string }
  /** The first bit sent is the highest of the first octet; bits past `bits` do not count. */
  | { readonly kind: 'bits'; readonly octets: Uint8Array; readonly bits: number };

declare const cardNumber: unique symbol;

/** Capital letters and digits, without separators and leading zeros. */
export type CardNumber = string & { readonly [cardNumber]: true };

/** UTF-16 units of a swipe or of what the directory has; magnetic track 1, the longest, has 79. */
export const LONGEST_SWIPE_TEXT = 256;
/** Bits of a swipe; the longest in use (FASC-N, PIV) has 200. */
export const MOST_SWIPE_BITS = 512;
/** Characters of a canonical number. */
export const LONGEST_CARD_NUMBER = 128;

/** What people and directories put between groups of digits. */
const SEPARATORS = /[\s:.\-_]/g;
/** What readers send when they could not read: all zeros, or all ones. */
const MISREAD = /^F{6,}$/;

const [ZERO, NINE, A, F, Z] = [0x30, 0x39, 0x41, 0x46, 0x5a] as const;

/**
 * The one form of a card's number, or undefined when the text is none. Leading zeros are dropped: whether a reader pads
 * is its own affair, and no two cards differ by them alone.
 */
export function canonicalCard(text: string): CardNumber | undefined {
  if (text.length > LONGEST_SWIPE_TEXT) return undefined;
  // Most readers and directories write it so; taking separators away costs more than all the rest.
  const isWrittenSo = isPlain(text);
  const plain = isWrittenSo ? text : text.replace(SEPARATORS, '').toUpperCase();
  if (!isWrittenSo && !isPlain(plain)) return undefined;
  let zeros = 0;
  while (plain.charCodeAt(zeros) === ZERO) zeros++;
  const number = zeros === 0 ? plain : plain.slice(zeros);
  if (number === '' || number.length > LONGEST_CARD_NUMBER) return undefined;
  return number.charCodeAt(0) === F && MISREAD.test(number) ? undefined : (number as CardNumber);
}

/** Whether it has nothing but digits and capital letters. A loop: half the time of an expression. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < ZERO || unit > Z || (unit > NINE && unit < A)) return false;
  }
  return true;
}
