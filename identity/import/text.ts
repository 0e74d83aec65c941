/** The octets of a file as UTF-8, however a spreadsheet or a script has written them. */
import { isAscii, isUtf8 } from 'node:buffer';
import { KiB } from '../../base/units.ts';
import { LINE_FEED, LineCounter } from './lines.ts';
import type { Problems } from './problems.ts';
import type { Turns } from './turns.ts';

export type Encoding = 'UTF-8' | 'UTF-16' | 'Windows-1252';

export interface Text {
  readonly encoding: Encoding;
  readonly octets: Uint8Array;
}

/** Octets looked at or turned at once. Even, so that it cuts no unit of UTF-16. */
const SLICE = KiB(16);

/** Of a file in Windows-1252 these are rare by chance; in one of UTF-8 every letter beyond ASCII is one. */
const UTF8_SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/;
/** Octets that Windows-1252 does not have. */
const NOT_1252 = /[\x81\x8d\x8f\x90\x9d]/;
/** 0x80 to 0x9F of Windows-1252; what is not there is a blank. */
const FROM_80 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/**
 * UTF-8 (with or without a byte order mark) is given as it is. UTF-16 is known by its mark or by its zeros; anything else
 * that is no UTF-8 at all is taken for Windows-1252. Undefined, with a problem, for what is none of them.
 */
export async function asUtf8(
  content: Uint8Array,
  problems: Problems,
  turns: Turns,
): Promise<Text | undefined> {
  if (content.length === 0) {
    problems.refuse(1, undefined, 'the file is empty');
    return undefined;
  }
  const utf16 = utf16Of(content);
  if (utf16 !== undefined) return fromUtf16(content, utf16, problems, turns);
  const seen = await look(content, turns);
  const refuse = (at: number, message: string) => {
    problems.refuse(new LineCounter(content).breaksBefore(at) + 1, undefined, message);
    return undefined;
  };
  if (seen.nul !== undefined) return refuse(seen.nul, 'the line has a NUL character: the file is not text');
  if (seen.odd === undefined) return { encoding: 'UTF-8', octets: content };
  if (seen.utf8 || seen.not1252)
    return refuse(seen.odd, 'the line is not UTF-8; save the file as "CSV UTF-8"');
  const octets = await turned(content, turns, (slice) => {
    const latin1 = Buffer.from(slice.buffer, slice.byteOffset, slice.length).toString('latin1');
    return latin1.replace(/[\x80-\x9f]/g, (octet) => FROM_80[octet.charCodeAt(0) - 0x80] ?? ' ');
  });
  return { encoding: 'Windows-1252', octets };
}

function utf16Of([a, b, c, d]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  // Headers are ASCII.
  if (b === 0 && d === 0 && a !== 0 && c !== 0) return 'utf-16le';
  return a === 0 && c === 0 && b !== 0 && d !== 0 ? 'utf-16be' : undefined;
}

async function fromUtf16(
  content: Uint8Array,
  form: 'utf-16le' | 'utf-16be',
  problems: Problems,
  turns: Turns,
): Promise<Text | undefined> {
  const decoder = new TextDecoder(form, { fatal: true });
  try {
    const octets = await turned(content, turns, (slice, last) => decoder.decode(slice, { stream: !last }));
    return { encoding: 'UTF-16', octets };
  } catch {
    problems.refuse(1, undefined, 'the file begins as UTF-16 and is damaged or cut; save it as "CSV UTF-8"');
    return undefined;
  }
}

async function turned(
  content: Uint8Array,
  turns: Turns,
  decode: (slice: Uint8Array, last: boolean) => string,
): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for (let from = 0; from < content.length; from += SLICE) {
    const last = from + SLICE >= content.length;
    parts.push(Buffer.from(decode(content.subarray(from, from + SLICE), last)));
    if (turns.due) await turns.next();
  }
  return Buffer.concat(parts);
}

interface Seen {
  /** Octet of the first NUL. */
  nul?: number;
  /** Beginning of the first line that is not UTF-8. */
  odd?: number;
  /** Some characters are written as UTF-8 has them. */
  utf8: boolean;
  not1252: boolean;
}

async function look(content: Uint8Array, turns: Turns): Promise<Seen> {
  const seen: Seen = { utf8: false, not1252: false };
  for (let from = 0; from < content.length; ) {
    const to = endOfCharacter(content, from + SLICE);
    const slice = content.subarray(from, to);
    const nul = slice.indexOf(0);
    if (nul >= 0) return { ...seen, nul: from + nul };
    if (!isAscii(slice)) {
      const latin1 = Buffer.from(slice.buffer, slice.byteOffset, slice.length).toString('latin1');
      seen.utf8 ||= UTF8_SEQUENCE.test(latin1);
      seen.not1252 ||= NOT_1252.test(latin1);
      if (seen.odd === undefined && !isUtf8(slice)) seen.odd = from + oddLine(slice);
    }
    from = to;
    if (turns.due) await turns.next();
  }
  return seen;
}

/** `end`, or up to three octets more when it would cut a character. */
function endOfCharacter(content: Uint8Array, end: number): number {
  let to = Math.min(end, content.length);
  for (let more = 0; more < 3 && ((content[to] ?? 0) & 0xc0) === 0x80; more++) to += 1;
  return to;
}

function oddLine(slice: Uint8Array): number {
  for (let at = 0; ; ) {
    const end = slice.indexOf(LINE_FEED, at);
    if (end < 0 || !isUtf8(slice.subarray(at, end))) return at;
    at = end + 1;
  }
}
