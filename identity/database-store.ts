/** The embedded store: people in the gateway's own database. */
import type { Database } from '../base/database/database.ts';
import type { TableClient } from '../base/database/tables.ts';
import type { ChangePart, CredentialColumns } from './change-rows.ts';
import { CREDENTIAL_KEY_LENGTH, type CredentialKey, type CredentialRank, keyAt } from './credential.ts';
import type { PersonNumber } from './index/people-index.ts';
import { type Person, userNameKey } from './person.ts';
import {
  type BarredCredential,
  type CredentialPage,
  type GonePerson,
  HERE,
  type IdentityStore,
  type Leaver,
  type PeopleChange,
  type PeopleListing,
  type PeoplePage,
  type StoredCredential,
  type StoredProfile,
} from './store.ts';
import { tables } from './tables.ts';

/** People or credentials in one message to the store worker: copying them must not hold up the event loop. */
const PART = 40;

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
    const { keys, owners: found, kinds, ranks, origins, expiries } = await this.#tables.credentialsOf(owners);
    return kinds.map((kind, at) => ({
      key: keyAt(keys, at),
      owner: found[at] as PersonNumber,
      kind,
      rank: ranks[at] as CredentialRank,
      origin: origins[at] ?? HERE,
      ...(expiries[at] ? { expiresAt: expiries[at] } : {}),
    }));
  }

  profilesOf(numbers: readonly PersonNumber[]): Promise<StoredProfile[]> {
    return this.#tables.profilesOf(numbers);
  }

  async barred(): Promise<BarredCredential[]> {
    const { keys, owners } = await this.#tables.barred(undefined);
    return Array.from(owners, (owner, at) => ({ key: keyAt(keys, at), owner }));
  }

  goneWith(source: string, ids: readonly string[]): Promise<GonePerson[]> {
    return this.#tables.goneWith({ source, ids });
  }

  leftSince(since: number): Promise<Leaver[]> {
    return this.#tables.leftSince(since);
  }

  async sources(): Promise<ReadonlyMap<string, number>> {
    return new Map(await this.#tables.sources(undefined));
  }

  noteActivity(seen: readonly { readonly number: PersonNumber; readonly at: number }[]): Promise<void> {
    return this.#tables.noteActivity(seen);
  }

  generation(): Promise<number> {
    return this.#tables.generation(undefined);
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
    const rows =
      change.removed.length +
      change.revoked.length +
      change.people.length +
      change.issued.length +
      (change.barred?.length ?? 0) +
      (change.delivery?.mails.length ?? 0);
    const plan = change.delivery?.plan ?? 0;
    await this.#tables.commitChange({ at: change.at, rows, plan, awaits: change.awaitsCodes === true });
    if (change.removed.length > 0) await this.#tables.eraseTraces(undefined);
  }
}

function* partsOf(change: PeopleChange): Generator<ChangePart> {
  const { people, removed, revoked, issued, barred = [] } = change;
  const mails = change.delivery?.mails ?? [];
  const all = [people, removed, revoked, issued, barred, mails];
  const longest = Math.max(...all.map(({ length }) => length));
  for (let from = 0; from < longest; from += PART) {
    const barredPart = barred.slice(from, from + PART);
    yield {
      people: people.slice(from, from + PART),
      removed: removed.slice(from, from + PART),
      revoked: joined(revoked.slice(from, from + PART)),
      issued: inColumns(issued.slice(from, from + PART)),
      barred: {
        keys: joined(barredPart.map((each) => each.key)),
        owners: Uint32Array.from(barredPart, (each) => each.owner),
      },
      mails: mails.slice(from, from + PART),
    };
  }
}

function inColumns(credentials: readonly StoredCredential[]): CredentialColumns {
  return {
    keys: joined(credentials.map((each) => each.key)),
    owners: Uint32Array.from(credentials, (each) => each.owner),
    kinds: credentials.map((each) => each.kind),
    ranks: credentials.map((each) => each.rank),
    origins: credentials.map((each) => each.origin),
    expiries: Float64Array.from(credentials, (each) => each.expiresAt ?? 0),
  };
}

function joined(keys: readonly CredentialKey[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(keys, keys.length * CREDENTIAL_KEY_LENGTH));
}
