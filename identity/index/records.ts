/** People in memory: one string each, in pages, so that a million take 120 MB and not 1.3 GB as objects. */
import type { Language } from '../../base/i18n/languages.ts';
import { LOCAL } from '../people/draft.ts';
import type { Person, PersonId } from '../person.ts';
import type { WordReader } from './words.ts';

const PAGE = 1024;
const ID_LENGTH = 36;
const SEPARATOR = '\n';

/** What the index knows of a person beside what it tells. */
export interface Standing {
  /** The domain that the user name belongs to; empty for local people. */
  readonly domain: string;
  readonly source: string;
  /** The source's id of the person. */
  readonly sourceId: string;
  /** Empty when unknown. */
  readonly language: Language | '';
  readonly enabled: boolean;
  /** Milliseconds since 1970; from then on nobody signs in as this person. */
  readonly expiresAt?: number;
}

export interface IndexedPerson extends Person, Standing {}

/** A person as one string: id, user name, display name, e-mail, domain, source, source's id, language and state, a line each. */
export type PersonRecord = string;

const FIELDS = 9;
const DISABLED = '-';
/** Stands for a source's id that is the person's own, as local people's are. */
const SAME = '';

/** @param person somebody of whose standing nothing is said is local, and may sign in. @throws RangeError when a field has a line feed. */
export function pack(person: Person & Partial<Standing>): PersonRecord {
  const {
    id,
    userName,
    displayName,
    email,
    domain = '',
    source = LOCAL,
    sourceId = id,
    language = '',
  } = person;
  const own = sourceId === id ? SAME : sourceId;
  const fields = [id, userName, displayName, email, domain, source, own, language, stateOf(person)];
  const record = fields.join(SEPARATOR);
  if (record.split(SEPARATOR).length !== FIELDS) throw new RangeError("a person's field has a line feed");
  return record;
}

/** Empty for most; a sign-in reads nothing more. */
function stateOf({ enabled = true, expiresAt }: Partial<Standing>): string {
  return `${enabled ? '' : DISABLED}${expiresAt ?? ''}`;
}

export function unpack(record: PersonRecord): Person {
  const afterName = record.indexOf(SEPARATOR, ID_LENGTH + 1);
  const afterDisplayName = record.indexOf(SEPARATOR, afterName + 1);
  const afterEmail = record.indexOf(SEPARATOR, afterDisplayName + 1);
  return {
    id: record.slice(0, ID_LENGTH) as PersonId,
    userName: record.slice(ID_LENGTH + 1, afterName),
    displayName: record.slice(afterName + 1, afterDisplayName),
    email: record.slice(afterDisplayName + 1, afterEmail),
  };
}

/** Whether the person may sign in at that time. @param now milliseconds since 1970 */
export function isActive(record: PersonRecord, now: number): boolean {
  if (record.endsWith(SEPARATOR)) return true;
  const state = record.slice(record.lastIndexOf(SEPARATOR) + 1);
  return !state.startsWith(DISABLED) && now < Number(state);
}

export function unpackAll(record: PersonRecord): IndexedPerson {
  const [, , , , domain = '', source = '', sourceId = '', language = '', state = ''] =
    record.split(SEPARATOR);
  const person = unpack(record);
  const enabled = !state.startsWith(DISABLED);
  const expiry = enabled ? state : state.slice(DISABLED.length);
  return {
    ...person,
    domain,
    source,
    sourceId: sourceId === SAME ? person.id : sourceId,
    language: language as Language | '',
    enabled,
    ...(expiry === '' ? {} : { expiresAt: Number(expiry) }),
  };
}

/** A page as it comes from a snapshot: one piece of UTF-8, of which a record is decoded when it is asked for. */
class PackedPage {
  readonly #ends: Int32Array;
  readonly #words: Int32Array;
  readonly #octets: Buffer;

  /** @param octets how many of the words are text */
  constructor(ends: Int32Array, words: Int32Array, octets: number) {
    this.#ends = ends;
    this.#words = words;
    this.#octets = Buffer.from(words.buffer, words.byteOffset, octets);
  }

  get(at: number): PersonRecord | undefined {
    const end = this.#ends[at] ?? 0;
    const begin = at === 0 ? 0 : (this.#ends[at - 1] ?? 0);
    return end > begin ? this.#octets.toString('utf8', begin, end) : undefined;
  }

  slice(): (PersonRecord | undefined)[] {
    return Array.from(this.#ends, (_, at) => this.get(at));
  }

  *dump(): Generator<Int32Array> {
    yield Int32Array.of(this.#ends.length, this.#octets.length);
    yield this.#ends;
    yield this.#words;
  }
}

function* dumpOf(records: readonly (PersonRecord | undefined)[]): Generator<Int32Array> {
  const ends = new Int32Array(records.length);
  const text = Buffer.from(records.join(''));
  let end = 0;
  for (const [at, record] of records.entries()) {
    end += record === undefined ? 0 : Buffer.byteLength(record);
    ends[at] = end;
  }
  const words = new Int32Array(Math.ceil(end / 4));
  text.copy(Buffer.from(words.buffer));
  yield Int32Array.of(records.length, end);
  yield ends;
  yield words;
}

type Page = (PersonRecord | undefined)[] | PackedPage;

/** Records by their person's number. A fork shares the pages until it writes to them. */
export class Records {
  readonly #pages: Page[];
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
    const page = this.#pages[Math.floor(number / PAGE)];
    return page instanceof PackedPage ? page.get(number % PAGE) : page?.[number % PAGE];
  }

  set(number: number, record: PersonRecord | undefined): void {
    if (this.#readOnly) throw new Error('records that were forked are written to');
    const index = Math.floor(number / PAGE);
    while (this.#pages.length <= index) this.#pages.push([]);
    const present = this.#pages[index] ?? [];
    const page = this.#own.has(index) && !(present instanceof PackedPage) ? present : present.slice();
    this.#pages[index] = page;
    this.#own.add(index);
    while (page.length < number % PAGE) page.push(undefined);
    page[number % PAGE] = record;
  }

  /** Every record, by number; each by itself, so that the event loop may have its turn between any two. */
  *all(): Generator<readonly [number: number, record: PersonRecord]> {
    for (const [index, page] of this.#pages.entries()) {
      for (let at = 0; at < PAGE; at++) {
        const record = page instanceof PackedPage ? page.get(at) : page[at];
        if (record !== undefined) yield [index * PAGE + at, record];
      }
    }
  }

  /** The records as words, which {@link restore} takes: how many pages; for each its records, octets, ends, and text. */
  *dump(): Generator<Int32Array> {
    yield Int32Array.of(this.#pages.length);
    for (const page of this.#pages) yield* page instanceof PackedPage ? page.dump() : dumpOf(page);
  }

  static restore(from: WordReader): Records {
    const records = new Records();
    const [pages = 0] = from.take(1);
    for (let index = 0; index < pages; index++) {
      const [count = 0, octets = 0] = from.take(2);
      const ends = from.take(count);
      records.#pages.push(new PackedPage(ends, from.take(Math.ceil(octets / 4)), octets));
    }
    return records;
  }
}
