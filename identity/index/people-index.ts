/**
 * Everything about people that is asked while somebody waits, in memory. An index that is being read never changes:
 * changes are made on a fork of it, which then takes its place as a whole.
 */
import { CREDENTIAL_KEY_LENGTH, type CredentialKey } from '../credential.ts';
import type { PersonKey } from '../people/draft.ts';
import { type Person, type PersonId, userNameKey } from '../person.ts';
import {
  type IndexedPerson,
  isActive,
  type PersonRecord,
  pack,
  Records,
  type Standing,
  unpack,
  unpackAll,
} from './records.ts';
import { SlotTable } from './slot-table.ts';
import type { WordReader } from './words.ts';

/** The store's own number of a person: 1, 2, 3 …, never given twice; small, so that tables can hold it in a word. */
export type PersonNumber = number;

const KEY_WORDS = CREDENTIAL_KEY_LENGTH / 4;
/** Ends of credentials are kept to the minute: a word of the table holds minutes for 4,000 years. */
const MINUTE = 60_000;
const LATEST = 2 ** 31 - 2;

/** Whom a credential stands for. */
export interface Holder {
  readonly number: PersonNumber;
  readonly person: Person;
  /** False: disabled, expired, or the credential's time is over. */
  readonly active: boolean;
}

interface IndexParts {
  readonly records: Records;
  readonly credentials: SlotTable;
  readonly expiries: SlotTable;
  readonly barred: SlotTable;
  readonly ids: SlotTable;
  readonly sourceIds: SlotTable;
  readonly userNames: SlotTable;
  readonly emails: SlotTable;
}

function emptyParts(): IndexParts {
  const byKey = () => new SlotTable(KEY_WORDS);
  const byHash = () => new SlotTable(1);
  return {
    records: new Records(),
    credentials: byKey(),
    expiries: byKey(),
    barred: byKey(),
    ids: byHash(),
    sourceIds: byHash(),
    userNames: byHash(),
    emails: byHash(),
  };
}

export class PeopleIndex {
  readonly #records: Records;
  readonly #credentials: SlotTable;
  /** Ends of those few credentials that end. */
  readonly #expiries: SlotTable;
  /** Revoked credentials, with the person who does not get them again. */
  readonly #barred: SlotTable;
  readonly #ids: SlotTable;
  readonly #sourceIds: SlotTable;
  readonly #userNames: SlotTable;
  readonly #emails: SlotTable;
  /** For the key being looked up, so that a look-up allocates nothing. */
  readonly #key = new Int32Array(KEY_WORDS);
  readonly #hash = new Int32Array(1);

  constructor(parts?: IndexParts) {
    const { records, credentials, expiries, barred, ids, sourceIds, userNames, emails } =
      parts ?? emptyParts();
    this.#records = records;
    this.#credentials = credentials;
    this.#expiries = expiries;
    this.#barred = barred;
    this.#ids = ids;
    this.#sourceIds = sourceIds;
    this.#userNames = userNames;
    this.#emails = emails;
  }

  /** The same people, for writing. This index can only be read from now on. Costs little: both share what is equal. */
  fork(): PeopleIndex {
    return new PeopleIndex({
      records: this.#records.fork(),
      credentials: this.#credentials.fork(),
      expiries: this.#expiries.fork(),
      barred: this.#barred.fork(),
      ids: this.#ids.fork(),
      sourceIds: this.#sourceIds.fork(),
      userNames: this.#userNames.fork(),
      emails: this.#emails.fork(),
    });
  }

  /** Everything as words, which {@link restore} takes. Nothing may be written to the index meanwhile, but to forks of it. */
  *dump(): Generator<Int32Array> {
    yield* this.#records.dump();
    yield* this.#credentials.dump();
    yield* this.#expiries.dump();
    yield* this.#barred.dump();
    yield* this.#ids.dump();
    yield* this.#sourceIds.dump();
    yield* this.#userNames.dump();
    yield* this.#emails.dump();
  }

  static restore(from: WordReader): PeopleIndex {
    return new PeopleIndex({
      records: Records.restore(from),
      credentials: SlotTable.restore(from),
      expiries: SlotTable.restore(from),
      barred: SlotTable.restore(from),
      ids: SlotTable.restore(from),
      sourceIds: SlotTable.restore(from),
      userNames: SlotTable.restore(from),
      emails: SlotTable.restore(from),
    });
  }

  /** People. */
  get size(): number {
    return this.#ids.size;
  }

  get credentials(): number {
    return this.#credentials.size;
  }

  /** Octets that the table of credentials takes. */
  get credentialOctets(): number {
    return this.#credentials.octets;
  }

  /** The hot path. @param now milliseconds since 1970 */
  holderOf(key: CredentialKey, now: number): Holder | undefined {
    const words = this.#words(key);
    const number = this.#credentials.find(words);
    const record = number < 0 ? undefined : this.#records.get(number);
    if (record === undefined) return undefined;
    const end = this.#expiries.find(words);
    return {
      number,
      person: unpack(record),
      active: isActive(record, now) && (end < 0 || now < end * MINUTE),
    };
  }

