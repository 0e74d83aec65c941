/**
 * A document on its way into a printer that may speak PJL. Behind an exit (UEL) the printer obeys commands, so that
 * none goes out inside a document: a wrapper that printer drivers put around theirs is taken off, anything else refused.
 */
import { Failure } from '../../../base/errors.ts';
import { EXIT } from './frame.ts';

const SOUGHT = Buffer.from(EXIT, 'latin1');
const ESCAPE = 0x1b;
/** The commands before and behind a document at most. */
const LONGEST_WRAPPER = 16_384;

/** Commands that end a job, and nothing that would be printed or run behind them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what ends one
const ENDING = /^(?:\x1b%-12345X|@PJL[^\n]*(?:\n|$)|[\s\0\x04])*$/;

/** Settings of a wrapper that are kept: they say how this job is to look, and are over with it. */
const HARMLESS =
  /^@PJL\s+SET\s+(?:BINDING|BITSPERPIXEL|COPIES|DUPLEX|ECONOMODE|MANUALFEED|MEDIASOURCE|MEDIATYPE|ORIENTATION|OUTBIN|PAGEPROTECT|PAPER|QTY|RENDERMODE|RESOLUTION|RET)\s*=\s*[A-Z0-9._-]{1,40}$/i;

/** Formats that only draw hold no commands at all. */
export const drawsOnly = (format: string): boolean =>
  format.startsWith('image/') || format === 'application/pdf' || format === 'application/pclm';

/** Without an exit in it. @throws Failure `refused` when it comes to one */
export async function* withoutExit(document: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const { octets, exit } of untilExit(document)) {
    if (exit !== undefined) throw refusal();
    yield octets;
  }
}

export interface Unwrapped {
  /** Lines of the wrapper that are kept. */
  readonly settings: readonly string[];
  /** @throws Failure `refused` when it holds an exit that does not only end it */
  readonly body: AsyncIterable<Uint8Array>;
}

/** @throws Failure `refused` when the wrapper has no end within its bound */
export async function unwrapped(document: AsyncIterable<Uint8Array>): Promise<Unwrapped> {
  const chunks = document[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    head = Buffer.concat([head, next.value]);
    if (head.length >= LONGEST_WRAPPER) break;
  }
  const { settings, length } = wrapperOf(head);
  return { settings, body: bodyOf(rest(head.subarray(length), chunks)) };
}

/** What the document begins with, if it begins with an exit or with PJL at once. */
function wrapperOf(head: Buffer): { readonly settings: readonly string[]; readonly length: number } {
  const text = head.toString('latin1', 0, LONGEST_WRAPPER);
  const settings: string[] = [];
  let at = 0;
  for (;;) {
    while (text.startsWith(EXIT, at)) at += EXIT.length;
    if (!/^@PJL/i.test(text.slice(at, at + 4))) return { settings, length: at };
    const end = text.indexOf('\n', at);
    if (end === -1) throw refusal();
    const line = text.slice(at, end).trim();
    at = end + 1;
    if (HARMLESS.test(line)) settings.push(line);
    if (/^@PJL\s+ENTER\s+LANGUAGE/i.test(line)) return { settings, length: at };
  }
}

async function* rest(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (first.length > 0) yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

async function* bodyOf(document: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const { octets, exit } of untilExit(document)) {
    if (octets.length > 0) yield octets;
    if (exit === undefined) continue;
    let end = '';
    for await (const each of exit) {
      end += Buffer.from(each).toString('latin1');
      if (end.length > LONGEST_WRAPPER) throw refusal();
    }
    if (!ENDING.test(end)) throw refusal();
  }
}

interface Piece {
  readonly octets: Uint8Array;
  /** With the last piece, when an exit follows it: what comes behind that. To be read to its end. */
  readonly exit?: AsyncIterable<Uint8Array>;
}

/** Finds an exit over the borders of chunks; a copy of what might be the beginning of one waits for the next chunk. */
async function* untilExit(document: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  const chunks = document[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    const octets = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const at = exitIn(octets);
    if (at !== -1) {
      yield { octets: octets.subarray(0, at), exit: rest(octets.subarray(at + SOUGHT.length), chunks) };
      return;
    }
    const whole = octets.length - beginningAtEnd(octets);
    held = Buffer.from(octets.subarray(whole));
    if (whole > 0) yield { octets: octets.subarray(0, whole) };
  }
  if (held.length > 0) yield { octets: held };
}

/** As `indexOf(SOUGHT)`, in half its time for octets at random: this is on every document's way. */
function exitIn(octets: Buffer): number {
  for (let at = octets.indexOf(ESCAPE); at !== -1; at = octets.indexOf(ESCAPE, at + 1)) {
    if (octets[at + 1] === SOUGHT[1] && octets.subarray(at, at + SOUGHT.length).equals(SOUGHT)) return at;
  }
  return -1;
}

/** How many octets at the end could be the beginning of an exit. */
function beginningAtEnd(octets: Buffer): number {
  const from = Math.max(0, octets.length - SOUGHT.length + 1);
  for (let at = octets.indexOf(ESCAPE, from); at !== -1; at = octets.indexOf(ESCAPE, at + 1)) {
    const end = octets.subarray(at);
    if (end.equals(SOUGHT.subarray(0, end.length))) return end.length;
  }
  return 0;
}

const refusal = (): Failure =>
  new Failure(
    'refused',
    'the document holds commands for the printer (UEL), which may not go out inside one',
  );
