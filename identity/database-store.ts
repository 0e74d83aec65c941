/** The embedded store: people in the gateway's own database. */
import type { MessagePort } from 'node:worker_threads';
import type { DatabaseClient } from '../base/database/calls.ts';
import type { TableClient } from '../base/database/tables.ts';
import type { ChangePart, CredentialColumns, OwnedKeys } from './change-rows.ts';
import { CREDENTIAL_KEY_LENGTH, type CredentialKey, type CredentialRank, keyAt } from './credential.ts';
import type { PersonNumber } from './index/people-index.ts';
import { type Person, userNameKey } from './person.ts';
import {
  type BarredCredential,
  type ClaimedCredential,
  type ClaimsListing,
  type CredentialPage,
  type GonePerson,
  HERE,
  type IdentityStore,
  type Leaver,
  type PeopleChange,
  type PeopleListing,
  type PeoplePage,
  type StagedChange,
  type StoredCredential,
  type StoredProfile,
} from './store.ts';
import { tables } from './tables.ts';

/** People or credentials in one message to the store worker: copying them must not hold up the event loop. */
const PART = 40;

export class DatabaseIdentityStore implements IdentityStore {
  readonly #tables: TableClient<typeof tables.operations>;
  readonly #part: number;
  /** Undefined in a thread that has a branch itself. */
  readonly branch?: () => MessagePort;

  /**
   * @param database must have been opened with this room's `tables`.
   * @param part people or credentials in one message
   */
  constructor(database: DatabaseClient & { branch?(): MessagePort }, part = PART) {
    this.#tables = database.client(tables);
    this.#part = part;
    if (database.branch !== undefined) this.branch = () => database.branch?.() as MessagePort;
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

  pinHolders(): Promise<Uint32Array> {
    return this.#tables.pinHolders(undefined);
  }

  async credentialsOf(owners: readonly PersonNumber[]): Promise<StoredCredential[]> {
    return outOfColumns(await this.#tables.credentialsOf(owners));
  }

  async claimsBy(owners: readonly PersonNumber[]): Promise<ClaimedCredential[]> {
    return outOfColumns(await this.#tables.claimsBy(owners));
  }

  async claimsOn(keys: readonly CredentialKey[], most: number): Promise<ClaimedCredential[]> {
    return outOfColumns(await this.#tables.claimsOn({ keys: joined(keys), most }));
  }

  async claimsOfSource(source: string, limit: number): Promise<ClaimsListing> {
    const { count, claims } = await this.#tables.claimsOfSource({ source, limit });
    return { count, claims: outOfColumns(claims) };
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

  async stage(change: PeopleChange): Promise<StagedChange> {
    await this.#tables.beginChange(undefined);
    for (const part of partsOf(change, this.#part)) await this.#tables.stageChange(part);
    const rows =
      change.removed.length +
      change.revoked.length +
      change.people.length +
      change.issued.length +
      (change.barred?.length ?? 0) +
      (change.unclaimed?.length ?? 0) +
      (change.claimed?.length ?? 0) +
      (change.delivery?.mails.length ?? 0);
    return {
      at: change.at,
      rows,
      plan: change.delivery?.plan ?? 0,
      awaitsCodes: change.awaitsCodes === true,
      removes: change.removed.length > 0,
    };
  }

  async commit({ at, rows, plan, awaitsCodes, removes }: StagedChange): Promise<void> {
    await this.#tables.commitChange({ at, rows, plan, awaits: awaitsCodes });
    if (removes) await this.#tables.eraseTraces(undefined);
  }
}

function* partsOf(change: PeopleChange, most: number): Generator<ChangePart> {
  const { people, removed, revoked, issued, barred = [], unclaimed = [], claimed = [] } = change;
  const mails = change.delivery?.mails ?? [];
  const all = [people, removed, revoked, issued, barred, unclaimed, claimed, mails];
  const longest = Math.max(...all.map(({ length }) => length));
  for (let from = 0; from < longest; from += most) {
    yield {
      people: people.slice(from, from + most),
      removed: removed.slice(from, from + most),
      revoked: joined(revoked.slice(from, from + most)),
      issued: inColumns(issued.slice(from, from + most)),
      barred: ownedKeys(barred.slice(from, from + most)),
      unclaimed: ownedKeys(unclaimed.slice(from, from + most)),
      claimed: inColumns(claimed.slice(from, from + most)),
      mails: mails.slice(from, from + most),
    };
  }
}

function ownedKeys(each: readonly BarredCredential[]): OwnedKeys {
  return { keys: joined(each.map(({ key }) => key)), owners: Uint32Array.from(each, ({ owner }) => owner) };
}

function outOfColumns(columns: CredentialColumns): StoredCredential[] {
  const { keys, owners, kinds, ranks, origins, expiries } = columns;
  return kinds.map((kind, at) => ({
    key: keyAt(keys, at),
    owner: owners[at] as PersonNumber,
    kind,
    rank: ranks[at] as CredentialRank,
    origin: origins[at] ?? HERE,
    ...(expiries[at] ? { expiresAt: expiries[at] } : {}),
  }));
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
