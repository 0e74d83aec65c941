/**
 * How the swipes of one kind of reader become the numbers that the directory has: steps, one after the other, each a
 * pure function of the text before it.
 */
import {
  type CardNumber,
  canonicalCard,
  LONGEST_SWIPE_TEXT,
  MOST_SWIPE_BITS,
  type RawSwipe,
} from './card-number.ts';

/** Bits `first` to `first + length - 1`; 0 is the one that was sent first. */
export interface BitWindow {
  readonly first: number;
  readonly length: number;
}

export type ConversionStep =
  /** The first group of the expression, or all that it matches. */
  | { readonly kind: 'match'; readonly pattern: RegExp }
  | { readonly kind: 'hex-to-decimal' }
  /** @property digits filled up with zeros on the left; 0: as many as it has */
  | { readonly kind: 'decimal-to-hex'; readonly digits: number }
  /** The last octet first. */
  | { readonly kind: 'reverse-bytes' }
  /** Within each octet, the lowest bit first. */
  | { readonly kind: 'reverse-bits' }
  /** Hexadecimal of these bits alone: parity and what else is around them go. */
  | { readonly kind: 'bits'; readonly window: BitWindow }
  /** Decimal facility code, then the decimal number with `digits` digits. */
  | {
      readonly kind: 'facility-and-number';
      readonly facility: BitWindow;
      readonly number: BitWindow;
      readonly digits: number;
    }
  /** Zeros on the left, up to this many characters. */
  | { readonly kind: 'pad'; readonly digits: number };

export type Conversion = readonly ConversionStep[];

/** What a step works on: text, and how many bits it stands for when it is known. */
export interface Working {
  readonly text: string;
  readonly bits?: number;
}

/** `step`: the one that did not fit, from 0; the number of steps when the end is no card number. */
export interface UnfitSwipe {
  readonly ok: false;
  readonly step: number;
  readonly problem: string;
}

export type ConvertedSwipe = { readonly ok: true; readonly card: CardNumber } | UnfitSwipe;

/** More digits than any card has; keeps the arithmetic short. */
const LONGEST_NUMBER = 160;

class Unfit extends Error {}

/** Problems never quote the swipe. */
export function convert(swipe: RawSwipe, conversion: Conversion): ConvertedSwipe {
  const ran = run(swipe, conversion);
  if (!ran.ok) return ran;
  const card = canonicalCard(ran.text);
  if (card === undefined) {
    return { ok: false, step: conversion.length, problem: 'what comes out is no card number' };
  }
  return { ok: true, card };
}

/** The steps alone: what comes out need not be a card number yet. */
export function run(swipe: RawSwipe, conversion: Conversion): ({ readonly ok: true } & Working) | UnfitSwipe {
  let at = 0;
  try {
    let working = begin(swipe);
    for (const step of conversion) {
      working = apply(working, step);
      at++;
    }
    return { ok: true, ...working };
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    return { ok: false, step: at, problem: error.message };
  }
}

function begin(swipe: RawSwipe): Working {
  if (swipe.kind === 'text') {
    if (swipe.text.length > LONGEST_SWIPE_TEXT) throw new Unfit('the swipe is too long');
    return { text: swipe.text };
  }
  const { octets, bits } = swipe;
  if (!Number.isInteger(bits) || bits < 1 || bits > MOST_SWIPE_BITS || bits > octets.length * 8) {
    throw new Unfit('the swipe has no bits, or too many');
  }
  let all = '';
  for (let at = 0; at * 8 < bits; at++) {
    const octet = octets[at] as number;
    all += HEX.charAt(octet >> 4) + HEX.charAt(octet & 15);
  }
  return { text: window(all, 0, bits), bits };
}

function apply(working: Working, step: ConversionStep): Working {
  switch (step.kind) {
    case 'match': {
      const match = step.pattern.exec(working.text);
      if (match === null) throw new Unfit('the expression does not match');
      return { text: match[1] ?? match[0] };
    }
    case 'hex-to-decimal':
      return { text: decimalOf(hex(working.text)) };
    case 'decimal-to-hex':
      return { text: hexOf(working.text).padStart(step.digits, '0') };
    case 'reverse-bytes':
      return { text: reversed(hex(working.text)) };
    case 'reverse-bits':
      return { text: mirrored(hex(working.text)) };
    case 'bits':
      return { text: cut(working, step.window), bits: step.window.length };
    case 'facility-and-number': {
      const number = decimalOf(cut(working, step.number)).padStart(step.digits, '0');
      return { text: decimalOf(cut(working, step.facility)) + number };
    }
    case 'pad':
      return { ...working, text: working.text.padStart(step.digits, '0') };
    default:
      return step satisfies never;
  }
}

/** Hexadecimal digits that a double holds to the last bit; BigInt costs twice as much. */
const EXACT = 13;
const HEX = '0123456789ABCDEF';
/** Each hexadecimal digit with its four bits the other way round. */
const MIRRORED = '084C2A6E195D3B7F';

/** In capitals. */
function hex(text: string): string {
  const plain = text.trim();
  if (plain.length > LONGEST_NUMBER || !/^[0-9A-Fa-f]+$/.test(plain))
    throw new Unfit('it is not hexadecimal');
  return plain.toUpperCase();
}

/** Hexadecimal of decimal text. */
function hexOf(text: string): string {
  const plain = text.trim();
  if (plain.length > LONGEST_NUMBER || !/^[0-9]+$/.test(plain)) throw new Unfit('it is not decimal');
  return BigInt(plain).toString(16).toUpperCase();
}

const decimalOf = (digits: string): string =>
  (digits.length <= EXACT ? Number.parseInt(digits, 16) : BigInt(`0x${digits}`)).toString();

/** Bits of hexadecimal text. */
export const widthOf = ({ text, bits }: Working): number => bits ?? text.trim().length * 4;

/** Two digits each, the first with a zero before it where it is alone. */
function reversed(digits: string): string {
  let text = '';
  for (let end = digits.length; end > 0; end -= 2) {
    text += (end === 1 ? '0' : digits.charAt(end - 2)) + digits.charAt(end - 1);
  }
  return text;
}

/** Within each two digits. */
function mirrored(digits: string): string {
  let text = '';
  for (let at = -(digits.length % 2); at < digits.length; at += 2) {
    text += MIRRORED.charAt(valueAt(digits, at + 1)) + MIRRORED.charAt(valueAt(digits, at));
  }
  return text;
}

/** Of a hexadecimal digit in capitals; 0 before the first. */
function valueAt(digits: string, at: number): number {
  const unit = at < 0 ? 0x30 : digits.charCodeAt(at);
  return unit < 0x41 ? unit - 0x30 : unit - 0x37;
}

function cut(working: Working, { first, length }: BitWindow): string {
  const width = widthOf(working);
  if (first + length > width) throw new Unfit(`it has ${width} bits, fewer than the window needs`);
  // What bits were made into is hexadecimal.
  const digits = working.bits === undefined ? hex(working.text) : working.text;
  return window(digits, digits.length * 4 - width + first, length);
}

/** Bits of hexadecimal digits as such digits, as many as they need. */
function window(digits: string, first: number, length: number): string {
  const end = first + length;
  const shift = -end & 3;
  const count = Math.ceil(length / 4);
  let at = Math.ceil(end / 4) - count;
  let before = valueAt(digits, at - 1);
  let text = '';
  let mask = 15 >> (count * 4 - length);
  for (; at * 4 < end; at++) {
    const value = valueAt(digits, at);
    text += HEX.charAt((((before << 4) | value) >> shift) & mask);
    before = value;
    mask = 15;
  }
  return text;
}
