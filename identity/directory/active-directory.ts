/** Active Directory: everybody, or what has changed since a USN of the same domain controller (MS-ADTS §3.1.1.1.9). */
import {
  AndFilter,
  Control,
  EqualityFilter,
  type Filter,
  GreaterThanEqualsFilter,
  OrFilter,
  PresenceFilter,
} from 'ldapts';
import { Failure } from '../../base/errors.ts';
import { GROUP, readMembership } from './ad-groups.ts';
import type { DirectoryConnection, Search } from './connection.ts';
import { attributesToRead, draftOf, idOf } from './draft-of-entry.ts';
import type { DirectoryEntry } from './entry.ts';
import type { DirectoryOptions } from './options.ts';
import { fingerprintOf, type Membership, type Picture } from './picture.ts';
import { Gathering, mustHavePeople, type Reading, type ReadResult } from './read.ts';
import { dnKey, domainOf, guidOctets, guidText, isUnder, wholeNumber } from './values.ts';

const ANYTHING = new PresenceFilter({ attribute: 'objectClass' });
const equals = (attribute: string, value: string | Buffer) => new EqualityFilter({ attribute, value });
/** Contacts are persons and no users, computers are users and no persons. */
const PEOPLE = [equals('objectCategory', 'person'), equals('objectClass', 'user')];
const and = (...filters: Filter[]) => new AndFilter({ filters });

/** LDAP_SERVER_SHOW_DELETED_OID (MS-ADTS §3.1.1.3.4.1.14). */
const showDeleted = () => new Control('1.2.840.113556.1.4.417', { critical: true });

/** Milliseconds between two looks at who is still there, where deleted objects may not be read. */
const SWEEP_AGAIN = 10 * 60_000;
/** People who are asked for by their ids in one search. */
const IDS_AT_ONCE = 100;

/** What one domain controller says of itself. */
interface Domain {
  readonly context: string;
  readonly invocation: string;
  readonly usn: bigint;
}

export async function readActiveDirectory(
  connection: DirectoryConnection,
  reading: Reading,
): Promise<ReadResult> {
  const { before } = reading;
  const domain = await lookAtDomain(connection);
  const since = before?.epoch === domain.invocation ? BigInt(before.cursor) : undefined;
  if (before === undefined || since === undefined || since > domain.usn) {
    return await new AdReader(connection, reading, domain).readAll();
  }
  // Nothing at all was written on this server: the commonest answer, at the price of two small searches.
  if (since === domain.usn) {
    return { complete: false, removed: [], picture: before, server: connection.server.host };
  }
  return await new AdReader(connection, reading, domain).readChanges(before, since);
}

async function lookAtDomain(connection: DirectoryConnection): Promise<Domain> {
  const names = ['defaultNamingContext', 'dsServiceName', 'highestCommittedUSN'];
  const root = await connection.entry('', names, ANYTHING);
  const usn = root.text('highestCommittedUSN');
  const context = root.text('defaultNamingContext');
  if (!/^\d{1,19}$/.test(usn) || context === '') {
    throw new Failure('directory-error', `${connection.server.host} is no domain controller`, {
      advice: 'For another kind of directory set kind: openldap',
    });
  }
  const settings = await connection.entry(root.text('dsServiceName'), ['invocationId'], ANYTHING);
  const invocation = guidText(settings.octets('invocationId'));
  // Without it every sync is a full one: dearer, never wrong.
  return { context, invocation: invocation ?? '', usn: BigInt(usn) };
}

class AdReader {
  readonly #connection: DirectoryConnection;
  readonly #reading: Reading;
  readonly #options: DirectoryOptions;
  readonly #domain: Domain;
  readonly #bases: readonly string[];
  readonly #gathering: Gathering;
  readonly #domainName: string;

  constructor(connection: DirectoryConnection, reading: Reading, domain: Domain) {
    const { options, before } = reading;
    this.#connection = connection;
    this.#reading = reading;
    this.#options = options;
    this.#domain = domain;
    this.#bases = outermost(options.bases.length === 0 ? [domain.context] : options.bases);
    this.#gathering = new Gathering(reading, before?.people ?? new Set());
    this.#domainName = options.domain === '' ? domainOf(domain.context) : options.domain;
  }

