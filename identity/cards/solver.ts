/**
 * Finds the conversion that makes the numbers of the directory out of what a reader gives, from a few badges known both
 * ways. All conversions of the usual shapes are tried; the simplest that fits every badge wins.
 */
import { canonicalCard, type RawSwipe } from './card-number.ts';
import { type BitWindow, type Conversion, convert, run, widthOf } from './conversion.ts';
import { conversionYaml } from './conversion-yaml.ts';
import { extractions } from './extractions.ts';

/** One badge: as a reader gives it, and as the directory has it. */
export interface KnownBadge {
  readonly read: RawSwipe;
  readonly written: string;
}

export interface Solution {
  readonly conversion: Conversion;
  /**
   * Bits of the card that are left at the end; undefined when none is thrown away. Fewer bits than cards need make two
   * cards one.
   */
  readonly keptBits: number | undefined;
  /** False when other conversions fit these badges too, and would differ for others: a further badge decides. */
  readonly certain: boolean;
  /**
   * Bits or characters of the swipe, from 0, that are the same in all these badges, where they are all that the conversions differ by:
   * a site whose every badge has them so needs no further one. Empty when it is certain, or when they differ by more.
   */
  readonly undecided: readonly number[];
  /** How many conversions fit in all. */
  readonly fits: number;
}

/** One badge fits almost any rule. */
export const FEWEST_BADGES = 2;
export const MOST_BADGES = 50;
/** Bits between which windows are looked for; keeps the search short. */
const WIDEST = 128;
/** Fits that are told apart; past it the answer is uncertain anyway. */
const MOST_FITS = 400;

/** @returns undefined when nothing fits all badges. */
export function solve(badges: readonly KnownBadge[]): Solution | undefined {
  const fits = new Map<string, Conversion>();
  for (const conversion of candidates(badges)) {
    if (fits.size >= MOST_FITS) break;
    if (fitsAll(conversion, badges)) fits.set(conversionYaml(conversion), conversion);
  }
  const ranked = [...fits.values()].sort((a, b) => cost(a) - cost(b));
  const [best] = ranked;
  if (best === undefined) return undefined;
  const places = doubtfulPlaces(best, ranked.slice(1), badges);
  // Where the search was broken off there may be others.
  const differElsewhere = ranked.length >= MOST_FITS || places.some((place) => !isSame(place, badges));
  return {
    conversion: best,
    keptBits: keptBits(best),
    certain: places.length === 0,
    undecided: differElsewhere ? [] : places,
    fits: ranked.length,
  };
}

function fitsAll(conversion: Conversion, badges: readonly KnownBadge[]): boolean {
  return badges.every(({ read, written }) => {
    const converted = convert(read, conversion);
    return converted.ok && converted.card === canonicalCard(written);
  });
}

function* candidates(badges: readonly KnownBadge[]): Generator<Conversion> {
  const texts = badges.every(({ read }) => read.kind === 'text');
  for (const extraction of texts ? extractions(badges.map(({ read }) => textOf(read))) : [[]]) {
    yield extraction;
    yield* numbers(extraction, badges);
  }
}

const textOf = (read: RawSwipe): string => (read.kind === 'text' ? read.text : '');

const MIRRORS: readonly Conversion[] = [
  [],
  [{ kind: 'reverse-bytes' }],
  [{ kind: 'reverse-bits' }],
  [{ kind: 'reverse-bytes' }, { kind: 'reverse-bits' }],
];

function* numbers(extraction: Conversion, badges: readonly KnownBadge[]): Generator<Conversion> {
  for (const start of [...[[]], ...WIDTHS.map((digits) => [{ kind: 'decimal-to-hex' as const, digits }])]) {
    for (const mirror of MIRRORS) {
      const steps = [...extraction, ...start, ...mirror];
      const values = badges.map(({ read }) => valueAfter(read, steps));
      if (values.some((value) => value === undefined)) continue;
      yield steps;
      yield [...steps, { kind: 'hex-to-decimal' }];
      const known = values.filter((value) => value !== undefined);
      yield* windowed(steps, known, badges);
    }
  }
}

/** Hexadecimal digits of the usual chips: EM4100 with 32 or 40 bits, MIFARE with 4, 7 or 10 octets. */
const WIDTHS = [0, 6, 8, 10, 14, 16, 20] as const;

interface Value {
  readonly value: bigint;
  readonly width: number;
}

/** Undefined when the steps do not fit, or end in what is not hexadecimal or too wide. */
function valueAfter(read: RawSwipe, steps: Conversion): Value | undefined {
  const ran = run(read, steps);
  if (!ran.ok || !/^[0-9A-Fa-f]+$/.test(ran.text)) return undefined;
  const width = widthOf(ran);
  return width > WIDEST ? undefined : { value: BigInt(`0x${ran.text}`), width };
}

