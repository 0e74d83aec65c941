/** The frames of readers that send by themselves, each with its checksum where it has one. */
import { MOST_SWIPE_BITS, type RawSwipe } from '../../../identity/cards/card-number.ts';
import { bitsSwipe, textSwipe } from '../protocol.ts';
import type { Framing } from './framed.ts';

const STX = 0x02;
const ETX = 0x03;
const LF = 0x0a;
const CR = 0x0d;

/** A line of text for each card. */
export const LINES: Framing = { ends: [CR, LF], read: textSwipe };

/** STX, text, ETX; a line end before ETX does not count. */
export const STX_ETX: Framing = { start: STX, ends: [ETX], read: textSwipe };

/**
 * 125 kHz modules of the RDM6300 kind: STX, ten hexadecimal digits, two that make the exclusive or of all octets zero, ETX.
 */
export const RDM6300: Framing = { start: STX, ends: [ETX], read: rdm6300 };

function rdm6300(frame: string): RawSwipe | undefined {
  if (!/^[0-9A-Fa-f]{12}$/.test(frame)) return undefined;
  const octets = Buffer.from(frame, 'hex');
  if (octets.reduce((sum, octet) => sum ^ octet, 0) !== 0) return undefined;
  return { kind: 'text', text: frame.slice(0, 10).toUpperCase() };
}

/** Magnetic track 2: `;`, digits, `?`, and where the reader sends it the LRC (ISO/IEC 7811-2), in a line of its own. */
export const TRACK_2: Framing = { ends: [CR, LF], read: track2 };

function track2(frame: string): RawSwipe | undefined {
  const [, data, lrc] = /^;([0-9:<=>]{1,38})\?([0-?])?$/.exec(frame.trim()) ?? [];
  if (data === undefined) return undefined;
  const sum = [...`;${data}?`].reduce((before, character) => before ^ (character.charCodeAt(0) & 0xf), 0);
  if (lrc !== undefined && (lrc.charCodeAt(0) & 0xf) !== sum) return undefined;
  return { kind: 'text', text: data };
}

/**
 * Converters from Wiegand: a line of the bits as they came (`0110…`), or of hexadecimal digits and the number of bits
 * (`1A2B3C4/26`, the first bit highest). Parity is checked where the length has one layout: 26 bits (H10301), 37 bits (H10304).
 */
export const WIEGAND: Framing = { ends: [CR, LF], read: (frame) => wiegand(frame, true) };
/** The same, for cards of 26 or 37 bits in a layout of their own. */
export const WIEGAND_UNCHECKED: Framing = { ends: [CR, LF], read: (frame) => wiegand(frame, false) };

/** Shorter is a key of a keypad (4 or 8 bits), not a card. */
const FEWEST_BITS = 16;

function wiegand(frame: string, checked: boolean): RawSwipe | undefined {
  const bits = wiegandBits(frame.trim());
  if (bits === undefined || bits.length < FEWEST_BITS || bits.length > MOST_SWIPE_BITS) return undefined;
  if (checked && !parityFits(bits)) return undefined;
  return bitsSwipe(BigInt(`0b${bits}`), bits.length);
}

function wiegandBits(text: string): string | undefined {
  if (/^[01]+$/.test(text)) return text;
  const [, digits = '', count = ''] = /^([0-9A-Fa-f]+)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = Number(count);
  if (digits === '' || digits.length !== Math.ceil(bits / 4)) return undefined;
  const binary = BigInt(`0x${digits}`).toString(2).padStart(bits, '0');
  return binary.length === bits ? binary : undefined;
}

/** Bits that the even parity before and the odd parity behind stand for; first and past the last, from 0. */
const PARITY: Readonly<Record<number, { readonly even: [number, number]; readonly odd: [number, number] }>> =
  {
    26: { even: [0, 13], odd: [13, 26] },
    37: { even: [0, 19], odd: [18, 37] },
  };

function parityFits(bits: string): boolean {
  const layout = PARITY[bits.length];
  if (layout === undefined) return true;
  const ones = ([from, to]: [number, number]) => bits.slice(from, to).replaceAll('0', '').length;
  return ones(layout.even) % 2 === 0 && ones(layout.odd) % 2 === 1;
}