  async readAll(): Promise<ReadResult> {
    const membership = await readMembership(this.#connection, this.#domain.context, this.#options.groups);
    let entries = 0;
    for (const base of this.#bases) {
      entries += await this.#takePeople({ base, filter: and(...PEOPLE) }, membership, () => {});
    }
    mustHavePeople(this.#gathering, entries);
    return this.#result(true, [], this.#gathering.seen, membership, this.#reading.now);
  }

  async readChanges(before: Picture, since: bigint): Promise<ReadResult> {
    const changed = new GreaterThanEqualsFilter({ attribute: 'uSNChanged', value: String(since + 1n) });
    const removed = new Set<string>();
    const drop = (id: string) => {
      if (before.people.has(id)) removed.add(id);
    };
    const { membership, affected } = await this.#changedGroups(before.membership, changed);
    // From the top of the domain: who was moved out of the bases is found there.
    const { context } = this.#domain;
    await this.#takePeople(
      { base: context, filter: and(...PEOPLE, changed) },
      membership,
      (id) => {
        affected.delete(id);
        drop(id);
      },
      affected,
    );
    await this.#takeAffected([...affected], membership, drop);
    const sweptAt = await this.#findGone(before, changed, drop);
    for (const id of this.#gathering.seen) removed.delete(id);
    const people = new Set([...before.people, ...this.#gathering.seen].filter((id) => !removed.has(id)));
    return this.#result(false, [...removed], people, membership, sweptAt);
  }

  /** @param left called for each person who is not asked for, or no more @param affected those met are taken out of it */
  async #takePeople(
    { base, filter }: Pick<Search, 'base' | 'filter'>,
    membership: Membership,
    left: (id: string) => void,
    affected?: Set<string>,
  ): Promise<number> {
    const attributes = attributesToRead(this.#options);
    let entries = 0;
    for await (const page of this.#connection.pages({ base, scope: 'sub', filter, attributes })) {
      entries += page.length;
      for (const entry of page) {
        const id = idOf('active-directory', entry);
        if (id === undefined) continue;
        affected?.delete(id);
        const draft = isUnder(dnKey(entry.dn), this.#bases)
          ? draftOf(entry, this.#options, this.#domainName, groupsOf(membership, id, entry))
          : undefined;
        if (draft === undefined || !this.#gathering.add(draft)) left(id);
      }
      await this.#gathering.handOver();
    }
    return entries;
  }

  /** Members of a changed group: a membership does not touch the USN of the person. */
  async #changedGroups(before: Membership, changed: Filter) {
    const affected = new Set<string>();
    if (this.#options.groups.length === 0) return { membership: before, affected };
    const search: Search = {
      base: this.#domain.context,
      scope: 'sub',
      filter: and(GROUP, changed),
      attributes: ['objectGUID'],
    };
    let touched = false;
    for await (const page of this.#connection.pages(search)) {
      for (const entry of page) {
        const id = idOf('active-directory', entry);
        touched ||= id !== undefined && before.watched.has(id);
      }
    }
    // A nested group that was deleted shows no more; the next full sync sees that.
    if (!touched) return { membership: before, affected };
    const membership = await readMembership(this.#connection, this.#domain.context, this.#options.groups);
    for (const id of new Set([...before.byMember.keys(), ...membership.byMember.keys()])) {
      const now = membership.byMember.get(id) ?? [];
      if (now.join('\n') !== (before.byMember.get(id) ?? []).join('\n')) affected.add(id);
    }
    return { membership, affected };
  }

  async #takeAffected(ids: readonly string[], membership: Membership, left: (id: string) => void) {
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const some = ids.slice(at, at + IDS_AT_ONCE);
      const filters = some.map((id) => equals('objectGUID', guidOctets(id)));
      const filter = and(...PEOPLE, new OrFilter({ filters }));
      await this.#takePeople({ base: this.#domain.context, filter }, membership, left);
    }
  }

  /** People who were deleted, or whom the service account no longer sees. @returns when it last looked at everybody */
  async #findGone(before: Picture, changed: Filter, drop: (id: string) => void): Promise<number> {
    if (await this.#seesDeleted()) {
      const search: Search = {
        base: this.#domain.context,
        scope: 'sub',
        filter: and(equals('isDeleted', 'TRUE'), equals('objectClass', 'user'), changed),
        attributes: ['objectGUID'],
        controls: [showDeleted()],
      };
      for await (const page of this.#connection.pages(search)) {
        for (const entry of page) drop(idOf('active-directory', entry) ?? '');
      }
      return before.sweptAt;
    }
    const { now } = this.#reading;
    if (now >= before.sweptAt && now - before.sweptAt < SWEEP_AGAIN) return before.sweptAt;
    const gone = new Set(before.people);
    for (const base of this.#bases) {
      const search: Search = { base, scope: 'sub', filter: and(...PEOPLE), attributes: ['objectGUID'] };
      for await (const page of this.#connection.pages(search)) {
        for (const entry of page) gone.delete(idOf('active-directory', entry) ?? '');
      }
    }
    for (const id of gone) drop(id);
    return now;
  }

  /**
   * By default only administrators may read deleted objects; others find none, without an error. So whoever finds one,
   * of whatever time, may.
   */
  async #seesDeleted(): Promise<boolean> {
    const search: Search = {
      base: `CN=Deleted Objects,${this.#domain.context}`,
      scope: 'sub',
      filter: and(equals('isDeleted', 'TRUE'), equals('objectClass', 'user')),
      attributes: ['objectGUID'],
      controls: [showDeleted()],
    };
    try {
      for await (const page of this.#connection.pages(search)) return page.length > 0;
    } catch (error) {
      if (!(error instanceof Failure && error.code === 'directory-error')) throw error;
    }
    return false;
  }

  #result(
    complete: boolean,
    removed: readonly string[],
    people: Set<string>,
    membership: Membership,
    sweptAt: number,
  ): ReadResult {
    const { invocation, usn } = this.#domain;
    const picture: Picture = {
      fingerprint: fingerprintOf(this.#options),
      epoch: invocation,
      cursor: String(usn),
      sweptAt,
      people,
      membership,
    };
    return { complete, removed, picture, server: this.#connection.server.host };
  }
}

function groupsOf(membership: Membership, id: string, entry: DirectoryEntry): readonly string[] {
  const byChain = membership.byMember.get(id) ?? [];
  const primary = membership.byPrimaryGroup.get(wholeNumber(entry.text('primaryGroupID')) ?? 0) ?? [];
  return primary.length === 0 ? byChain : [...new Set([...byChain, ...primary])].sort();
}

/** As keys, without those that lie below another. */
function outermost(bases: readonly string[]): string[] {
  const keys = [...new Set(bases.map(dnKey))];
  return keys.filter((key) => !keys.some((other) => other !== key && isUnder(key, [other])));
}
