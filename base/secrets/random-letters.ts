/** Random letters for secrets and ids that people handle. */
import { randomBytes } from 'node:crypto';

/** Base32 (RFC 4648 §6) in small letters: nothing that a path, a file name or a human reading it aloud would change. */
export const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** 40 bits. */
const ID_LETTERS = 8;

/** 5 bits a letter: 32 divides 256, so that every letter is as likely as any other. */
export function randomLetters(length: number): string {
  return Array.from(randomBytes(length), (octet) => LETTERS.charAt(octet % LETTERS.length)).join('');
}

/** A short name, for people to type, that nothing has yet. */
export function freeId(isTaken: (id: string) => boolean): string {
  for (;;) {
    const id = randomLetters(ID_LETTERS);
    if (!isTaken(id)) return id;
  }
}
