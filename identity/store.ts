/** Where people are kept: the port. One contract test (`test/contracts/identity-store.test.ts`) holds for every store. */
import type { MessagePort } from 'node:worker_threads';
import { Hours } from '../base/units.ts';
import type { CodeDelivery } from './codes/mails/rows.ts';
import type { CredentialKey, CredentialKind, CredentialRank } from './credential.ts';
import type { PersonNumber } from './index/people-index.ts';
import type { PersonRecord } from './index/records.ts';
import { LOCAL, type PersonDetails } from './people/draft.ts';
import type { Person, PersonId } from './person.ts';

export interface StoredPerson {
  readonly number: PersonNumber;
  readonly person: Person;
  /** Left out: they stay as they were; of somebody new they are {@link plainDetails}. */
  readonly details?: PersonDetails;
}

/** A person as read from the store. */
export interface StoredProfile extends Required<StoredPerson> {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** 0: never. */
  readonly lastActivity: number;
}

/** Of a local person of whom nothing more is known. */
export function plainDetails(id: PersonId): PersonDetails {
  return {
    key: { source: LOCAL, id },
    domain: '',
    givenName: '',
    familyName: '',
    department: '',
    office: '',
    costCenter: '',
    language: '',
    groups: [],
    enabled: true,
    restricted: false,
    guest: false,
    attributes: {},
  };
}

/** Where a credential comes from: a source of people, or the gateway itself. */
export const HERE = 'here';

export interface StoredCredential {
  readonly key: CredentialKey;
  readonly owner: PersonNumber;
  readonly kind: CredentialKind;
  readonly rank: CredentialRank;
  /** The name of a source of people, or {@link HERE}. */
  readonly origin: string;
  /** Milliseconds since 1970; from then on it signs nobody in. */
  readonly expiresAt?: number;
}

/** A key that was revoked here: its owner does not get it again from a source. */
export interface BarredCredential {
  readonly key: CredentialKey;
  readonly owner: PersonNumber;
}

/**
 * A conflict that stands: what a source gives to somebody while somebody else has it. `owner`: who claims it, and has it as soon
 * as nobody else does.
 */
export type ClaimedCredential = Omit<StoredCredential, 'expiresAt'>;

/** Somebody who may sign in no more. */
export interface Leaver {
  readonly id: PersonId;
  /** Milliseconds since 1970. */
  readonly leftAt: number;
}

/** One change of any size, which is kept as a whole or not at all. Done in the order of the fields. */
export interface PeopleChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** People who go: their credentials and claims are erased; of themselves only id and times stay, and the number as taken. */
  readonly removed: readonly PersonNumber[];
  /** Credentials that people lose who stay. */
  readonly revoked: readonly CredentialKey[];
  /** New people, and people as they are now. */
  readonly people: readonly StoredPerson[];
  /** What is issued to somebody is no longer barred from them, nor claimed by them. */
  readonly issued: readonly StoredCredential[];
  /** Of those in `revoked`, and others: what their owners do not get again by themselves. */
  readonly barred?: readonly BarredCredential[];
  /** Claims that are over otherwise. */
  readonly unclaimed?: readonly Pick<ClaimedCredential, 'key' | 'owner'>[];
  /** Behind those that stand; one that stands already keeps its place. */
  readonly claimed?: readonly ClaimedCredential[];
  /** Mails that bring codes of this change to their people. */
  readonly delivery?: CodeDelivery;
  /** New people wait for a code, see `codes/new-people.ts`. */
  readonly awaitsCodes?: boolean;
}

/** A change that was put aside, with what its commit has to know. */
export interface StagedChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How much was put aside, so that a lost part is noticed. */
  readonly rows: number;
  /** Number of the plan whose mails are among it; 0: of none. */
  readonly plan: number;
  readonly awaitsCodes: boolean;
  /** Whether people go. */
  readonly removes: boolean;
}

/** Claims of a source. */
export interface ClaimsListing {
  readonly count: number;
  readonly claims: readonly ClaimedCredential[];
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
  /** Milliseconds since 1970; 0: never. */
  readonly expiries: Float64Array;
}

export const FIRST_GENERATION = 1;

/** Somebody who was removed. If the source has them again they are who they were. */
export interface GonePerson {
  readonly number: PersonNumber;
  readonly id: PersonId;
  /** The source's. */
  readonly sourceId: string;
}

/** For so long it is known which person of a source it was who went; then nothing but the gateway's own id is left. */
export const FORGOTTEN_AFTER = Hours(24);

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
  /** Numbers of the people who have a PIN, ascending. */
  pinHolders(): Promise<Uint32Array>;
  credentialsOf(owners: readonly PersonNumber[]): Promise<StoredCredential[]>;
  /** Everything of those of them who are there, by number; groups by name. */
  profilesOf(numbers: readonly PersonNumber[]): Promise<StoredProfile[]>;
  /** By number. */
  barred(): Promise<BarredCredential[]>;
  /** What those people claim. */
  claimsBy(owners: readonly PersonNumber[]): Promise<ClaimedCredential[]>;
  /** Who claims those, one key after the other, of each at most `most`, first come first. */
  claimsOn(keys: readonly CredentialKey[], most: number): Promise<ClaimedCredential[]>;
  /** How many claims that source makes, and at most `limit` of them, first come first. */
  claimsOfSource(source: string, limit: number): Promise<ClaimsListing>;
  /** People who were removed, and who have not been gone for so long that they are forgotten. */
  goneWith(source: string, ids: readonly string[]): Promise<GonePerson[]>;
  /** Disabled and removed since then, in any order. @param since milliseconds since 1970 */
  leftSince(since: number): Promise<Leaver[]>;
  /** How many people each source has. */
  sources(): Promise<ReadonlyMap<string, number>>;
  /** When people signed in last. */
  noteActivity(seen: readonly { readonly number: PersonNumber; readonly at: number }[]): Promise<void>;
  /**
   * {@link FIRST_GENERATION} until something was changed; then a random number that every change makes anew, so that two
   * databases with the same one have the same people, whatever backup they come from.
   */
  generation(): Promise<number>;
  /** People by user name without regard to case, then by id. */
  list(listing: PeopleListing): Promise<Person[]>;
  /** Puts a change aside; nothing is changed by it. It takes the place of the one that was put aside before. */
  stage(change: PeopleChange): Promise<StagedChange>;
  /**
   * Carries out what was put aside, as a whole or not at all. One change at a time: the caller waits for the one before.
   * @throws Failure `credential-taken` when a key is issued that somebody has; `no-such-plan`.
   */
  commit(staged: StagedChange): Promise<void>;
  /** A port by which another thread reaches the same store (`DatabaseBranch`); left out where none can. */
  branch?(): MessagePort;
}

/** {@link IdentityStore.stage} and {@link IdentityStore.commit} in one. */
export async function applyChange(store: IdentityStore, change: PeopleChange): Promise<void> {
  await store.commit(await store.stage(change));
}
