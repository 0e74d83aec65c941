/** Where people are kept: the port. One contract test (`test/contracts/identity-store.test.ts`) holds for every store. */
import type { CredentialKey, CredentialKind, CredentialRank } from './credential.ts';
import type { PersonNumber } from './index/people-index.ts';
import type { PersonRecord } from './index/records.ts';
import type { Person } from './person.ts';

export interface StoredPerson {
  readonly number: PersonNumber;
  readonly person: Person;
}

export interface StoredCredential {
  readonly key: CredentialKey;
  readonly owner: PersonNumber;
  readonly kind: CredentialKind;
  readonly rank: CredentialRank;
}

/** One change of any size, which is kept as a whole or not at all. Done in the order of the fields. */
export interface PeopleChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** People who go: their credentials are erased; of themselves only id and times stay, and the number as taken. */
  readonly removed: readonly PersonNumber[];
  readonly revoked: readonly CredentialKey[];
  /** New people, and people as they are now. */
  readonly people: readonly StoredPerson[];
  readonly issued: readonly StoredCredential[];
}

/** People for the index, in columns: the number at [i] belongs to the record at [i]. */
export interface PeoplePage {
  readonly numbers: Uint32Array;
  readonly records: readonly PersonRecord[];
}

/** Credentials for the index, in columns: 16 octets at [16·i] belong to the owner at [i]. */
export interface CredentialPage {
  readonly keys: Uint8Array;
  readonly owners: Uint32Array;
}

/** Which part of the list of people. */
export interface PeopleListing {
  /** The last person of the part before; the list begins with the first when there is none. */
  readonly after?: Pick<Person, 'userName' | 'id'>;
  /** 1 to 1,000. */
  readonly limit: number;
}

export const LARGEST_LISTING = 1000;

/** Every promise of a write resolves when the write survives a power cut. */
export interface IdentityStore {
  /** The index key as it was sealed; undefined when none was kept yet. */
  readIndexKey(): Promise<Uint8Array | undefined>;
  /** Keeps the sealed index key, in place of the one before. */
  writeIndexKey(sealed: Uint8Array): Promise<void>;
  /** The highest number ever taken, by people who are gone too; 0 when there is none. */
  lastNumber(): Promise<PersonNumber>;
  /** People with numbers above `after`, ascending, at most `limit`; none when there are no more. */
  peoplePage(after: PersonNumber, limit: number): Promise<PeoplePage>;
  /** Credentials with keys behind `after`, ascending, at most `limit`; none when there are no more. */
  credentialPage(after: CredentialKey | undefined, limit: number): Promise<CredentialPage>;
  credentialsOf(owners: readonly PersonNumber[]): Promise<StoredCredential[]>;
  /** People by user name without regard to case, then by id. */
  list(listing: PeopleListing): Promise<Person[]>;
  /**
   * One change at a time: the caller waits for the one before.
   * @throws Failure `credential-taken` when a key is issued that somebody has.
   */
  apply(change: PeopleChange): Promise<void>;
}
