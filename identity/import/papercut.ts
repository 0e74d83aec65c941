/**
 * People as PaperCut has them: the CSV of its report "User list", whose first lines name the columns
 * (https://www.papercut.com/kb/Main/ImportingCardNumbers, "Exporting Card/ID numbers"), or its batch user file: tabs between
 * the fields, no header, the columns in a fixed order
 * (https://www.papercut.com/help/manuals/ng-mf/applicationserver/user-import-update, "Batch user import file format").
 */
import { canonicalCard } from '../cards/card-number.ts';
import { canonicalCode } from '../credential.ts';
import type { CsvRecord } from './csv.ts';
import { BATCH_COLUMNS, headerOf, type PaperCutColumn, type PaperCutPlaces } from './papercut-columns.ts';
import type { Problems } from './problems.ts';
import { type ColumnOf, Fields, type ImportRow, MOST_ROWS, type RowReader } from './row.ts';
import { CARD_PROBLEM, CODE_PROBLEM, PIN_PROBLEM } from './rows.ts';

/** What the two numbers of a person are: PaperCut has one kind for both. */
export interface Numbers {
  readonly primary: 'card' | 'code';
  readonly secondary: 'card' | 'code';
}

/** Records before the header of a report: its title, when and by whom it was made. */
const MOST_BEFORE_HEADER = 20;
const NOT_PAPERCUT =
  'the file is neither the CSV of the report "User list" (a line of it names the columns: Username, …) nor a batch user file (tabs between the fields)';

export class PaperCutRows implements RowReader {
  readonly rows: ImportRow[] = [];
  readonly credentialsOnly = true;
  readonly columns: ColumnOf = {
    email: 'Email address',
    userName: 'Username',
    givenName: 'Full name',
    familyName: 'Full name',
    displayName: 'Full name',
    department: 'Department',
    office: 'Office',
    costCenter: 'Department',
    groups: 'Department',
    attributes: 'Notes',
    cards: 'card/ID number',
    codes: 'card/ID number',
    pin: 'Card/ID PIN',
    password: 'Card/ID PIN',
  };
  readonly #problems: Problems;
  readonly #numbers: Numbers;
  #seen = 0;
  /** Undefined: still to come. */
  #places: PaperCutPlaces | undefined;
  #width = 0;

  constructor(problems: Problems, numbers: Numbers) {
    this.#problems = problems;
    this.#numbers = numbers;
  }

  take(record: CsvRecord): void {
    const { line, fields } = record;
    if (this.#problems.refused) return;
    if (this.#places === undefined) {
      this.#seen += 1;
      if (!this.#isFirstRow(record)) return;
    }
    if (fields.every((field) => field.trim() === '')) return;
    // Of one field alone the whole line would become a name, with somebody's number in it.
    if (fields.length === 1) {
      this.#problems.add(
        line,
        undefined,
        'the row has one field only; is the sign between the fields right?',
      );
      return;
    }
    if (fields.slice(this.#width).some((field) => field.trim() !== '')) {
      this.#problems.add(line, undefined, `the row has ${fields.length} fields; there are ${this.#width}`);
      return;
    }
    if (this.rows.length >= MOST_ROWS) {
      this.#problems.refuse(line, undefined, `the file has more than ${MOST_ROWS} rows; split it`);
      return;
    }
    const row = this.#readRow(record);
    if (row !== undefined) this.rows.push(row);
  }

  finish(): void {
    if (this.#places === undefined && this.#problems.count === 0) {
      this.#problems.refuse(1, undefined, this.#seen === 0 ? 'the file has no rows' : NOT_PAPERCUT);
    }
  }

  /** Finds out where the columns are; true when the record is a row already, which only a file with tabs begins with. */
  #isFirstRow({ line, fields, delimiter }: CsvRecord): boolean {
    const header = headerOf(fields);
    if (header !== undefined) {
      if ('problem' in header) this.#problems.refuse(line, undefined, header.problem);
      else this.#places = header.places;
      this.#width = fields.length;
      return false;
    }
    if (delimiter === '\t' && fields.length > 1) {
      this.#places = new Map(BATCH_COLUMNS.map((column, place) => [column, place]));
      this.#width = BATCH_COLUMNS.length;
      return true;
    }
    if (this.#seen > MOST_BEFORE_HEADER) this.#problems.refuse(line, undefined, NOT_PAPERCUT);
    return false;
  }

  #readRow({ line, fields: values }: CsvRecord): ImportRow | undefined {
    const before = this.#problems.count;
    const fields = new Fields(line, this.#problems);
    const field = (column: PaperCutColumn) => (values[this.#places?.get(column) ?? -1] ?? '').trim();
    const text = (column: PaperCutColumn) => fields.text(column, field(column));
    const userName = fields.userName('Username', field('Username'));
    if (userName === undefined) fields.complain('Username', 'is empty; every row needs one');
    const numbers = this.#numbersOf(field, fields);
    const pin = field('Card/ID PIN');
    if (pin !== '' && canonicalCode(pin) === undefined) fields.complain('Card/ID PIN', PIN_PROBLEM);
    const row: ImportRow = {
      line,
      operation: 'PUT',
      email: fields.email('Email address', field('Email address')),
      userName,
      displayName: text('Full name'),
      department: text('Department'),
      office: text('Office'),
      restricted: restrictedOf(field('Restricted status'), fields),
      ...numbers,
      pin: pin === '' ? undefined : pin,
    };
    return this.#problems.count > before ? undefined : row;
  }

  #numbersOf(field: (column: PaperCutColumn) => string, fields: Fields): Pick<ImportRow, 'cards' | 'codes'> {
    const cards: string[] = [];
    const codes: string[] = [];
    for (const [column, kind] of [
      ['Primary card/ID number', this.#numbers.primary],
      ['Secondary card/ID number', this.#numbers.secondary],
    ] as const) {
      const number = field(column);
      if (number === '') continue;
      const right = kind === 'card' ? canonicalCard(number) : canonicalCode(number);
      if (right === undefined) fields.complain(column, kind === 'card' ? CARD_PROBLEM : CODE_PROBLEM);
      else if (kind === 'card') cards.push(number);
      else codes.push(number);
    }
    return {
      cards: cards.length > 0 ? cards : undefined,
      codes: codes.length > 0 ? codes : undefined,
    };
  }
}

function restrictedOf(text: string, fields: Fields): boolean | undefined {
  if (text === '') return undefined;
  if (/^(y|yes|true)$/i.test(text)) return true;
  if (/^(n|no|false)$/i.test(text)) return false;
  return fields.complain('Restricted status', 'is unknown; allowed are Y and N');
}