  /** Whoever has it though its own time is over. @param now milliseconds since 1970 */
  ownerOfEnded(key: CredentialKey, now: number): PersonNumber | undefined {
    if (this.#expiries.size === 0) return undefined;
    const end = this.#expiries.find(this.#words(key));
    return end >= 0 && end * MINUTE <= now ? this.ownerOf(key) : undefined;
  }

  /** Whoever has it, whether it signs them in or not. */
  byCredential(key: CredentialKey): Person | undefined {
    const number = this.#credentials.find(this.#words(key));
    return number < 0 ? undefined : this.byNumber(number);
  }

  /** Whether the person is there and may sign in. @param now milliseconds since 1970 */
  isActive(id: PersonId, now: number): boolean {
    const number = this.numberOf(id);
    const record = number === undefined ? undefined : this.#records.get(number);
    return record !== undefined && isActive(record, now);
  }

  /** Everything that the index has of a person. */
  entry(number: PersonNumber): IndexedPerson | undefined {
    const record = this.#records.get(number);
    return record === undefined ? undefined : unpackAll(record);
  }

  byNumber(number: PersonNumber): Person | undefined {
    const record = this.#records.get(number);
    return record === undefined ? undefined : unpack(record);
  }

  byId(id: PersonId): Person | undefined {
    const number = this.numberOf(id);
    return number === undefined ? undefined : this.byNumber(number);
  }

  numberOf(id: PersonId): PersonNumber | undefined {
    return this.#ids.findAll(this.#hashOf(id)).find((each) => this.#records.get(each)?.startsWith(id));
  }

  /** The person whom a source knows by that id. */
  withKey({ source, id }: PersonKey): PersonNumber | undefined {
    return this.#sourceIds.findAll(this.#hashOf(sourceText(source, id))).find((each) => {
      const entry = this.entry(each);
      return entry?.source === source && entry.sourceId === id;
    });
  }

  /** Everybody of a source. */
  *peopleOf(source: string): Generator<{ readonly number: PersonNumber; readonly sourceId: string }> {
    for (const [number, record] of this.#records.all()) {
      const entry = unpackAll(record);
      if (entry.source === source) yield { number, sourceId: entry.sourceId };
    }
  }

  ownerOf(key: CredentialKey): PersonNumber | undefined {
    const number = this.#credentials.find(this.#words(key));
    return number < 0 ? undefined : number;
  }

  /** Everybody with that user name, compared without regard to case. */
  withUserName(name: string): PersonNumber[] {
    const key = userNameKey(name);
    return this.#userNames
      .findAll(this.#hashOf(key))
      .filter((each) => userNameKey(this.byNumber(each)?.userName ?? '') === key);
  }

  /** @param email in lower case, not empty */
  withEmail(email: string): PersonNumber[] {
    return this.#emails.findAll(this.#hashOf(email)).filter((each) => this.byNumber(each)?.email === email);
  }

  /** Adds a person, or replaces what is known of one. */
  put(number: PersonNumber, person: Person & Partial<Standing>): void {
    this.putRecord(number, pack(person));
  }

  /** {@link put} for a person as the store hands it over. */
  putRecord(number: PersonNumber, record: PersonRecord): void {
    this.#unlist(number);
    const { id, userName, email, source, sourceId } = unpackAll(record);
    this.#records.set(number, record);
    this.#ids.add(this.#hashOf(id), number);
    this.#sourceIds.add(this.#hashOf(sourceText(source, sourceId)), number);
    this.#userNames.add(this.#hashOf(userNameKey(userName)), number);
    if (email !== '') this.#emails.add(this.#hashOf(email), number);
  }

  /** Takes a person away; their credentials must have been taken away before. */
  remove(number: PersonNumber): void {
    this.#unlist(number);
    this.#records.set(number, undefined);
  }

  /** @throws Error when the key is there already: one credential never means two people. */
  addCredential(key: CredentialKey, number: PersonNumber, expiresAt?: number): void {
    const words = this.#words(key);
    if (this.#credentials.find(words) >= 0) throw new Error('a credential is added twice');
    this.#credentials.add(words, number);
    if (expiresAt) this.#expiries.add(words, Math.min(Math.floor(expiresAt / MINUTE), LATEST));
  }

  removeCredential(key: CredentialKey, number: PersonNumber): void {
    const words = this.#words(key);
    this.#credentials.remove(words, number);
    const end = this.#expiries.size === 0 ? -1 : this.#expiries.find(words);
    if (end >= 0) this.#expiries.remove(words, end);
  }

  /** The person does not get it again from a source. */
  bar(key: CredentialKey, number: PersonNumber): void {
    if (!this.isBarred(key, number)) this.#barred.add(this.#words(key), number);
  }

  unbar(key: CredentialKey, number: PersonNumber): void {
    if (this.#barred.size > 0) this.#barred.remove(this.#words(key), number);
  }

  isBarred(key: CredentialKey, number: PersonNumber): boolean {
    return this.#barred.size > 0 && this.#barred.findAll(this.#words(key)).includes(number);
  }

  /** Whether somebody has it, or had it until it was revoked. */
  isTaken(key: CredentialKey): boolean {
    return this.#credentials.find(this.#words(key)) >= 0 || this.#barred.find(this.#words(key)) >= 0;
  }

  #unlist(number: PersonNumber): void {
    const before = this.entry(number);
    if (before === undefined) return;
    this.#ids.remove(this.#hashOf(before.id), number);
    this.#sourceIds.remove(this.#hashOf(sourceText(before.source, before.sourceId)), number);
    this.#userNames.remove(this.#hashOf(userNameKey(before.userName)), number);
    if (before.email !== '') this.#emails.remove(this.#hashOf(before.email), number);
  }

  #words(key: CredentialKey): Int32Array {
    for (let word = 0; word < KEY_WORDS; word++) this.#key[word] = key.readInt32LE(word * 4);
    return this.#key;
  }

  #hashOf(text: string): Int32Array {
    this.#hash[0] = textHash(text);
    return this.#hash;
  }
}

const sourceText = (source: string, id: string): string => `${source}\0${id}`;

/** FNV-1a over UTF-16 units, then MurmurHash3's finalizer: the table needs all 32 bits evenly spread. */
function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
