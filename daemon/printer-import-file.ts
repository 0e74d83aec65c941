/** A file of printers: its rows as they are written, each value checked by itself. */
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { Failure } from '../base/errors.ts';
import { printable } from '../base/text.ts';
import { bareUuid } from './found-state.ts';
import { LARGEST_PRINTER_FILE, UUID } from './pinning.ts';

export const COLUMNS = ['NAME', 'URI', 'KEY', 'UUID', 'DEVICE-ID', 'INFO', 'LOCATION', 'FORMATS'] as const;
type Column = (typeof COLUMNS)[number];

export interface PrinterRow {
  /** In the file, 1 is the header. */
  readonly line: number;
  readonly name: string;
  /** Empty for a printer of the configuration, of which only the key is pinned. */
  readonly uri: string;
  readonly key?: string;
  readonly uuid?: string;
  readonly deviceId?: string;
  readonly info: string;
  readonly location: string;
  readonly formats: readonly string[];
  /** What is wrong with it. */
  readonly problem?: string;
}

export const MOST_ROWS = 5000;
const LONGEST_VALUE = 1023;

/** @throws Failure `bad-file` for what is no such file at all */
export function readRows(content: Buffer): PrinterRow[] {
  if (content.length > LARGEST_PRINTER_FILE) throw bad('it has more than 1 MiB');
  if (!isUtf8(content)) throw bad('it is not UTF-8', 'Save it as "CSV UTF-8"');
  const records = recordsOf(content);
  const [header, ...rest] = records;
  if (header === undefined || rest.length === 0) throw bad('it has no rows below its header');
  if (rest.length > MOST_ROWS) throw bad(`it has more than ${MOST_ROWS} rows`);
  const columns = columnsOf(header.record);
  return rest.map(({ record, info }) => rowOf(columns, record, info.lines));
}

interface Read {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function recordsOf(content: Buffer): Read[] {
  const [first = ''] = content.subarray(0, 4096).toString().split('\n', 1);
  // Spreadsheets write what their language has for lists.
  const delimiter = [';', '\t'].find((each) => first.includes(each)) ?? ',';
  try {
    return parse(content, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 16_384,
    }) as unknown as Read[];
  } catch (cause) {
    throw bad(`it is no CSV: ${printable(cause instanceof Error ? cause.message : '', 120)}`);
  }
}

function columnsOf(header: readonly string[]): readonly Column[] {
  const columns = header.map((text) => {
    const found = COLUMNS.find((each) => each === text.toUpperCase());
    if (found === undefined) {
      throw bad(`it has the unknown column "${printable(text, 40)}"`, `Known are ${COLUMNS.join(', ')}`);
    }
    return found;
  });
  if (new Set(columns).size < columns.length) throw bad('a column stands there twice');
  if (!columns.includes('NAME') || !columns.includes('URI')) {
    throw bad('it lacks the column NAME or URI', `Its first line names the columns: ${COLUMNS.join(',')}`);
  }
  return columns;
}

function rowOf(columns: readonly Column[], record: readonly string[], line: number): PrinterRow {
  const value = (column: Column): string => record[columns.indexOf(column)] ?? '';
  const key = value('KEY').replaceAll(/[:\s]/g, '').toLowerCase();
  const uuid = bareUuid(value('UUID'));
  const deviceId = value('DEVICE-ID');
  const problem =
    record.length > columns.length
      ? 'it has more values than there are columns'
      : record.some((each) => each.length > LONGEST_VALUE)
        ? `a value is longer than ${LONGEST_VALUE} characters`
        : key !== '' && !/^[0-9a-f]{64}$/.test(key)
          ? 'KEY is no SHA-256: 64 hexadecimal digits'
          : uuid !== '' && !UUID.test(uuid)
            ? 'UUID is none'
            : undefined;
  return {
    line,
    name: value('NAME'),
    uri: value('URI'),
    ...(key === '' ? {} : { key }),
    ...(uuid === '' ? {} : { uuid }),
    ...(deviceId === '' ? {} : { deviceId }),
    info: value('INFO'),
    location: value('LOCATION'),
    formats: value('FORMATS')
      .split(/[\s|]+/)
      .filter((each) => each !== ''),
    ...(problem === undefined ? {} : { problem }),
  };
}

const bad = (message: string, advice?: string): Failure =>
  new Failure('bad-file', `the file cannot be imported: ${message}`, advice === undefined ? {} : { advice });
