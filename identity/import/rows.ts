/** The rows of an import file, each field checked by itself. The columns are Lexmark's, as far as this version reads them. */
import { nearest } from '../../base/text.ts';
import { CODE_FORM, type CredentialKey, canonicalCode } from '../credential.ts';
import type { CsvRecord } from './csv.ts';
import type { Problems } from './problems.ts';

const COLUMNS = ['EMAIL', 'OPERATION', 'SHORTNAME', 'DISPLAY_NAME', 'CODE'] as const;
type Column = (typeof COLUMNS)[number];
/** Of the format, but not read yet. */
const OTHER_COLUMNS = [
  'PASSWORD',
  'FIRST_NAME',
  'LAST_NAME',
  'GROUPS',
  'CUSTOM_ATTRIBUTES',
  'COST_CENTER',
  'DEPARTMENT',
  'CARD',
  'PIN',
];
const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE'] as const;
type Operation = (typeof OPERATIONS)[number];

export const MOST_ROWS = 200_000;
/** RFC 5321 §4.5.3.1.3: a path of 256 octets less its brackets. */
const LONGEST_EMAIL = 254;
/** RFC 8011 §5.1.3: `name` has at most 255 octets, so a longer one could never come with a job. */
const LONGEST_NAME = 255;

/** One at sign with something on both sides, and nothing that would need quoting (RFC 5321 §4.1.2). */
const EMAIL = /^[^\s@"(),:;<>[\\\]\p{C}]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u;
/** Controls and line breaks; format characters too in a user name, where they would make two names look alike. */
const BAD_IN_DISPLAY_NAME = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const BAD_IN_USER_NAME = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A field that is undefined was empty, or its column is not there: what is known stays. */
export interface ImportRow {
  readonly line: number;
  readonly operation: Operation;
  /** In lower case. */
  readonly email: string;
  readonly userName: string | undefined;
  readonly displayName: string | undefined;
  readonly code: CredentialKey | undefined;
}

export class RowReader {
  readonly rows: ImportRow[] = [];
  readonly #problems: Problems;
  readonly #keyOf: (code: string) => CredentialKey;
  #places: ReadonlyMap<Column, number> | undefined;
  #width = 0;
  #tooMany = false;

  /** @param keyOf turns a canonical code into what is kept of it; the code itself goes no further than this. */
  constructor(problems: Problems, keyOf: (code: string) => CredentialKey) {
    this.#problems = problems;
    this.#keyOf = keyOf;
  }

  take(record: CsvRecord): void {
    if (this.#places === undefined) {
      this.#places = this.#readHeader(record);
      this.#width = record.fields.length;
      return;
    }
    // Without the two columns that every row needs there is nothing to say of the rows.
    if (!this.#places.has('EMAIL') || !this.#places.has('OPERATION') || this.#tooMany) return;
    if (record.fields.every((field) => field.trim() === '')) return;
    if (record.fields.length !== this.#width) {
      this.#problems.add(
        record.line,
        undefined,
        `the row has ${record.fields.length} fields, the header has ${this.#width}`,
      );
      return;
    }
    if (this.rows.length >= MOST_ROWS) {
      this.#tooMany = true;
      this.#problems.add(record.line, undefined, `the file has more than ${MOST_ROWS} rows; split it`);
      return;
    }
    const row = this.#readRow(record);
    if (row !== undefined) this.rows.push(row);
  }

  /** For the end of the file. */
  finish(): void {
    if (this.#places === undefined && this.#problems.count === 0) {
      this.#problems.add(1, undefined, 'the file has no header');
    }
  }

  #readHeader({ line, fields }: CsvRecord): ReadonlyMap<Column, number> {
    const places = new Map<Column, number>();
    const names = fields.map((field) => field.trim().toUpperCase());
    if (!names.some((name) => isColumn(name))) {
      const separated = /[;\t]/.test(fields[0] ?? '') ? ', separated by commas' : '';
      this.#problems.add(
        line,
        undefined,
        `the first line must name the columns${separated}: ${listed(COLUMNS)}`,
      );
      return places;
    }
    for (const [index, name] of names.entries()) {
      if (!isColumn(name)) this.#problems.add(line, ...unknownColumn(name, index));
      else if (places.has(name)) this.#problems.add(line, name, 'the column is there twice');
      else places.set(name, index);
    }
    for (const name of ['EMAIL', 'OPERATION'] as const) {
      if (!places.has(name)) this.#problems.add(line, name, 'the column is missing');
    }
    return places;
  }

  #readRow(record: CsvRecord): ImportRow | undefined {
    const { line } = record;
    const before = this.#problems.count;
    const operation = this.#operation(record);
    const email = this.#email(record);
    // The other fields of somebody who goes mean nothing.
    const goes = operation === 'DELETE';
    const userName = goes ? undefined : this.#name(record, 'SHORTNAME', BAD_IN_USER_NAME);
    const displayName = goes ? undefined : this.#name(record, 'DISPLAY_NAME', BAD_IN_DISPLAY_NAME);
    const code = goes ? undefined : this.#code(record);
    if (operation === 'CREATE' && this.#field(record, 'SHORTNAME') === '') {
      this.#problems.add(line, 'SHORTNAME', 'is empty; CREATE needs a user name');
    }
    if (operation === undefined || this.#problems.count > before) return undefined;
    return { line, operation, email, userName, displayName, code };
  }

  #operation(record: CsvRecord): Operation | undefined {
    const text = this.#field(record, 'OPERATION').toUpperCase();
    const operation = OPERATIONS.find((each) => each === text);
    if (operation === undefined) {
      this.#problems.add(
        record.line,
        'OPERATION',
        `is ${text === '' ? 'empty' : 'unknown'}; allowed are ${listed(OPERATIONS)}`,
      );
    }
    return operation;
  }

  #email(record: CsvRecord): string {
    const email = this.#field(record, 'EMAIL').normalize('NFC').toLowerCase();
    if (email === '') this.#problems.add(record.line, 'EMAIL', 'is empty; every row needs one');
    else if (email.length > LONGEST_EMAIL || !EMAIL.test(email)) {
      this.#problems.add(
        record.line,
        'EMAIL',
        `is not an e-mail address; allowed is name@domain of at most ${LONGEST_EMAIL} characters`,
      );
    }
    return email;
  }

  #name(record: CsvRecord, column: 'SHORTNAME' | 'DISPLAY_NAME', bad: RegExp): string | undefined {
    const name = this.#field(record, column).normalize('NFC');
    if (Buffer.byteLength(name) > LONGEST_NAME) {
      this.#problems.add(record.line, column, `is too long; at most ${LONGEST_NAME} octets are allowed`);
    } else if (bad.test(name)) {
      this.#problems.add(record.line, column, 'has a line break or another character that cannot be seen');
    }
    return name === '' ? undefined : name;
  }

  #code(record: CsvRecord): CredentialKey | undefined {
    const text = this.#field(record, 'CODE');
    if (text === '') return undefined;
    const code = canonicalCode(text);
    if (code !== undefined) return this.#keyOf(code);
    this.#problems.add(
      record.line,
      'CODE',
      `is not a code; allowed are ${CODE_FORM} (a spreadsheet may have dropped leading zeros)`,
    );
    return undefined;
  }

  /** Without the blanks around it; empty when the column is not there. */
  #field(record: CsvRecord, column: Column): string {
    const place = this.#places?.get(column);
    return place === undefined ? '' : (record.fields[place] ?? '').trim();
  }
}

const isColumn = (name: string): name is Column => (COLUMNS as readonly string[]).includes(name);

/** Says a name back only when it is one of the format's: a file without a header has somebody's code there. */
function unknownColumn(name: string, index: number): [column: string | undefined, message: string] {
  const known = `this version reads ${listed(COLUMNS)}`;
  if (OTHER_COLUMNS.includes(name)) return [name, `the column is not read yet; ${known}`];
  const meant = nearest(name.slice(0, 64), COLUMNS);
  return [
    undefined,
    `column ${index + 1} of the header is unknown${meant === undefined ? '' : ` (${meant}?)`}; ${known}`,
  ];
}

const listed = (names: readonly string[]): string => names.join(', ');