/** Conversions that keep only some bits: as hexadecimal, as decimal, or as facility code and number. */
function* windowed(
  steps: Conversion,
  values: readonly Value[],
  badges: readonly KnownBadge[],
): Generator<Conversion> {
  const written = badges.map((badge) => badge.written.replace(/[\s:.\-_]/g, ''));
  if (written.every((text) => /^[0-9A-Fa-f]+$/.test(text))) {
    for (const window of windowsOf(
      values,
      written.map((text) => BigInt(`0x${text}`)),
    )) {
      yield [...steps, { kind: 'bits', window }];
    }
  }
  if (!written.every((text) => /^[0-9]+$/.test(text))) return;
  for (const window of windowsOf(values, written.map(BigInt))) {
    yield [...steps, { kind: 'bits', window }, { kind: 'hex-to-decimal' }];
  }
  for (const digits of NUMBER_DIGITS) {
    if (written.some((text) => text.length <= digits)) continue;
    const facilities = windowsOf(
      values,
      written.map((text) => BigInt(text.slice(0, -digits))),
    );
    const numbers = windowsOf(
      values,
      written.map((text) => BigInt(text.slice(-digits))),
    );
    for (const facility of facilities) {
      for (const number of numbers) {
        // Every format has the number right after the facility code.
        if (facility.first + facility.length !== number.first) continue;
        if (10n ** BigInt(digits) <= 1n << BigInt(number.length - 1)) continue;
        yield [...steps, { kind: 'facility-and-number', facility, number, digits }];
      }
    }
  }
}

/** Decimal digits of the number behind a facility code: 16 bits have 5, 19 and 20 have 6 and 7. */
const NUMBER_DIGITS = [5, 6, 7, 8] as const;

/** Every window, short of the whole, in which all values have what is wanted. */
function windowsOf(values: readonly Value[], wanted: readonly bigint[]): BitWindow[] {
  const width = Math.min(...values.map((each) => each.width));
  const shortest = Math.max(1, ...wanted.map((each) => each.toString(2).length));
  const found: BitWindow[] = [];
  for (let length = shortest; length < width; length++) {
    const mask = (1n << BigInt(length)) - 1n;
    for (let first = 0; first + length <= width; first++) {
      const fits = values.every(
        (each, index) => ((each.value >> BigInt(each.width - first - length)) & mask) === wanted[index],
      );
      if (fits) found.push({ first, length });
    }
  }
  return found;
}

/** Bits or characters by which the conversions differ, for badges like these ones: any others of their form. */
function doubtfulPlaces(
  best: Conversion,
  others: readonly Conversion[],
  badges: readonly KnownBadge[],
): number[] {
  const places = new Set<number>();
  for (const { place, swipe } of badges.flatMap(({ read }) => likeness(read))) {
    if (places.has(place)) continue;
    const card = cardOf(swipe, best);
    if (others.some((other) => cardOf(swipe, other) !== card)) places.add(place);
  }
  return [...places].sort((a, b) => a - b);
}

function cardOf(swipe: RawSwipe, conversion: Conversion): string | undefined {
  const converted = convert(swipe, conversion);
  return converted.ok ? converted.card : undefined;
}

/** Whether all badges have the same there. */
function isSame(place: number, badges: readonly KnownBadge[]): boolean {
  const found = badges.map(({ read }) => {
    if (read.kind === 'text') return read.text[place];
    return place < read.bits ? ((read.octets[place >> 3] ?? 0) >> (7 - (place & 7))) & 1 : undefined;
  });
  return new Set(found).size === 1;
}

const DECIMAL = '0123456789';
const HEXADECIMAL = '0123456789ABCDEF';

interface Likeness {
  /** The bit or the character that is another. */
  readonly place: number;
  readonly swipe: RawSwipe;
}

/** Swipes that differ from this one in a digit or a bit. */
function likeness(read: RawSwipe): Likeness[] {
  if (read.kind === 'bits') {
    return Array.from({ length: read.bits }, (_, place) => {
      const octets = Uint8Array.from(read.octets);
      octets[place >> 3] = (octets[place >> 3] ?? 0) ^ (0x80 >> (place & 7));
      return { place, swipe: { ...read, octets } };
    });
  }
  const digits = /[A-Fa-f]/.test(read.text) ? HEXADECIMAL : DECIMAL;
  return [...read.text].flatMap((character, place) =>
    digits.includes(character.toUpperCase())
      ? [...digits].map((digit): Likeness => {
          const text = `${read.text.slice(0, place)}${digit}${read.text.slice(place + 1)}`;
          return { place, swipe: { kind: 'text', text } };
        })
      : [],
  );
}

function keptBits(conversion: Conversion): number | undefined {
  for (const step of conversion) {
    if (step.kind === 'bits') return step.window.length;
    if (step.kind === 'facility-and-number') return step.facility.length + step.number.length;
  }
  return undefined;
}

/** Expressions that count characters break as soon as a number is shorter. */
const COUNTING = /\.\{/;

/** Few steps first, then short expressions, then the windows of common formats, then wide windows. */
function cost(conversion: Conversion): number {
  let sum = conversion.length * 1000;
  for (const step of conversion) {
    switch (step.kind) {
      case 'match':
        sum += step.pattern.source.length + (COUNTING.test(step.pattern.source) ? 100 : 0);
        break;
      case 'bits':
        sum += WIDEST - step.window.length;
        break;
      case 'facility-and-number':
        sum += COMMON.has(`${step.facility.length}+${step.number.length}/${step.digits}`) ? 0 : 500;
        sum += WIDEST - step.facility.length;
        break;
      default:
    }
  }
  return sum;
}

/** Bits of facility code and number, and decimal digits of the number: H10301, H10304, 32 and 34 bits, Corporate 1000. */
const COMMON = new Set(['8+16/5', '16+19/6', '16+16/5', '12+20/7', '8+24/8']);
