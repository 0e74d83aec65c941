/** A file of badges for the solver: as a reader gives them, and as the directory has them. */
import type { Clock } from '../../base/clock.ts';
import { type CsvRecord, readCsv } from '../import/csv.ts';
import { type ImportProblem, Problems } from '../import/problems.ts';
import { Turns } from '../import/turns.ts';
import { LONGEST_SWIPE_TEXT, MOST_SWIPE_BITS, type RawSwipe } from './card-number.ts';

/** A row; without `written` it only takes part in the search for collisions. */
export interface Badge {
  readonly line: number;
  readonly read: RawSwipe;
  readonly written: string;
}

export type BadgeFile =
  | { readonly ok: true; readonly badges: readonly Badge[] }
  | { readonly ok: false; readonly problems: readonly ImportProblem[] };

const MOST_ROWS = 100_000;

/**
 * CSV with the columns READ and WRITTEN, the header may be missing. READ is text as it is; `bits:0110…`; or `hex:1A2B`,
 * of which `hex:1A2B/14` counts the first 14 bits.
 */
export async function readBadges(content: Uint8Array, clock: Clock): Promise<BadgeFile> {
  const problems = new Problems();
  const badges: Badge[] = [];
  let first = true;
  const take = ({ line, fields }: CsvRecord) => {
    const isHeader = first && fields[0]?.trim().toUpperCase() === 'READ';
    first = false;
    if (isHeader || fields.every((field) => field.trim() === '')) return;
    if (badges.length >= MOST_ROWS) {
      if (badges.length === MOST_ROWS) problems.add(line, undefined, `at most ${MOST_ROWS} rows are read`);
      return;
    }
    if (fields.length > 2) return problems.add(line, undefined, 'has more columns than READ and WRITTEN');
    const read = swipeOf(fields[0]?.trim() ?? '');
    const written = fields[1]?.trim() ?? '';
    if (read === undefined) problems.add(line, 'READ', READ_FORM);
    else if (written.length > LONGEST_SWIPE_TEXT) problems.add(line, 'WRITTEN', 'is too long');
    else badges.push({ line, read, written });
  };
  await readCsv(content, problems, take, new Turns(clock));
  return problems.count > 0 ? { ok: false, problems: problems.list() } : { ok: true, badges };
}

const READ_FORM = `is no swipe; allowed is text of at most ${LONGEST_SWIPE_TEXT} characters, bits:0110, hex:1A2B or hex:1A2B/14, at most ${MOST_SWIPE_BITS} bits`;

function swipeOf(text: string): RawSwipe | undefined {
  const [, binary] = /^bits:([01]+)$/i.exec(text) ?? [];
  if (binary !== undefined) return bitsOf(binary);
  const [, digits, count] = /^hex:([0-9a-f]+)(?:\/([0-9]{1,3}))?$/i.exec(text) ?? [];
  if (digits !== undefined) {
    const all = [...digits].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
    return count !== undefined && Number(count) > all.length
      ? undefined
      : bitsOf(all.slice(0, count === undefined ? all.length : Number(count)));
  }
  if (/^(?:bits|hex):/i.test(text)) return undefined;
  return text === '' || text.length > LONGEST_SWIPE_TEXT ? undefined : { kind: 'text', text };
}

function bitsOf(binary: string): RawSwipe | undefined {
  if (binary.length === 0 || binary.length > MOST_SWIPE_BITS) return undefined;
  const octets = binary.match(/.{1,8}/g)?.map((each) => Number.parseInt(each.padEnd(8, '0'), 2)) ?? [];
  return { kind: 'bits', octets: Uint8Array.from(octets), bits: binary.length };
}
