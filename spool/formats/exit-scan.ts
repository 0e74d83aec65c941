/** Finds the Universal Exit Language in a document that comes in pieces: behind it a printer obeys commands. */
import { isProgram } from './media-types.ts';

/** Ends whatever language a printer is in; what follows goes to its job language. */
export const EXIT = '\x1b%-12345X';
const SOUGHT = Buffer.from(EXIT, 'latin1');

/**
 * Whether documents of this format are searched for it: all that only draw, unless the client may send programs anyway.
 * @param supported media types that the client may send to this queue.
 */
export function mustNotExit(format: string, supported: readonly string[]): boolean {
  return !isProgram(format) && !supported.some(isProgram);
}

export class ExitScan {
  #end: Buffer = Buffer.alloc(0);

  /** @returns true when the octets so far hold it, across the pieces too. */
  finds(piece: Uint8Array): boolean {
    const octets = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    const border = Buffer.concat([this.#end, octets.subarray(0, SOUGHT.length - 1)]);
    if (border.includes(SOUGHT) || octets.includes(SOUGHT)) return true;
    const joined = octets.length < SOUGHT.length ? Buffer.concat([this.#end, octets]) : octets;
    this.#end = Buffer.from(joined.subarray(Math.max(0, joined.length - SOUGHT.length + 1)));
    return false;
  }
}
