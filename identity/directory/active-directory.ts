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
import { anyOf, GROUP, IDS_AT_ONCE, isAnyGone, readMembership } from './ad-groups.ts';
import type { DirectoryConnection, Search } from './connection.ts';
import { attributesToRead, draftOf, idOf } from './draft-of-entry.ts';
import type { DirectoryEntry } from './entry.ts';
import type { DirectoryOptions } from './options.ts';
import { fingerprintOf, type Membership, type Picture } from './picture.ts';
import { Gathering, mustHavePeople, type Reading, type ReadResult } from './read.ts';
import { dnKey, domainOf, guidText, isUnder, wholeNumber } from './values.ts';

const ANYTHING = new PresenceFilter({ attribute: 'objectClass' });
const equals = (attribute: string, value: string | Buffer) => new EqualityFilter({ attribute, value });
/** Contacts are persons and no users, computers are users and no persons. */
const PEOPLE = [equals('objectCategory', 'person'), equals('objectClass', 'user')];
const and = (...filters: Filter[]) => new AndFilter({ filters });
/** By their category: there are many other things that are containers too, and none of them holds people. */
const PLACES = ['organizationalUnit', 'container'].map((name) => equals('objectCategory', name));

/** LDAP_SERVER_SHOW_DELETED_OID (MS-ADTS §3.1.1.3.4.1.14). */
const showDeleted = () => new Control('1.2.840.113556.1.4.417', { critical: true });

/** Milliseconds between two looks at who is still there, where deleted objects may not be read. */
const SWEEP_AGAIN = 10 * 60_000;

const isSweepDue = ({ sweptAt }: Picture, now: number): boolean =>
  now < sweptAt || now - sweptAt >= SWEEP_AGAIN;

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
  const owesSweep = before.goneCursor !== before.cursor && isSweepDue(before, reading.now);
  if (since === domain.usn && !owesSweep) {
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

type LookedForGone = Pick<Picture, 'sweptAt' | 'goneCursor'>;

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
    const known = { sweptAt: this.#reading.now, goneCursor: String(this.#domain.usn) };
    return this.#result(true, [], this.#gathering.seen, membership, known);
  }

  async readChanges(before: Picture, since: bigint): Promise<ReadResult> {
    const changed = new GreaterThanEqualsFilter({ attribute: 'uSNChanged', value: String(since + 1n) });
    const removed = new Set<string>();
    const drop = (id: string) => {
      if (before.people.has(id)) removed.add(id);
    };
    const { places, groups } = await this.#changedAround(before.membership, changed, since);
    // Whoever lies below a place that was moved has not changed, and lies elsewhere all the same.
    if (places) return await this.readAll();
    const { membership, affected } = groups
      ? await this.#newMembership(before.membership)
      : { membership: before.membership, affected: new Set<string>() };
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
    const known = await this.#findGone(before, changed, drop);
    for (const id of this.#gathering.seen) removed.delete(id);
    const people = new Set([...before.people, ...this.#gathering.seen].filter((id) => !removed.has(id)));
    return this.#result(false, [...removed], people, membership, known);
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

  /** Whether an OU or container was moved or renamed, and whether a group that counts was changed or is gone. */
  async #changedAround(before: Membership, changed: Filter, since: bigint) {
    const isWhole = this.#bases.includes(dnKey(this.#domain.context));
    const search: Search = {
      base: this.#domain.context,
      scope: 'sub',
      filter: and(new OrFilter({ filters: [GROUP, ...(isWhole ? [] : PLACES)] }), changed),
      attributes: ['objectGUID', 'objectClass', 'uSNCreated'],
    };
    let places = false;
    let groups = false;
    for await (const page of this.#connection.pages(search)) {
      for (const entry of page) {
        const id = idOf('active-directory', entry);
        if (id !== undefined && before.watched.has(id)) groups = true;
        // Who came into a new one was moved, or is new.
        const created = wholeNumber(entry.text('uSNCreated')) ?? 0;
        if (created <= since && !entry.texts('objectClass', 10).includes('group')) places = true;
      }
    }
    return {
      places,
      groups: groups || (await isAnyGone(this.#connection, this.#domain.context, before.watched)),
    };
  }

  /** Whose groups are others now: a membership does not touch the USN of the person. */
  async #newMembership(before: Membership) {
    const affected = new Set<string>();
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
      const filter = and(...PEOPLE, anyOf(some));
      await this.#takePeople({ base: this.#domain.context, filter }, membership, left);
    }
  }

  /** People who were deleted, or whom the service account no longer sees. @returns what is known of that now */
  async #findGone(before: Picture, changed: Filter, drop: (id: string) => void): Promise<LookedForGone> {
    const goneCursor = String(this.#domain.usn);
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
      return { sweptAt: before.sweptAt, goneCursor };
    }
    const { now } = this.#reading;
    if (!isSweepDue(before, now)) return before;
    const gone = new Set(before.people);
    for (const base of this.#bases) {
      const search: Search = { base, scope: 'sub', filter: and(...PEOPLE), attributes: ['objectGUID'] };
      for await (const page of this.#connection.pages(search)) {
        for (const entry of page) gone.delete(idOf('active-directory', entry) ?? '');
      }
    }
    for (const id of gone) drop(id);
    return { sweptAt: now, goneCursor };
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
    { sweptAt, goneCursor }: LookedForGone,
  ): ReadResult {
    const { invocation, usn } = this.#domain;
    const picture: Picture = {
      fingerprint: fingerprintOf(this.#options),
      epoch: invocation,
      cursor: String(usn),
      sweptAt,
      goneCursor,
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
