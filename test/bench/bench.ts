/** What a bench is: a file of this folder that exports one of these as `bench`. */

/** By name; the name ends with the unit (`p50_us`, `load_s`). As measured: bounds are held against that. */
export type Figures = Readonly<Record<string, number>>;

export interface Bench {
  /** What is measured, as a line. */
  readonly summary: string;
  /** For `--check`: figures that must not be higher. */
  readonly atMost: Figures;
  /** Gives the figures of the largest run; `say` tells how it goes. */
  run(say: (line: string) => void): Promise<Figures>;
}

/** @param sorted ascending, not empty @param share 0 to 1 */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** For people: to the digits that a measurement has. A count stays as it is. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(3));
}

/** For people and for programs: a line of JSON. */
export const lineOf = (figures: Figures): string =>
  JSON.stringify(Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)])));

/** @param times ascending, in milliseconds @param share 0.99: the time that 99 of 100 keep to */
export const inMicroseconds = (times: Float64Array, share: number): number => percentile(times, share) * 1000;

/** A different code of eight digits for each number, in no order. */
export function codeOf(number: number): string {
  return String((number * 7_654_321) % 100_000_000).padStart(8, '0');
}

/** A different card for each number, in no order: its 32 bits as ten decimal digits, as many readers and directories have them. */
export function cardOf(number: number): string {
  return String(Math.imul(number, 0x9e37_79b1) >>> 0).padStart(10, '0');
}
