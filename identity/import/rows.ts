/** The rows of a file in Lexmark's format, with columns for card, code and PIN behind it. */
import { Secret } from '../../base/secrets/secret.ts';
import { nearest } from '../../base/text.ts';
import { canonicalCard } from '../cards/card-number.ts';
import { CODE_FORM, canonicalCode } from '../credential.ts';
import { canonicalPassword } from '../passwords/local-passwords.ts';
import { LONGEST_ATTRIBUTE, MOST_ATTRIBUTES, MOST_CREDENTIALS, MOST_GROUPS } from '../people/draft.ts';
import { attributesOf, fromCell, listOf } from './cells.ts';
import type { CsvRecord } from './csv.ts';
import type { Problems } from './problems.ts';
import { type ColumnOf, Fields, type ImportRow, LONGEST_NAME, MOST_ROWS, type RowReader } from './row.ts';

/** In the order of Lexmark's header. */
export const LEXMARK_COLUMNS = [
  'EMAIL',
  'OPERATION',
  'PASSWORD',
  'FIRST_NAME',
  'LAST_NAME',
  'DISPLAY_NAME',
  'SHORTNAME',
  'GROUPS',
  'CUSTOM_ATTRIBUTES',
  'COST_CENTER',
  'DEPARTMENT',
] as const;
const COLUMNS = [...LEXMARK_COLUMNS, 'CARD', 'CODE', 'PIN'] as const;
type Column = (typeof COLUMNS)[number];
const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE'] as const;

export const CARD_PROBLEM = 'is not a card number';
export const CODE_PROBLEM = `is not a code; allowed are ${CODE_FORM} (a spreadsheet may have dropped leading zeros)`;
export const PIN_PROBLEM = `is not a PIN; allowed are ${CODE_FORM} (a spreadsheet may have dropped leading zeros)`;
const LIST_PROBLEM = 'is not a list; allowed are names with commas between them, or ["one","two"]';
const ATTRIBUTES_PROBLEM = `is not a list of attributes; allowed are {"name":"value"} and {'name':'value'}`;

export class LexmarkRows implements RowReader {
  readonly rows: ImportRow[] = [];
  readonly credentialsOnly = false;
  readonly columns: ColumnOf = {
    email: 'EMAIL',
    userName: 'SHORTNAME',
    givenName: 'FIRST_NAME',
    familyName: 'LAST_NAME',
    displayName: 'DISPLAY_NAME',
    department: 'DEPARTMENT',
    office: 'OFFICE',
    costCenter: 'COST_CENTER',
    groups: 'GROUPS',
    attributes: 'CUSTOM_ATTRIBUTES',
    cards: 'CARD',
    codes: 'CODE',
    pin: 'PIN',
    password: 'PASSWORD',
  };
  readonly #problems: Problems;
  #places: ReadonlyMap<Column, number> | undefined;
  #width = 0;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  take(record: CsvRecord): void {
    if (this.#places === undefined) {
      this.#places = this.#readHeader(record);
      this.#width = record.fields.length;
      return;
    }
    // When the header is wrong there is nothing to say of the rows.
    if (this.#problems.refused) return;
    if (record.fields.every((field) => field.trim() === '')) return;
    if (record.fields.slice(this.#width).some((field) => field.trim() !== '')) {
      const { length } = record.fields;
      const message = `the row has ${length} fields, the header has ${this.#width}`;
      return this.#problems.add(record.line, undefined, message);
    }
    if (this.rows.length >= MOST_ROWS) {
      this.#problems.refuse(record.line, undefined, `the file has more than ${MOST_ROWS} rows; split it`);
      return;
    }
    const row = this.#readRow(record);
    if (row !== undefined) this.rows.push(row);
  }

  finish(): void {
    if (this.#places === undefined && this.#problems.count === 0) {
      this.#problems.refuse(1, undefined, 'the file has no header');
    }
  }

  #readHeader({ line, fields }: CsvRecord): ReadonlyMap<Column, number> {
    const places = new Map<Column, number>();
    const names = fields.map((field) => field.trim().toUpperCase());
    if (!names.some((name) => isColumn(name))) {
      const separated = /[;\t]/.test(fields[0] ?? '') ? ', separated by commas' : '';
      const message = `the first line must name the columns${separated}: ${listed(COLUMNS)}`;
      this.#problems.refuse(line, undefined, message);
      return places;
    }
    for (const [index, name] of names.entries()) {
      if (!isColumn(name)) this.#problems.refuse(line, undefined, unknownColumn(name, index));
      else if (places.has(name)) this.#problems.refuse(line, name, 'the column is there twice');
      else places.set(name, index);
    }
    for (const name of ['EMAIL', 'OPERATION'] as const) {
      if (!places.has(name)) this.#problems.refuse(line, name, 'the column is missing');
    }
    return places;
  }

