/** The embedded store: people in the gateway's own database. */
import type { Database } from '../base/database/database.ts';
import type { TableClient } from '../base/database/tables.ts';
import { CREDENTIAL_KEY_LENGTH, type CredentialKey, type CredentialRank, keyAt } from './credential.ts';
import type { PersonNumber } from './index/people-index.ts';
import { type Person, userNameKey } from './person.ts';
import type {
  CredentialPage,
  IdentityStore,
  PeopleChange,
  PeopleListing,
  PeoplePage,
  StoredCredential,
} from './store.ts';
import { type ChangePart, tables } from './tables.ts';

/** People or credentials in one message to the store worker: copying them must not hold up the event loop. */
const PART = 100;

export class DatabaseIdentityStore implements IdentityStore {
  readonly #tables: TableClient<typeof tables.operations>;

  /** @param database must have been opened with this room's `tables`. */
  constructor(database: Database) {
    this.#tables = database.client(tables);
  }

  readIndexKey(): Promise<Uint8Array | undefined> {
    return this.#tables.readIndexKey(undefined);
  }

  writeIndexKey(sealed: Uint8Array): Promise<void> {
    return this.#tables.writeIndexKey(sealed);
  }

  lastNumber(): Promise<PersonNumber> {
    return this.#tables.lastNumber(undefined);
  }

  peoplePage(after: PersonNumber, limit: number): Promise<PeoplePage> {
    return this.#tables.peoplePage({ after, limit });
  }

  credentialPage(after: CredentialKey | undefined, limit: number): Promise<CredentialPage> {
    return this.#tables.credentialPage({ after: after ?? new Uint8Array(0), limit });
  }

  async credentialsOf(owners: readonly PersonNumber[]): Promise<StoredCredential[]> {
    const { keys, owners: found, kinds, ranks } = await this.#tables.credentialsOf(owners);
    return kinds.map((kind, at) => ({
      key: keyAt(keys, at),
      owner: found[at] as PersonNumber,
      kind,
      rank: ranks[at] as CredentialRank,
    }));
  }

  list({ after, limit }: PeopleListing): Promise<Person[]> {
    return this.#tables.list({
      userNameKey: after === undefined ? '' : userNameKey(after.userName),
      id: after?.id ?? '',
      limit,
    });
  }

  async apply(change: PeopleChange): Promise<void> {
    await this.#tables.beginChange(undefined);
    for (const part of partsOf(change)) await this.#tables.stageChange(part);
    const rows = change.removed.length + change.revoked.length + change.people.length + change.issued.length;
    await this.#tables.commitChange({ at: change.at, rows });
  }
}

function* partsOf({ people, removed, revoked, issued }: PeopleChange): Generator<ChangePart> {
  const longest = Math.max(people.length, removed.length, revoked.length, issued.length);
  for (let from = 0; from < longest; from += PART) {
    const issuedPart = issued.slice(from, from + PART);
    yield {
      people: people.slice(from, from + PART),
      removed: removed.slice(from, from + PART),
      revoked: joined(revoked.slice(from, from + PART)),
      issued: {
        keys: joined(issuedPart.map((each) => each.key)),
        owners: Uint32Array.from(issuedPart, (each) => each.owner),
        kinds: issuedPart.map((each) => each.kind),
        ranks: issuedPart.map((each) => each.rank),
      },
    };
  }
}

function joined(keys: readonly CredentialKey[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(keys, keys.length * CREDENTIAL_KEY_LENGTH));
}
