/** Codes that people choose and thieves try first: repeats, sequences, dates. None is ever given out. */

/** Years that a birthday or a year of something lies in. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2099;
/** February has its 29th: the year may not be part of the code. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** @param code decimal digits */
export function isTrivial(code: string): boolean {
  return isRepeat(code) || isSequence(code) || isDate(code);
}

/**
 * An upper bound of the trivial codes of a length, for the accounting of what is left.
 * @param digits 1 to 16
 */
export function trivialCodes(digits: number): number {
  let repeats = 0;
  for (let period = 1; period <= digits / 2; period++) repeats += 10 ** period;
  const sequences = 10 * 10;
  const days = DAYS.reduce<number>((sum, each) => sum + each, 0);
  const years = LAST_YEAR - FIRST_YEAR + 1;
  const dates: Readonly<Record<number, number>> = {
    4: 2 * days + years,
    6: 3 * days * 100,
    8: 3 * days * years,
  };
  return Math.min(10 ** digits, repeats + sequences + (dates[digits] ?? 0));
}

/** 1111, 1212, 123123, 12121: a group of at most half the length, again and again. */
function isRepeat(code: string): boolean {
  for (let period = 1; period <= code.length / 2; period++) {
    if (repeats(code, period)) return true;
  }
  return false;
}

function repeats(code: string, period: number): boolean {
  for (let at = period; at < code.length; at++) {
    if (code[at] !== code[at - period]) return false;
  }
  return true;
}

/** 1234, 8642, 7890: each digit as far from the one before, around 9 and 0. */
function isSequence(code: string): boolean {
  const step = gap(code, 1);
  for (let at = 2; at < code.length; at++) {
    if (gap(code, at) !== step) return false;
  }
  return true;
}

const gap = (code: string, at: number): number => (Number(code[at]) - Number(code[at - 1]) + 10) % 10;

/** Day and month in either order, a year, or all three in the orders that people write. */
function isDate(code: string): boolean {
  const part = (from: number, to: number) => Number(code.slice(from, to));
  switch (code.length) {
    case 4:
      return isDay(part(0, 2), part(2, 4)) || isDay(part(2, 4), part(0, 2)) || isYear(part(0, 4));
    case 6:
      return isDay(part(0, 2), part(2, 4)) || isDay(part(2, 4), part(0, 2)) || isDay(part(4, 6), part(2, 4));
    case 8:
      return (
        (isYear(part(4, 8)) && (isDay(part(0, 2), part(2, 4)) || isDay(part(2, 4), part(0, 2)))) ||
        (isYear(part(0, 4)) && isDay(part(6, 8), part(4, 6)))
      );
    default:
      return false;
  }
}

const isDay = (day: number, month: number): boolean => day >= 1 && day <= (DAYS[month - 1] ?? 0);
const isYear = (year: number): boolean => year >= FIRST_YEAR && year <= LAST_YEAR;
