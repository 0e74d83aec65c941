/** People in memory: the second store that the contract test holds to, and what most tests of this room use. */
import { Failure } from '../../base/errors.ts';
import type { CredentialKey } from '../../identity/credential.ts';
import { pack } from '../../identity/index/records.ts';
import { type Person, userNameKey } from '../../identity/person.ts';
import type {
  CredentialPage,
  IdentityStore,
  PeopleChange,
  PeopleListing,
  PeoplePage,
  StoredCredential,
} from '../../identity/store.ts';

export class MemoryIdentityStore implements IdentityStore {
  #sealed: Uint8Array | undefined;
  #people = new Map<number, Person>();
  /** By the key in hexadecimal. */
  #credentials = new Map<string, StoredCredential>();
  #lastNumber = 0;

  async readIndexKey(): Promise<Uint8Array | undefined> {
    return this.#sealed;
  }

  async writeIndexKey(sealed: Uint8Array): Promise<void> {
    this.#sealed = Uint8Array.from(sealed);
  }

  async lastNumber(): Promise<number> {
    return this.#lastNumber;
  }

  async peoplePage(after: number, limit: number): Promise<PeoplePage> {
    const page = [...this.#people]
      .filter(([number]) => number > after)
      .sort(([a], [b]) => a - b)
      .slice(0, limit);
    return {
      numbers: Uint32Array.from(page, ([number]) => number),
      records: page.map(([, person]) => pack(person)),
    };
  }

  async credentialPage(after: CredentialKey | undefined, limit: number): Promise<CredentialPage> {
    const from = after?.toString('hex') ?? '';
    const page = [...this.#credentials.keys()]
      .filter((key) => key > from)
      .sort()
      .slice(0, limit)
      .flatMap((key) => this.#credentials.get(key) ?? []);
    return {
      keys: Uint8Array.from(Buffer.concat(page.map(({ key }) => key))),
      owners: Uint32Array.from(page, ({ owner }) => owner),
    };
  }

  async credentialsOf(owners: readonly number[]): Promise<StoredCredential[]> {
    return [...this.#credentials.values()].filter(({ owner }) => owners.includes(owner));
  }

  async list({ after, limit }: PeopleListing): Promise<Person[]> {
    const place = (person: Pick<Person, 'userName' | 'id'>) =>
      `${userNameKey(person.userName)}\0${person.id}`;
    return [...this.#people.values()]
      .filter((person) => after === undefined || place(person) > place(after))
      .sort((a, b) => (place(a) < place(b) ? -1 : 1))
      .slice(0, limit);
  }

  async apply({ removed, revoked, people, issued }: PeopleChange): Promise<void> {
    const nextPeople = new Map(this.#people);
    const nextCredentials = new Map(this.#credentials);
    for (const number of removed) nextPeople.delete(number);
    for (const [key, { owner }] of nextCredentials) if (removed.includes(owner)) nextCredentials.delete(key);
    for (const key of revoked) nextCredentials.delete(key.toString('hex'));
    for (const { number, person } of people) nextPeople.set(number, person);
    for (const each of issued) {
      const key = each.key.toString('hex');
      if (nextCredentials.has(key)) throw new Failure('credential-taken', 'a credential is somebody else’s');
      nextCredentials.set(key, each);
    }
    this.#people = nextPeople;
    this.#credentials = nextCredentials;
    this.#lastNumber = Math.max(this.#lastNumber, ...people.map(({ number }) => number));
  }
}
