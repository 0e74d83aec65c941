/** People in memory: one string each, in pages, so that a million take 120 MB and not 1.3 GB as objects. */
import type { Person, PersonId } from '../person.ts';

const PAGE = 1024;
const ID_LENGTH = 36;
const SEPARATOR = '\n';

/** A person as one string: id, user name, display name and e-mail, a line each. */
export type PersonRecord = string;

/** @throws RangeError when a field has a line feed. */
export function pack({ id, userName, displayName, email }: Person): PersonRecord {
  const record = [id, userName, displayName, email].join(SEPARATOR);
  if (record.split(SEPARATOR).length !== 4) throw new RangeError("a person's field has a line feed");
  return record;
}

export function unpack(record: PersonRecord): Person {
  const afterName = record.indexOf(SEPARATOR, ID_LENGTH + 1);
  const afterDisplayName = record.indexOf(SEPARATOR, afterName + 1);
  return {
    id: record.slice(0, ID_LENGTH) as PersonId,
    userName: record.slice(ID_LENGTH + 1, afterName),
    displayName: record.slice(afterName + 1, afterDisplayName),
    email: record.slice(afterDisplayName + 1),
  };
}

/** Records by their person's number. A fork shares the pages until it writes to them. */
export class Records {
  readonly #pages: (PersonRecord | undefined)[][];
  /** Pages that nobody else reads. */
  readonly #own = new Set<number>();
  #readOnly = false;

  constructor(origin?: Records) {
    this.#pages = origin === undefined ? [] : origin.#pages.slice();
  }

  /** The same records, for writing. These can only be read from now on. */
  fork(): Records {
    this.#readOnly = true;
    return new Records(this);
  }

  get(number: number): PersonRecord | undefined {
    return this.#pages[Math.floor(number / PAGE)]?.[number % PAGE];
  }

  set(number: number, record: PersonRecord | undefined): void {
    if (this.#readOnly) throw new Error('records that were forked are written to');
    const index = Math.floor(number / PAGE);
    while (this.#pages.length <= index) this.#pages.push([]);
    if (!this.#own.has(index)) {
      this.#pages[index] = this.#pages[index]?.slice() ?? [];
      this.#own.add(index);
    }
    const page = this.#pages[index] ?? [];
    while (page.length < number % PAGE) page.push(undefined);
    page[number % PAGE] = record;
  }
}
