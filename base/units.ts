/** Durations and sizes as branded numbers, read from and written as people write them. */
import { Failure } from './errors.ts';

declare const unit: unique symbol;

/** A duration in milliseconds, ≥ 0. */
export type Milliseconds = number & { readonly [unit]: 'milliseconds' };
/** A number of octets, a whole number ≥ 0. */
export type Bytes = number & { readonly [unit]: 'bytes' };

/** @throws RangeError below 0 or not finite. */
export function Milliseconds(value: number): Milliseconds {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`not a duration: ${value} ms`);
  return value as Milliseconds;
}

export const Seconds = (value: number): Milliseconds => Milliseconds(value * 1000);
export const Minutes = (value: number): Milliseconds => Milliseconds(value * 60_000);
export const Hours = (value: number): Milliseconds => Milliseconds(value * 3_600_000);
export const Days = (value: number): Milliseconds => Milliseconds(value * 86_400_000);

/** @throws RangeError below 0, with a fraction, or past 2^53. */
export function Bytes(value: number): Bytes {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a size: ${value} bytes`);
  return value as Bytes;
}

export const KiB = (value: number): Bytes => Bytes(value * 1024);
export const MiB = (value: number): Bytes => Bytes(value * 1024 ** 2);
export const GiB = (value: number): Bytes => Bytes(value * 1024 ** 3);

const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** What {@link parseDuration} reads, for error messages and the JSON Schema. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?) ?(ms|s|min|h|d)$/;
/** What {@link parseSize} reads. */
export const SIZE_PATTERN = /^(\d+(?:\.\d+)?) ?(B|KiB|MiB|GiB|TiB)$/;

/** `90 s`, `15 min`, `72 h`, `30 d`. @throws Failure `bad-duration` */
export function parseDuration(text: string): Milliseconds {
  const value = scaled(text, DURATION_PATTERN, DURATION_UNITS);
  if (value === undefined || !Number.isFinite(value)) {
    throw new Failure('bad-duration', 'not a duration; write a number and ms, s, min, h or d, like "72 h"');
  }
  return Milliseconds(value);
}

/** `64 KiB`, `2 GiB`. @throws Failure `bad-size` */
export function parseSize(text: string): Bytes {
  const value = scaled(text, SIZE_PATTERN, SIZE_UNITS);
  if (value === undefined || !Number.isSafeInteger(value)) {
    throw new Failure('bad-size', 'not a size; write a number and B, KiB, MiB, GiB or TiB, like "64 MiB"');
  }
  return Bytes(value);
}

function scaled(text: string, pattern: RegExp, units: Readonly<Record<string, number>>): number | undefined {
  const match = pattern.exec(text);
  const factor = match?.[2] === undefined ? undefined : units[match[2]];
  return factor === undefined ? undefined : Number(match?.[1]) * factor;
}

/** The largest unit that shows the value without a fraction: `90 s`, `3 d`. */
export function formatDuration(value: Milliseconds): string {
  return formatted(value, DURATION_UNITS);
}

/** The largest unit that shows the value without a fraction: `64 MiB`. */
export function formatSize(value: Bytes): string {
  return formatted(value, SIZE_UNITS);
}

function formatted(value: number, units: Readonly<Record<string, number>>): string {
  const [name, factor] = Object.entries(units).findLast(([, each]) => value !== 0 && value % each === 0) ?? [
    '',
    1,
  ];
  return name === '' ? `${value}` : `${value / factor} ${name}`;
}
