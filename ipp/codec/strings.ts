/** Strings to octets and back, with ASCII, by far the most, on a path of its own. */
import type { Repertoire } from './tags.ts';

const FIRST_VISIBLE = 0x21;
const LAST_VISIBLE = 0x7e;
const SPACE = 0x20;
const FIRST_NON_ASCII = 0x80;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lossyUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** True when all octets from `start` to `end` belong to that part of US-ASCII. */
export function isAscii(octets: Buffer, start: number, end: number, repertoire: Repertoire): boolean {
  const lowest = repertoire === 'visible' ? FIRST_VISIBLE : repertoire === 'printable' ? SPACE : 0;
  const highest = repertoire === 'utf-8' ? FIRST_NON_ASCII - 1 : LAST_VISIBLE;
  for (let index = start; index < end; index++) {
    const octet = octets[index] as number;
    if (octet < lowest || octet > highest) return false;
  }
  return true;
}

/** The text, or undefined when it is not UTF-8. */
export function readUtf8(octets: Buffer, start: number, end: number): string | undefined {
  if (isAscii(octets, start, end, 'utf-8')) return octets.toString('latin1', start, end);
  try {
    return strictUtf8.decode(octets.subarray(start, end));
  } catch {
    return undefined;
  }
}

/** The text with U+FFFD for what is not UTF-8. */
export function readLossyUtf8(octets: Buffer, start: number, end: number): string {
  return lossyUtf8.decode(octets.subarray(start, end));
}

/** True when every character of the text belongs to that repertoire. */
export function isWithin(text: string, repertoire: Repertoire): boolean {
  if (repertoire === 'utf-8') return text.isWellFormed();
  const lowest = repertoire === 'visible' ? FIRST_VISIBLE : SPACE;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < lowest || unit > LAST_VISIBLE) return false;
  }
  return true;
}
