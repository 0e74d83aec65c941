/** Thrown by a check that the gateway has not got what it needs for. */
export class Skipped extends Error {}
