/** One row of an import file, whatever the format, each field checked by itself. */
import type { Secret } from '../../base/secrets/secret.ts';
import { LONGEST_EMAIL } from '../people/fields.ts';
import type { CsvRecord } from './csv.ts';
import type { Problems } from './problems.ts';

/** `PUT`: whoever is there is changed, and whoever is not is created. */
export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'PUT';

export const MOST_ROWS = 200_000;
/** RFC 8011 §5.1.3: `name` has at most 255 octets, so a longer one could never come with a job. */
export const LONGEST_NAME = 255;

/** A field that is undefined was empty, or its column is not there: what is known stays. */
export interface ImportRow {
  readonly line: number;
  readonly operation: Operation;
  /** In lower case; '' when the row has none. */
  readonly email: string;
  readonly userName: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly displayName?: string | undefined;
  readonly department?: string | undefined;
  readonly office?: string | undefined;
  readonly costCenter?: string | undefined;
  readonly restricted?: boolean | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  readonly cards?: readonly string[] | undefined;
  readonly codes?: readonly string[] | undefined;
  readonly pin?: string | undefined;
  readonly password?: Secret<string> | undefined;
}

/** How its columns are named in problems. */
export type ColumnOf = Readonly<
  Record<Exclude<keyof ImportRow, 'line' | 'operation' | 'office' | 'restricted'> | 'office', string>
>;

/** Makes rows of records. */
export interface RowReader {
  readonly rows: readonly ImportRow[];
  readonly columns: ColumnOf;
  /** What the directory says otherwise is left alone, not complained of: the list is of another system. */
  readonly credentialsOnly: boolean;
  take(record: CsvRecord): void;
  /** For the end of the file. */
  finish(): void;
}

/** One at sign with something on both sides, and nothing that would need quoting (RFC 5321 §4.1.2). */
const EMAIL = /^[^\s@"(),:;<>[\\\]\p{C}]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u;
/** Controls and line breaks; format characters too in a user name, where they would make two names look alike. */
const BAD_IN_TEXT = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const BAD_IN_USER_NAME = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Reads fields of one row, and complains of them with its line. */
export class Fields {
  readonly #line: number;
  readonly #problems: Problems;

  constructor(line: number, problems: Problems) {
    this.#line = line;
    this.#problems = problems;
  }

  complain(column: string | undefined, message: string): undefined {
    this.#problems.add(this.#line, column, message);
    return undefined;
  }

  email(column: string, text: string): string {
    const email = text.normalize('NFC').toLowerCase();
    if (email !== '' && (email.length > LONGEST_EMAIL || !EMAIL.test(email))) {
      const most = `at most ${LONGEST_EMAIL} characters`;
      this.complain(column, `is not an e-mail address; allowed is name@domain of ${most}`);
    }
    return email;
  }

  text(column: string, text: string, bad = BAD_IN_TEXT): string | undefined {
    const name = text.normalize('NFC');
    if (Buffer.byteLength(name) > LONGEST_NAME) {
      this.complain(column, `is too long; at most ${LONGEST_NAME} octets are allowed`);
    } else if (bad.test(name)) {
      this.complain(column, 'has a line break or another character that cannot be seen');
    }
    return name === '' ? undefined : name;
  }

  userName(column: string, text: string): string | undefined {
    return this.text(column, text, BAD_IN_USER_NAME);
  }

  /** Values that have a form of their own, told by `isRight`. Empty: undefined. */
  values(
    column: string,
    texts: readonly string[],
    isRight: (text: string) => boolean,
    form: string,
    most: number,
  ): readonly string[] | undefined {
    if (texts.length === 0) return undefined;
    if (!texts.every(isRight)) return this.complain(column, form);
    if (texts.length > most) return this.complain(column, `has more than ${most}`);
    return texts;
  }
}
