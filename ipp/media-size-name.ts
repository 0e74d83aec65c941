/** Sizes in the names of media (PWG 5101.1 §5): `iso_a4_210x297mm`. */

export interface Size {
  /** 1/100 mm. */
  readonly width: number;
  /** 1/100 mm. */
  readonly length: number;
}

/** 1/100 mm; 10 m of paper is none. */
const LONGEST_SIDE = 1_000_000;

const SIZE_IN_NAME = /_(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(mm|in)$/;

/** Undefined for names such as `custom_min…` or `a4`. */
export function sizeInName(name: string): Size | undefined {
  if (/^custom_(min|max)/.test(name)) return undefined;
  const [, width, length, unit] = SIZE_IN_NAME.exec(name) ?? [];
  if (width === undefined || length === undefined) return undefined;
  const factor = unit === 'in' ? 2540 : 100;
  const size = { width: Math.round(Number(width) * factor), length: Math.round(Number(length) * factor) };
  const fits = (side: number) => side >= 1 && side <= LONGEST_SIDE;
  return fits(size.width) && fits(size.length) ? size : undefined;
}

/** Two sizes in 1/100 mm that mean the same paper: clients round inches and points differently (PWG 5101.1 §5.1.6). */
const SAME_SIZE = 50;

export const isSameSize = (a: Size, b: Size): boolean =>
  Math.abs(a.width - b.width) <= SAME_SIZE && Math.abs(a.length - b.length) <= SAME_SIZE;
