/** A CSV file as records with the lines that they begin in. Knows nothing of people. */
import { Parser } from 'csv-parse';
import { formatSize, KiB, MiB } from '../../base/units.ts';
import { CARRIAGE_RETURN, LINE_FEED, LineCounter } from './lines.ts';
import type { Problems } from './problems.ts';
import { asUtf8, type Encoding } from './text.ts';
import type { Turns } from './turns.ts';

export const LARGEST_FILE = MiB(64);
/** Somebody may be in a thousand groups. */
const LARGEST_RECORD = KiB(64);
/** Octets read at once; with all that is done for their rows some 0.5 ms. */
const SLICE = KiB(4);

export interface CsvRecord {
  /** In which it begins; the first line is 1. */
  readonly line: number;
  readonly fields: readonly string[];
  readonly delimiter: Delimiter;
}

export type Delimiter = ',' | '\t';

export interface CsvOptions {
  /**
   * What stands between fields, told of the first octets; `,` unless told. In a file with tabs a quotation mark may stand
   * inside a field that does not begin with one.
   */
  readonly delimiterOf?: (start: string) => Delimiter;
}

/**
 * Hands every well-formed record to `take`, in slices that leave the event loop its turns. Gives how the file is encoded, or
 * undefined when it was not read; lines end with LF, CR LF or CR, mixed too; blank lines are passed over.
 */
export async function readCsv(
  content: Uint8Array,
  problems: Problems,
  take: (record: CsvRecord) => void,
  turns: Turns,
  { delimiterOf = () => ',' }: CsvOptions = {},
): Promise<Encoding | undefined> {
  if (content.length > LARGEST_FILE) {
    problems.refuse(1, undefined, `the file is larger than ${formatSize(LARGEST_FILE)}; split it`);
    return undefined;
  }
  const text = await asUtf8(content, problems, turns);
  if (text === undefined) return undefined;
  const start = Buffer.from(text.octets.subarray(0, SLICE)).toString();
  const reading = new Reading(text.octets, problems, take, delimiterOf(start));
  for (let from = 0; from < text.octets.length && !reading.stopped; from += SLICE) {
    await reading.write(text.octets.subarray(from, from + SLICE));
    if (turns.due) await turns.next();
  }
  await reading.end();
  return text.encoding;
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

  constructor(
    content: Uint8Array,
    problems: Problems,
    take: (record: CsvRecord) => void,
    delimiter: Delimiter,
  ) {
    this.#content = content;
    this.#problems = problems;
    this.#lines = new LineCounter(content);
    this.#parser = new Parser({
      bom: true,
      delimiter,
      relax_quotes: delimiter === '\t',
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
        take({ line: this.#beginOf(fields, bytes), fields, delimiter });
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
      // Of the whole file: rows behind it may have been swallowed.
      this.#problems.refuse(this.#lines.breaksBefore(at) + 1, undefined, wordingOf(code));
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
