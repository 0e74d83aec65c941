/** Thrown by a check that the gateway has not got what it needs for. */
export class Skipped extends Error {}

export const NO_CODES = 'the panel takes no codes';
