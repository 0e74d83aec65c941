/** Status codes of PJL (Technical Reference, appendix D) as the `printer-state-reasons` of IPP. */

interface CodeRange {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

const one = (code: number, reason: string): CodeRange => ({ from: code, to: code, reason });

/** The first that fits counts. What is in no row keeps no printer from printing, as far as its code tells. */
const CODES: readonly CodeRange[] = [
  one(10_002, 'paused'),
  one(10_006, 'toner-low-warning'),
  // Paper of the printer's own choice is missing; it goes on with another tray (11xyy).
  { from: 11_000, to: 11_999, reason: 'media-low-warning' },
  one(30_034, 'media-jam'),
  one(40_010, 'marker-supply-missing-error'),
  one(40_019, 'output-area-full'),
  one(40_020, 'marker-supply-missing-error'),
  one(40_021, 'cover-open'),
  one(40_022, 'media-jam'),
  one(40_038, 'toner-empty'),
  one(40_046, 'marker-supply-missing-error'),
  one(40_079, 'paused'),
  { from: 40_000, to: 40_999, reason: 'other-error' },
  // 41xyy: tray x wants paper of kind yy.
  { from: 41_000, to: 41_999, reason: 'media-empty' },
  // 42xyy and 44xyy: a jam at place x.
  { from: 42_000, to: 42_999, reason: 'media-jam' },
  { from: 44_000, to: 44_999, reason: 'media-jam' },
  // 43xyy: a device for paper handling; 50xxx and 55xxx: hardware.
  { from: 43_000, to: 43_999, reason: 'other-error' },
  { from: 50_000, to: 50_999, reason: 'other-error' },
  { from: 55_000, to: 55_999, reason: 'other-error' },
];

/** Undefined for a code that keeps nothing from printing. */
export function reasonOfCode(code: number): string | undefined {
  return CODES.find(({ from, to }) => from <= code && code <= to)?.reason;
}
