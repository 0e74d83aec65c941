/** Who people are: what is asked of the index and the store, and changes nothing. */
import type { Clock } from '../base/clock.ts';
import type { Language } from '../base/i18n/languages.ts';
import type { KeyedHash } from '../base/secrets/keyed-hash.ts';
import { canonicalCard } from './cards/card-number.ts';
import { shareInUse } from './codes/policy.ts';
import { CredentialKey, canonicalCode } from './credential.ts';
import { Turns } from './import/turns.ts';
import { withQualifiedName } from './index/qualified-name.ts';
import type { Snapshot } from './index/snapshot.ts';
import type { Leavers } from './leavers.ts';
import { standingConflicts } from './people/claims.ts';
import type { Conflicts, PersonKey, PersonProfile } from './people/draft.ts';
import { readProfiles } from './people/profiles.ts';
import type { Person, PersonId } from './person.ts';
import { type IdentityStore, LARGEST_LISTING, type PeopleListing } from './store.ts';

export interface LookUpsOptions {
  readonly store: IdentityStore;
  readonly hash: KeyedHash;
  readonly leavers: Leavers;
  readonly clock: Clock;
}

export class LookUps {
  readonly #options: LookUpsOptions;
  /** Replaced as a whole by every change. */
  protected current: Snapshot;
  /** Numbers of whoever has a PIN, ascending. */
  protected pinHolders: Uint32Array;

  constructor(options: LookUpsOptions, people: Snapshot, pinHolders: Uint32Array) {
    this.#options = options;
    this.current = people;
    this.pinHolders = pinHolders;
  }

  /** Undefined when there is no such person, or no more. Also people who are disabled: see {@link isActive}. */
  person(id: PersonId): Person | undefined {
    return this.current.index.byId(id);
  }

  /** Whether somebody is there, enabled and not expired: by the clock, at once. */
  isActive(id: PersonId): boolean {
    return this.current.index.isActive(id, this.#options.clock.now());
  }

  /** Whether the person has a PIN: from memory, at once. */
  hasPin(id: PersonId): boolean {
    const number = this.current.index.numberOf(id);
    if (number === undefined) return false;
    let from = 0;
    let to = this.pinHolders.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.pinHolders[middle] as number) < number) from = middle + 1;
      else to = middle;
    }
    return this.pinHolders[from] === number;
  }

  /** Since when somebody may not sign in; undefined while they may. Milliseconds since 1970; 0: longer than a day. */
  leftAt(id: PersonId): number | undefined {
    if (this.isActive(id)) return undefined;
    const number = this.current.index.numberOf(id);
    const entry = number === undefined ? undefined : this.current.index.entry(number);
    const toldAt = this.#options.leavers.leftAt(id);
    // An end that was set behind the present counts from when it was heard of.
    return entry?.enabled && entry.expiresAt !== undefined ? Math.max(entry.expiresAt, toldAt) : toldAt;
  }

  /**
   * The person with that user name, without regard to case: `name`, `DOMAIN\name` or `name@domain`, where DOMAIN is the
   * domain or its first label. Undefined when nobody has it, or more than one.
   */
  byUserName(name: string): Person | undefined {
    const [number, ...others] = withQualifiedName(this.current.index, name);
    return number === undefined || others.length > 0 ? undefined : this.current.index.byNumber(number);
  }

  /** Whether anybody has it, in whatever domain. */
  hasUserName(name: string): boolean {
    return this.current.index.withUserName(name).length > 0;
  }

  /** Which source knows the person: a directory's name, or `local`. */
  sourceOf(id: PersonId): string | undefined {
    const number = this.current.index.numberOf(id);
    return number === undefined ? undefined : this.current.index.entry(number)?.source;
  }

  /** What the person reads, from memory, at once; undefined where that is not known. */
  languageOf(id: PersonId): Language | undefined {
    const number = this.current.index.numberOf(id);
    return (number === undefined ? undefined : this.current.index.entry(number)?.language) || undefined;
  }

  /** How many people each source has: `local`, and directories by name. */
  sources(): Promise<ReadonlyMap<string, number>> {
    return this.#options.store.sources();
  }

  /** What a directory gives to people while others have it, by the names that they have now. */
  conflicts(source: string): Promise<Conflicts> {
    return standingConflicts(this.#options.store, source, this.current.index);
  }

  /** Cards, codes and PINs that are known. */
  get credentials(): number {
    return this.current.index.credentials;
  }

  /** People. */
  get size(): number {
    return this.current.index.size;
  }

  /** A part of everybody, by user name. @throws RangeError when the limit is not 1 to 1,000. */
  async list(listing: PeopleListing): Promise<Person[]> {
    const { limit } = listing;
    if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LISTING) {
      throw new RangeError(`not a limit from 1 to ${LARGEST_LISTING}: ${limit}`);
    }
    return this.#options.store.list(listing);
  }

  async profile(id: PersonId): Promise<PersonProfile | undefined> {
    const number = this.current.index.numberOf(id);
    if (number === undefined) return undefined;
    const [profile] = await readProfiles(this.#options.store, [number], this.#options.clock.now());
    return profile;
  }

  async profiles({ after, limit }: { after?: PersonId; limit: number }): Promise<readonly PersonProfile[]> {
    if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LISTING) {
      throw new RangeError(`not a limit from 1 to ${LARGEST_LISTING}: ${limit}`);
    }
    const last = after === undefined ? 0 : (this.current.index.numberOf(after) ?? this.current.lastNumber);
    const { numbers } = await this.#options.store.peoplePage(last, limit);
    return readProfiles(this.#options.store, [...numbers], this.#options.clock.now());
  }

  idOf(key: PersonKey): PersonId | undefined {
    const number = this.current.index.withKey(key);
    return number === undefined ? undefined : this.current.index.byNumber(number)?.id;
  }

  isTaken(kind: 'card' | 'code', text: string): boolean {
    const form = kind === 'card' ? canonicalCard(text) : canonicalCode(text);
    return form !== undefined && this.current.index.isTaken(CredentialKey(this.#options.hash, kind, form));
  }

  /** Whoever has each of these, written as the directory does; for administrators only. In slices. */
  async holdersOf(kind: 'card' | 'code', texts: readonly string[]): Promise<(Person | undefined)[]> {
    const holders: (Person | undefined)[] = [];
    await new Turns(this.#options.clock).forEach(texts, (text) => {
      const form = kind === 'card' ? canonicalCard(text) : canonicalCode(text);
      const key = form === undefined ? undefined : CredentialKey(this.#options.hash, kind, form);
      holders.push(key === undefined ? undefined : this.current.index.byCredential(key));
    });
    return holders;
  }

  /** Of all codes of that length, how many sign somebody in: 0 to 1; see {@link shareInUse}. */
  async shareOfCodes(digits: number): Promise<number> {
    if (this.current.index.credentials === 0) return 0;
    const turns = new Turns(this.#options.clock);
    const { hash } = this.#options;
    const opens = (code: string) =>
      this.current.index.holderOf(CredentialKey(hash, 'code', code), this.#options.clock.now())?.active ===
      true;
    return shareInUse(digits, opens, turns);
  }
}
