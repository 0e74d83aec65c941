/** People in memory: the second store that the contract test holds to, and what most tests of this room use. */
import { Failure } from '../../base/errors.ts';
import type { CredentialKey } from '../../identity/credential.ts';
import { pack } from '../../identity/index/records.ts';
import { type Person, userNameKey } from '../../identity/person.ts';
import {
  type BarredCredential,
  type ClaimedCredential,
  type ClaimsListing,
  type CredentialPage,
  FIRST_GENERATION,
  FORGOTTEN_AFTER,
  type GonePerson,
  type IdentityStore,
  type Leaver,
  type PeopleChange,
  type PeopleListing,
  type PeoplePage,
  plainDetails,
  type StagedChange,
  type StoredCredential,
  type StoredProfile,
} from '../../identity/store.ts';

interface Gone extends GonePerson {
  readonly source: string;
  readonly leftAt: number;
}

/** Everything, replaced as a whole by each change. */
class Content {
  readonly people: Map<number, StoredProfile>;
  readonly gone: Map<number, Gone>;
  /** When they were disabled. */
  readonly disabled: Map<number, number>;
  /** By the key in hexadecimal. */
  readonly credentials: Map<string, StoredCredential>;
  /** By owner and key. */
  readonly barred: Map<string, BarredCredential>;
  /** By owner and key, first come first. */
  readonly claimed: Map<string, ClaimedCredential>;

  constructor(origin?: Content) {
    this.people = new Map(origin?.people);
    this.gone = new Map(origin?.gone);
    this.disabled = new Map(origin?.disabled);
    this.credentials = new Map(origin?.credentials);
    this.barred = new Map(origin?.barred);
    this.claimed = new Map(origin?.claimed);
  }

  remove(number: number, at: number): void {
    const profile = this.people.get(number);
    if (profile === undefined) return;
    const { person, details } = profile;
    this.people.delete(number);
    this.disabled.delete(number);
    const { source, id: sourceId } = details.key;
    this.gone.set(number, { number, id: person.id, source, sourceId, leftAt: at });
    for (const [key, { owner }] of this.credentials) if (owner === number) this.credentials.delete(key);
    for (const [place, { owner }] of this.claimed) if (owner === number) this.claimed.delete(place);
  }

  forget(number: number): void {
    this.gone.delete(number);
    for (const [key, { owner }] of this.barred) if (owner === number) this.barred.delete(key);
  }

  put({ number, person, details }: PeopleChange['people'][number], at: number): void {
    const before = this.people.get(number);
    const { id, userName, displayName, email } = person;
    const now = details ?? before?.details ?? plainDetails(id);
    const { createdAt = at, lastActivity = 0 } = before ?? {};
    const named = { id, userName, displayName, email };
    const groups = now.groups.toSorted((a, b) => (userNameKey(a) < userNameKey(b) ? -1 : 1));
    this.people.set(number, {
      number,
      person: named,
      details: { ...now, groups },
      createdAt,
      lastActivity,
    });
    this.gone.delete(number);
    if (now.enabled && (now.expiresAt ?? Number.POSITIVE_INFINITY) > at) this.disabled.delete(number);
    else if (!this.disabled.has(number)) this.disabled.set(number, at);
  }

  issue(each: StoredCredential): void {
    const key = each.key.toString('hex');
    if (this.credentials.has(key)) throw new Failure('credential-taken', 'a credential is somebody else’s');
    this.credentials.set(key, each);
    this.barred.delete(placeOf(each));
    this.claimed.delete(placeOf(each));
  }
}

const placeOf = ({ owner, key }: BarredCredential) => `${owner} ${key.toString('hex')}`;

export class MemoryIdentityStore implements IdentityStore {
  #sealed: Uint8Array | undefined;
  #content = new Content();
  #lastNumber = 0;
  #staged: PeopleChange | undefined;
  #generation = FIRST_GENERATION;

  async readIndexKey(): Promise<Uint8Array | undefined> {
    return this.#sealed;
  }

  async writeIndexKey(sealed: Uint8Array): Promise<void> {
    this.#sealed = Uint8Array.from(sealed);
  }

  async lastNumber(): Promise<number> {
    return this.#lastNumber;
  }

  async generation(): Promise<number> {
    return this.#generation;
  }

