/**
 * How many cards somebody who makes them up has to choose from. What the badges of a site have the same (a facility code, a
 * maker's octet) is read off any one of them, wherever the conversion leaves it; only what differs is guessed.
 */
import type { CardNumber, RawSwipe } from './card-number.ts';
import type { Conversion } from './conversion.ts';

/** Bits of a swipe whose format is known by them, and of the number in it: H10301, H10306, Corporate 1000. */
const NUMBER_BITS: ReadonlyMap<number, number> = new Map([
  [26, 16],
  [34, 16],
  [35, 20],
]);

/** @param cards what comes out, of as many badges as there are @param reads of these badges */
export function guessableCards(
  cards: readonly CardNumber[],
  reads: readonly RawSwipe[],
  conversion: Conversion,
): number {
  const ofTheFormat = numberBits(reads, conversion);
  const space = spaceLike(cards);
  return Number(ofTheFormat === undefined ? space : least(space, 2n ** BigInt(ofTheFormat)));
}

/** Undefined where nothing tells the number from the facility code. */
function numberBits(reads: readonly RawSwipe[], conversion: Conversion): number | undefined {
  const step = conversion.find(({ kind }) => kind === 'facility-and-number');
  if (step?.kind === 'facility-and-number') return step.number.length;
  const widths = new Set(reads.map((read) => (read.kind === 'bits' ? read.bits : undefined)));
  const [width] = widths;
  return widths.size === 1 && width !== undefined ? NUMBER_BITS.get(width) : undefined;
}

/** The least that any way to read the texts gives. */
function spaceLike(texts: readonly string[]): bigint {
  const width = texts.reduce((most, { length }) => Math.max(most, length), 0);
  const all = [...new Set(texts.map((text) => text.padStart(width, '0')))];
  const begin = sameBegin(all);
  const spaces = [36n ** BigInt(width)];
  if (all.every((text) => /^[0-9]+$/.test(text))) {
    const values = all.map(BigInt);
    spaces.push(sharing(values, 10n), sharing(values, 2n));
  }
  if (all.every((text) => /^[0-9A-F]+$/.test(text))) {
    spaces.push(
      sharing(
        all.map((text) => BigInt(`0x${text}`)),
        2n,
      ),
    );
  }
  // Behind letters there may be nothing but decimal digits.
  if (begin > 0 && begin < width) spaces.push(spaceLike(all.map((text) => text.slice(begin))));
  return spaces.reduce(least);
}

/** How many characters all begin with. */
function sameBegin([first = '', ...others]: readonly string[]): number {
  return others.reduce((same, text) => {
    let at = 0;
    while (at < same && text[at] === first[at]) at++;
    return at;
  }, first.length);
}

/**
 * The values that begin like these. A beginning counts as one of the site's as soon as two badges have each, on average: with several
 * facility codes all of them do. Badges that have nothing to do with each other share only the shortest.
 * @param values all different
 */
function sharing(values: readonly bigint[], base: bigint): bigint {
  const begins = (digits: number) => {
    const behind = base ** BigInt(digits);
    return new Set(values.map((value) => value / behind)).size;
  };
  let [low, high] = [0, values.reduce(most).toString(Number(base)).length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (begins(middle) * 2 <= values.length) high = middle;
    else low = middle + 1;
  }
  const behind = base ** BigInt(high);
  const largest = values.map((value) => value % behind).reduce(most);
  // Five decimal digits that never pass 65535 are 16 bits.
  return BigInt(begins(high)) * least(behind, 2n ** BigInt(largest.toString(2).length));
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
