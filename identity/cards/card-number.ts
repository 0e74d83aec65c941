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
const NUMBER = /^[0-9A-Z]+$/;
const LEADING_ZEROS = /^0+/;
/** What readers send when they could not read: all zeros, or all ones. */
const MISREAD = /^F{6,}$/;

/**
 * The one form of a card's number, or undefined when the text is none. Leading zeros are dropped: whether a reader pads
 * is its own affair, and no two cards differ by them alone.
 */
export function canonicalCard(text: string): CardNumber | undefined {
  if (text.length > LONGEST_SWIPE_TEXT) return undefined;
  const number = text.replace(SEPARATORS, '').toUpperCase().replace(LEADING_ZEROS, '');
  if (number === '' || number.length > LONGEST_CARD_NUMBER || !NUMBER.test(number) || MISREAD.test(number)) {
    return undefined;
  }
  return number as CardNumber;
}