  async peoplePage(after: number, limit: number): Promise<PeoplePage> {
    const page = [...this.#content.people.values()]
      .filter(({ number }) => number > after)
      .sort((a, b) => a.number - b.number)
      .slice(0, limit);
    return {
      numbers: Uint32Array.from(page, ({ number }) => number),
      records: page.map(({ person, details: { key, domain, language, enabled, expiresAt } }) =>
        pack({
          ...person,
          domain,
          source: key.source,
          sourceId: key.id,
          language,
          enabled,
          ...(expiresAt === undefined ? {} : { expiresAt }),
        }),
      ),
    };
  }

  async credentialPage(after: CredentialKey | undefined, limit: number): Promise<CredentialPage> {
    const from = after?.toString('hex') ?? '';
    const page = [...this.#content.credentials.keys()]
      .filter((key) => key > from)
      .sort()
      .slice(0, limit)
      .flatMap((key) => this.#content.credentials.get(key) ?? []);
    return {
      keys: Uint8Array.from(Buffer.concat(page.map(({ key }) => key))),
      owners: Uint32Array.from(page, ({ owner }) => owner),
      expiries: Float64Array.from(page, ({ expiresAt }) => expiresAt ?? 0),
    };
  }

  async credentialsOf(owners: readonly number[]): Promise<StoredCredential[]> {
    return [...this.#content.credentials.values()].filter(({ owner }) => owners.includes(owner));
  }

  async profilesOf(numbers: readonly number[]): Promise<StoredProfile[]> {
    return [...this.#content.people.values()]
      .filter(({ number }) => numbers.includes(number))
      .sort((a, b) => a.number - b.number);
  }

  async barred(): Promise<BarredCredential[]> {
    return [...this.#content.barred.values()];
  }

  async claimsBy(owners: readonly number[]): Promise<ClaimedCredential[]> {
    return [...this.#content.claimed.values()].filter(({ owner }) => owners.includes(owner));
  }

  async claimsOn(keys: readonly CredentialKey[], most: number): Promise<ClaimedCredential[]> {
    const claims = [...this.#content.claimed.values()];
    return keys.flatMap((key) => claims.filter((each) => each.key.equals(key)).slice(0, most));
  }

  async claimsOfSource(source: string, limit: number): Promise<ClaimsListing> {
    const claims = [...this.#content.claimed.values()].filter(({ origin }) => origin === source);
    return { count: claims.length, claims: claims.slice(0, limit) };
  }

  async goneWith(source: string, ids: readonly string[]): Promise<GonePerson[]> {
    return [...this.#content.gone.values()]
      .filter((each) => each.source === source && ids.includes(each.sourceId))
      .map(({ number, id, sourceId }) => ({ number, id, sourceId }));
  }

  async leftSince(since: number): Promise<Leaver[]> {
    const { gone, disabled, people } = this.#content;
    const left = [...gone.values()].map(({ id, leftAt }) => ({ id, leftAt }));
    for (const [number, leftAt] of disabled) {
      const profile = people.get(number);
      if (profile !== undefined) left.push({ id: profile.person.id, leftAt });
    }
    return left.filter(({ leftAt }) => leftAt >= since);
  }

  async pinHolders(): Promise<Uint32Array> {
    const pins = [...this.#content.credentials.values()].filter(({ kind }) => kind === 'pin');
    return Uint32Array.from(new Set(pins.map(({ owner }) => owner))).sort();
  }

  async sources(): Promise<ReadonlyMap<string, number>> {
    const people = [...this.#content.people.values()];
    const bySource = Map.groupBy(people, ({ details }) => details.key.source);
    return new Map([...bySource].map(([source, theirs]) => [source, theirs.length]));
  }

  async noteActivity(seen: readonly { readonly number: number; readonly at: number }[]): Promise<void> {
    for (const { number, at } of seen) {
      const profile = this.#content.people.get(number);
      if (profile !== undefined) this.#content.people.set(number, { ...profile, lastActivity: at });
    }
  }

  async list({ after, limit }: PeopleListing): Promise<Person[]> {
    const place = (person: Pick<Person, 'userName' | 'id'>) =>
      `${userNameKey(person.userName)}\0${person.id}`;
    return [...this.#content.people.values()]
      .map(({ person }) => person)
      .filter((person) => after === undefined || place(person) > place(after))
      .sort((a, b) => (place(a) < place(b) ? -1 : 1))
      .slice(0, limit);
  }

  async stage(change: PeopleChange): Promise<StagedChange> {
    this.#staged = change;
    const { at, people, removed, delivery, awaitsCodes = false } = change;
    return { at, rows: people.length, plan: delivery?.plan ?? 0, awaitsCodes, removes: removed.length > 0 };
  }

  async commit({ at, plan }: StagedChange): Promise<void> {
    // Plans are made in the database only, so here none ever waits.
    if (plan !== 0) throw new Failure('no-such-plan', 'no such plan');
    const staged = this.#staged as PeopleChange;
    const { removed, revoked, people, issued, barred = [], unclaimed = [], claimed = [] } = staged;
    const next = new Content(this.#content);
    for (const number of removed) next.remove(number, at);
    for (const [number, { leftAt }] of next.gone) {
      if (leftAt < at - FORGOTTEN_AFTER) next.forget(number);
    }
    for (const key of revoked) next.credentials.delete(key.toString('hex'));
    for (const each of people) next.put(each, at);
    for (const each of issued) next.issue(each);
    for (const each of barred) next.barred.set(placeOf(each), each);
    for (const each of unclaimed) next.claimed.delete(placeOf(each));
    for (const each of claimed) next.claimed.set(placeOf(each), each);
    this.#content = next;
    this.#generation = 2 + Math.floor(Math.random() * 2 ** 50);
    this.#lastNumber = Math.max(this.#lastNumber, ...people.map(({ number }) => number));
  }
}
