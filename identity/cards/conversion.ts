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
  const used = Math.ceil(bits / 8);
  const all = BigInt(`0x${Buffer.from(octets.subarray(0, used)).toString('hex')}`);
  return ofBits(all >> BigInt(used * 8 - bits), bits);
}

function apply(working: Working, step: ConversionStep): Working {
  switch (step.kind) {
    case 'match': {
      const match = step.pattern.exec(working.text);
      if (match === null) throw new Unfit('the expression does not match');
      return { text: match[1] ?? match[0] };
    }
    case 'hex-to-decimal':
      return { text: numberOf(working).toString() };
    case 'decimal-to-hex':
      return { text: decimal(working.text).toString(16).toUpperCase().padStart(step.digits, '0') };
    case 'reverse-bytes':
      return { text: octetsOf(working).toReversed().join('') };
    case 'reverse-bits':
      return { text: octetsOf(working).map(mirrored).join('') };
    case 'bits':
      return ofBits(cut(working, step.window), step.window.length);
    case 'facility-and-number': {
      const number = cut(working, step.number).toString().padStart(step.digits, '0');
      return { text: `${cut(working, step.facility)}${number}` };
    }
    case 'pad':
      return { ...working, text: working.text.padStart(step.digits, '0') };
    default:
      return step satisfies never;
  }
}

function ofBits(value: bigint, bits: number): Working {
  const text = value
    .toString(16)
    .toUpperCase()
    .padStart(Math.ceil(bits / 4), '0');
  return { text, bits };
}

function hex(text: string): string {
  const plain = text.trim();
  if (plain.length > LONGEST_NUMBER || !/^[0-9A-Fa-f]+$/.test(plain))
    throw new Unfit('it is not hexadecimal');
  return plain.toUpperCase();
}

function decimal(text: string): bigint {
  const plain = text.trim();
  if (plain.length > LONGEST_NUMBER || !/^[0-9]+$/.test(plain)) throw new Unfit('it is not decimal');
  return BigInt(plain);
}

/** Bits of hexadecimal text. */
export const widthOf = ({ text, bits }: Working): number => bits ?? text.trim().length * 4;

const numberOf = (working: Working): bigint => BigInt(`0x${hex(working.text)}`);

function octetsOf(working: Working): string[] {
  const text = hex(working.text);
  return text.padStart(text.length + (text.length % 2), '0').match(/../g) ?? [];
}

function mirrored(octet: string): string {
  const bits = Number.parseInt(octet, 16).toString(2).padStart(8, '0');
  return Number.parseInt([...bits].toReversed().join(''), 2)
    .toString(16)
    .toUpperCase()
    .padStart(2, '0');
}

function cut(working: Working, { first, length }: BitWindow): bigint {
  const width = widthOf(working);
  if (first + length > width) throw new Unfit(`it has ${width} bits, fewer than the window needs`);
  return (numberOf(working) >> BigInt(width - first - length)) & ((1n << BigInt(length)) - 1n);
}