  #readRow(record: CsvRecord): ImportRow | undefined {
    const { line } = record;
    const before = this.#problems.count;
    const fields = new Fields(line, this.#problems);
    const operation = this.#operation(record, fields);
    const email = fields.email('EMAIL', this.#field(record, 'EMAIL'));
    const userName = fields.userName('SHORTNAME', this.#field(record, 'SHORTNAME'));
    if (email === '' && userName === undefined) {
      fields.complain('EMAIL', 'is empty, and so is SHORTNAME; a row needs one of them');
    }
    // The other fields of somebody who goes mean nothing.
    const rest = operation === 'DELETE' ? {} : this.#rest(record, fields);
    if (operation === undefined || this.#problems.count > before) return undefined;
    return { line, operation, email, userName, ...rest };
  }

  #rest(record: CsvRecord, fields: Fields): Partial<ImportRow> {
    const text = (column: Column) => fields.text(column, this.#field(record, column));
    const list = (column: Column) => listOf(this.#field(record, column)) ?? [''];
    const [pin] =
      fields.values('PIN', list('PIN'), (each) => canonicalCode(each) !== undefined, PIN_PROBLEM, 1) ?? [];
    return {
      givenName: text('FIRST_NAME'),
      familyName: text('LAST_NAME'),
      displayName: text('DISPLAY_NAME'),
      department: text('DEPARTMENT'),
      costCenter: text('COST_CENTER'),
      groups: this.#groups(record, fields),
      attributes: this.#attributes(record, fields),
      cards: fields.values(
        'CARD',
        list('CARD'),
        (each) => canonicalCard(each) !== undefined,
        CARD_PROBLEM,
        MOST_CREDENTIALS,
      ),
      codes: fields.values(
        'CODE',
        list('CODE'),
        (each) => canonicalCode(each) !== undefined,
        CODE_PROBLEM,
        MOST_CREDENTIALS,
      ),
      pin,
      password: this.#password(record, fields),
    };
  }

  #operation(record: CsvRecord, fields: Fields): ImportRow['operation'] | undefined {
    const text = this.#field(record, 'OPERATION').toUpperCase();
    const operation = OPERATIONS.find((each) => each === text);
    if (operation !== undefined) return operation;
    const what = text === '' ? 'empty' : 'unknown';
    return fields.complain('OPERATION', `is ${what}; allowed are ${listed(OPERATIONS)}`);
  }

  #groups(record: CsvRecord, fields: Fields): string[] | undefined {
    const text = this.#field(record, 'GROUPS');
    if (text === '') return undefined;
    const groups = listOf(text);
    if (groups === undefined) return fields.complain('GROUPS', LIST_PROBLEM);
    if (groups.length > MOST_GROUPS) return fields.complain('GROUPS', `has more than ${MOST_GROUPS}`);
    return groups.flatMap((name) => fields.text('GROUPS', name.trim()) ?? []);
  }

  #attributes(record: CsvRecord, fields: Fields): Record<string, string> | undefined {
    const column = 'CUSTOM_ATTRIBUTES';
    const text = this.#field(record, column);
    if (text === '') return undefined;
    const attributes = attributesOf(text);
    if (attributes === undefined) return fields.complain(column, ATTRIBUTES_PROBLEM);
    const entries = Object.entries(attributes);
    if (entries.length > MOST_ATTRIBUTES) return fields.complain(column, `has more than ${MOST_ATTRIBUTES}`);
    const right = entries.every(([name, value]) => isAttribute(name, value));
    if (right) return attributes;
    const bounds = `names of up to ${LONGEST_NAME} octets, values of up to ${LONGEST_ATTRIBUTE}`;
    return fields.complain(column, `has a name or a value that cannot be kept; allowed are ${bounds}`);
  }

  #password(record: CsvRecord, fields: Fields): Secret<string> | undefined {
    const place = this.#places?.get('PASSWORD');
    const text = place === undefined ? '' : (record.fields[place] ?? '');
    if (text === '') return undefined;
    try {
      return new Secret(canonicalPassword(text));
    } catch (error) {
      return fields.complain('PASSWORD', `is refused: ${error instanceof Error ? error.message : ''}`);
    }
  }

  /** Without the blanks around it; empty when the column is not there or the row ends before it. */
  #field(record: CsvRecord, column: Column): string {
    const place = this.#places?.get(column);
    return place === undefined ? '' : fromCell((record.fields[place] ?? '').trim());
  }
}

function isAttribute(name: string, value: string): boolean {
  const seen = /[\p{Cc}\p{Zl}\p{Zp}]/u;
  if (name.trim() === '' || /\p{Cf}/u.test(name) || seen.test(name) || seen.test(value)) return false;
  return Buffer.byteLength(name) <= LONGEST_NAME && Buffer.byteLength(value) <= LONGEST_ATTRIBUTE;
}

const isColumn = (name: string): name is Column => (COLUMNS as readonly string[]).includes(name);

/** Says a name back only when it is one of the format's: a file without a header has somebody's code there. */
function unknownColumn(name: string, index: number): string {
  const meant = nearest(name.slice(0, 64), COLUMNS);
  const guess = meant === undefined ? '' : ` (${meant}?)`;
  return `column ${index + 1} of the header is unknown${guess}; known are ${listed(COLUMNS)}`;
}

const listed = (names: readonly string[]): string => names.join(', ');
