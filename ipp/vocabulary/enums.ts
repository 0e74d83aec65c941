/** Enum values (IANA IPP registry). {@link enumName} gives their keywords. */

/** RFC 8011 §5.3.7 */
export const JobState = {
  pending: 3,
  pendingHeld: 4,
  processing: 5,
  processingStopped: 6,
  canceled: 7,
  aborted: 8,
  completed: 9,
} as const;
export type JobState = (typeof JobState)[keyof typeof JobState];

/** RFC 8011 §5.4.11 */
export const PrinterState = { idle: 3, processing: 4, stopped: 5 } as const;
export type PrinterState = (typeof PrinterState)[keyof typeof PrinterState];

/** RFC 8011 §5.2.10, PWG 5100.13 */
export const Orientation = {
  portrait: 3,
  landscape: 4,
  reverseLandscape: 5,
  reversePortrait: 6,
  none: 7,
} as const;
export type Orientation = (typeof Orientation)[keyof typeof Orientation];

/** RFC 8011 §5.2.13 */
export const PrintQuality = { draft: 3, normal: 4, high: 5 } as const;
export type PrintQuality = (typeof PrintQuality)[keyof typeof PrintQuality];

/** RFC 8011 §5.2.6, PWG 5100.1 */
export const Finishing = {
  none: 3,
  staple: 4,
  punch: 5,
  cover: 6,
  bind: 7,
  saddleStitch: 8,
  edgeStitch: 9,
  fold: 10,
  trim: 11,
  bale: 12,
  bookletMaker: 13,
  jogOffset: 14,
  coat: 15,
  laminate: 16,
  stapleTopLeft: 20,
  stapleBottomLeft: 21,
  stapleTopRight: 22,
  stapleBottomRight: 23,
  edgeStitchLeft: 24,
  edgeStitchTop: 25,
  edgeStitchRight: 26,
  edgeStitchBottom: 27,
  stapleDualLeft: 28,
  stapleDualTop: 29,
  stapleDualRight: 30,
  stapleDualBottom: 31,
  stapleTripleLeft: 32,
  stapleTripleTop: 33,
  stapleTripleRight: 34,
  stapleTripleBottom: 35,
  bindLeft: 50,
  bindTop: 51,
  bindRight: 52,
  bindBottom: 53,
  trimAfterPages: 60,
  trimAfterDocuments: 61,
  trimAfterCopies: 62,
  trimAfterJob: 63,
  punchTopLeft: 70,
  punchBottomLeft: 71,
  punchTopRight: 72,
  punchBottomRight: 73,
  punchDualLeft: 74,
  punchDualTop: 75,
  punchDualRight: 76,
  punchDualBottom: 77,
  punchTripleLeft: 78,
  punchTripleTop: 79,
  punchTripleRight: 80,
  punchTripleBottom: 81,
  punchQuadLeft: 82,
  punchQuadTop: 83,
  punchQuadRight: 84,
  punchQuadBottom: 85,
  punchMultipleLeft: 86,
  punchMultipleTop: 87,
  punchMultipleRight: 88,
  punchMultipleBottom: 89,
  foldAccordion: 90,
  foldDoubleGate: 91,
  foldGate: 92,
  foldHalf: 93,
  foldHalfZ: 94,
  foldLeftGate: 95,
  foldLetter: 96,
  foldParallel: 97,
  foldPoster: 98,
  foldRightGate: 99,
  foldZ: 100,
  foldEngineeringZ: 101,
} as const;
export type Finishing = (typeof Finishing)[keyof typeof Finishing];
