/** Different cards that a conversion makes one. */
import type { Badge } from './badge-file.ts';
import type { CardNumber, RawSwipe } from './card-number.ts';
import { type Conversion, convert } from './conversion.ts';

export interface Converted {
  readonly line: number;
  /** Undefined when the conversion does not fit this badge. */
  readonly card: CardNumber | undefined;
}

export interface Conversions {
  readonly cards: readonly Converted[];
  /** Lines of different cards with the same number, each group ascending. */
  readonly collisions: readonly (readonly number[])[];
}

export function convertAll(badges: readonly Badge[], conversion: Conversion): Conversions {
  const groups = new Map<CardNumber, Map<string, number>>();
  const cards = badges.map(({ line, read }): Converted => {
    const converted = convert(read, conversion);
    if (!converted.ok) return { line, card: undefined };
    const lines = groups.get(converted.card) ?? new Map<string, number>();
    groups.set(converted.card, lines);
    // The same badge may stand in the file twice.
    const swipe = swipeKey(read);
    if (!lines.has(swipe)) lines.set(swipe, line);
    return { line, card: converted.card };
  });
  const collisions = [...groups.values()].filter(({ size }) => size > 1).map((lines) => [...lines.values()]);
  return { cards, collisions };
}

/**
 * Whether no two swipes of one length become the same number, whosever they are; false when that is not certain. Leading zeros
 * tell no cards apart, so what has lost its length may not be turned round any more.
 */
export function isLossless(conversion: Conversion): boolean {
  let isOneLength = true;
  for (const { kind } of conversion) {
    switch (kind) {
      case 'reverse-bytes':
      case 'reverse-bits':
        if (!isOneLength) return false;
        break;
      case 'pad':
        break;
      case 'hex-to-decimal':
      case 'decimal-to-hex':
        isOneLength = false;
        break;
      default:
        return false;
    }
  }
  return true;
}

const swipeKey = (read: RawSwipe): string =>
  read.kind === 'text' ? read.text : `${read.bits}:${Buffer.from(read.octets).toString('hex')}`;
