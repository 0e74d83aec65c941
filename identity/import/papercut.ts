/**
 * The rows of PaperCut's batch user file: tabs between the fields, no header, the columns in a fixed order
 * (https://www.papercut.com/help/manuals/ng-mf/applicationserver/user-import-update, "Batch user import file format").
 */
import { canonicalCard } from '../cards/card-number.ts';
import { canonicalCode } from '../credential.ts';
import type { CsvRecord } from './csv.ts';
import type { Problems } from './problems.ts';
import { type ColumnOf, Fields, type ImportRow, MOST_ROWS, type RowReader } from './row.ts';
import { CARD_PROBLEM, CODE_PROBLEM, PIN_PROBLEM } from './rows.ts';

const COLUMNS = [
  'Username',
  'Credit balance',
  'Restricted status',
  'Full name',
  'Email address',
  'Department',
  'Office',
  'Primary card/ID number',
  'Card/ID PIN',
  'Notes',
  'Secondary card/ID number',
  'Other email addresses',
  'Username alias',
  'Home folder',
] as const;
type Column = (typeof COLUMNS)[number];

/** What the two numbers of a person are: PaperCut has one kind for both. */
export interface Numbers {
  readonly primary: 'card' | 'code';
  readonly secondary: 'card' | 'code';
}

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
  #first = true;

  constructor(problems: Problems, numbers: Numbers) {
    this.#problems = problems;
    this.#numbers = numbers;
  }

  take(record: CsvRecord): void {
    const { line, fields } = record;
    const first = this.#first;
    this.#first = false;
    if (this.#problems.refused) return;
    if (first && fields.length === 1 && (fields[0] ?? '').includes(',')) {
      this.#problems.refuse(line, undefined, 'the line has no tabs; PaperCut writes tabs between the fields');
      return;
    }
    // Some write a line with the names of the columns.
    if (first && /^user\s?name$/i.test((fields[0] ?? '').trim()) && fields.length > 1) return;
    if (fields.every((field) => field.trim() === '')) return;
    if (fields.slice(COLUMNS.length).some((field) => field.trim() !== '')) {
      this.#problems.add(line, undefined, `the row has ${fields.length} fields; there are ${COLUMNS.length}`);
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
    if (this.#first && this.#problems.count === 0) {
      this.#problems.refuse(1, undefined, 'the file has no rows');
    }
  }

  #readRow({ line, fields: values }: CsvRecord): ImportRow | undefined {
    const before = this.#problems.count;
    const fields = new Fields(line, this.#problems);
    const field = (column: Column) => (values[COLUMNS.indexOf(column)] ?? '').trim();
    const text = (column: Column) => fields.text(column, field(column));
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

  #numbersOf(field: (column: Column) => string, fields: Fields): Pick<ImportRow, 'cards' | 'codes'> {
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
