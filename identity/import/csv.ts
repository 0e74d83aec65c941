/** A CSV file as records with the lines that they begin in. Knows nothing of people. */
import { isUtf8 } from 'node:buffer';
import { Parser } from 'csv-parse';
import { formatSize, KiB, MiB } from '../../base/units.ts';
import type { Problems } from './problems.ts';
import type { Turns } from './turns.ts';

export const LARGEST_FILE = MiB(64);
const LARGEST_RECORD = KiB(16);
/** Octets read at once; with all that is done for their rows some 0.5 ms. */
const SLICE = KiB(4);

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface CsvRecord {
  /** In which it begins; the first line is 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Hands every well-formed record to `take`, in slices that leave the event loop its turns. UTF-8 with or without a byte
 * order mark; lines end with LF, CR LF or CR, mixed too; blank lines are passed over.
 */
export async function readCsv(
  content: Uint8Array,
  problems: Problems,
  take: (record: CsvRecord) => void,
  turns: Turns,
): Promise<void> {
  if (content.length > LARGEST_FILE) {
    problems.add(1, undefined, `the file is larger than ${formatSize(LARGEST_FILE)}; split it`);
    return;
  }
  if (!(await isPlainText(content, problems, turns))) return;
  const reading = new Reading(content, problems, take);
  for (let from = 0; from < content.length && !reading.stopped; from += SLICE) {
    await reading.write(content.subarray(from, from + SLICE));
    if (turns.due) await turns.next();
  }
  await reading.end();
}

/** The parser with its books: which octet stands in which line. */
class Reading {
  readonly #parser: Parser;
  readonly #content: Uint8Array;
  readonly #problems: Problems;
  readonly #lines: LineCounter;
  /** Octet of the last defect; a field is complained of once. */
  #defectAt = -1;
  stopped = false;

  constructor(content: Uint8Array, problems: Problems, take: (record: CsvRecord) => void) {
    this.#content = content;
    this.#problems = problems;
    this.#lines = new LineCounter(content);
    this.#parser = new Parser({
      bom: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LARGEST_RECORD,
      skip_records_with_error: true,
      on_skip: (error) => {
        this.#complain(error?.code);
        return undefined;
      },
      on_record: (fields: string[], { bytes }) => {
        take({ line: this.#beginOf(fields, bytes), fields });
        return null;
      },
    });
    // Also given to the callback of the call that met it.
    this.#parser.on('error', () => {});
  }

  write(slice: Uint8Array): Promise<void> {
    return this.#finished((done) => this.#parser.write(slice, done));
  }

  end(): Promise<void> {
    return this.#finished((done) => this.#parser.end(done));
  }

  async #finished(act: (done: (error?: Error | null) => void) => void): Promise<void> {
    if (this.stopped) return;
    const error = await new Promise<Error | null | undefined>((resolve) => act(resolve));
    if (error && !this.stopped) throw error;
  }

  /** @param end octet behind the record and its line end */
  #beginOf(fields: readonly string[], end: number): number {
    const last = this.#content[end - 1];
    const line = this.#lines.breaksBefore(end) + (last === LINE_FEED || last === CARRIAGE_RETURN ? 0 : 1);
    return line - fields.reduce((sum, field) => sum + breaksIn(field), 0);
  }

  #complain(code: string | undefined): void {
    let at = this.#parser.info.bytes;
    while (this.#content[at] === LINE_FEED || this.#content[at] === CARRIAGE_RETURN) at += 1;
    if (at !== this.#defectAt) {
      this.#defectAt = at;
      this.#problems.add(this.#lines.breaksBefore(at) + 1, undefined, wordingOf(code));
    }
    if (code === 'CSV_MAX_RECORD_SIZE') {
      this.stopped = true;
      throw new Error('the rest cannot be told apart into records');
    }
  }
}

/** The parser's own messages quote the file: they are not for showing. */
function wordingOf(code: string | undefined): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quotation mark is opened and never closed';
    case 'CSV_MAX_RECORD_SIZE':
      return `the row is longer than ${formatSize(LARGEST_RECORD)}, perhaps because a quotation mark is not closed; nothing behind it was read`;
    default:
      return 'a quotation mark stands inside a field; put the whole field in quotation marks, and double those inside it';
  }
}

const breaksIn = (field: string): number => field.match(/\r\n|\n|\r/g)?.length ?? 0;

/** Counts line breaks up to an octet; asked for ever later ones it reads each octet once. */
class LineCounter {
  readonly #content: Uint8Array;
  #at = 0;
  #breaks = 0;

  constructor(content: Uint8Array) {
    this.#content = content;
  }

  breaksBefore(end: number): number {
    if (end < this.#at) [this.#at, this.#breaks] = [0, 0];
    for (; this.#at < end; this.#at++) {
      const octet = this.#content[this.#at];
      const crOfCrLf = octet === CARRIAGE_RETURN && this.#content[this.#at + 1] === LINE_FEED;
      if (octet === LINE_FEED || (octet === CARRIAGE_RETURN && !crOfCrLf)) this.#breaks += 1;
    }
    return this.#breaks;
  }
}

/** False, with a problem, for anything but UTF-8 without NULs. */
async function isPlainText(content: Uint8Array, problems: Problems, turns: Turns): Promise<boolean> {
  if (content.length === 0) {
    problems.add(1, undefined, 'the file is empty');
    return false;
  }
  const utf16 = content[0] === 0xff ? content[1] === 0xfe : content[0] === 0xfe && content[1] === 0xff;
  if (utf16) {
    problems.add(1, undefined, 'the file is UTF-16; save it as "CSV UTF-8"');
    return false;
  }
  for (let from = 0; from < content.length; ) {
    const to = endOfCharacter(content, from + SLICE);
    const slice = content.subarray(from, to);
    const odd = oddOctet(slice);
    if (odd !== undefined) {
      problems.add(new LineCounter(content).breaksBefore(from + odd.at) + 1, undefined, odd.message);
      return false;
    }
    from = to;
    if (turns.due) await turns.next();
  }
  return true;
}

/** `end`, or up to three octets more when it would cut a character. */
function endOfCharacter(content: Uint8Array, end: number): number {
  let to = Math.min(end, content.length);
  for (let more = 0; more < 3 && ((content[to] ?? 0) & 0xc0) === 0x80; more++) to += 1;
  return to;
}

function oddOctet(slice: Uint8Array): { at: number; message: string } | undefined {
  const nul = slice.indexOf(0);
  if (nul >= 0)
    return {
      at: nul,
      message: 'the line has a NUL character: the file is not text, or UTF-16; save it as "CSV UTF-8"',
    };
  if (isUtf8(slice)) return undefined;
  let at = 0;
  for (;;) {
    const end = slice.indexOf(LINE_FEED, at);
    if (end < 0 || !isUtf8(slice.subarray(at, end))) break;
    at = end + 1;
  }
  return { at, message: 'the line is not UTF-8; save the file as "CSV UTF-8"' };
}
