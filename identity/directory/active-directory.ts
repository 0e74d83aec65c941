/** Active Directory: everybody, or what has changed since a USN (MS-ADTS §3.1.1.1.9) or a cookie of DirSync. */
import { AndFilter, Control, EqualityFilter, type Filter, PresenceFilter } from 'ldapts';
import { Failure } from '../../base/errors.ts';
import { type Changes, changesByDirSync, changesByUsn, isGroupChanged, isPlaceMoved } from './ad-changes.ts';
import { anyOf, IDS_AT_ONCE, isAnyGone, readMembership } from './ad-groups.ts';
import type { DirectoryConnection, Search } from './connection.ts';
import { DirSync } from './dir-sync.ts';
import { attributesToRead, draftOf, idOf } from './draft-of-entry.ts';
import type { DirectoryEntry } from './entry.ts';
import type { DirectoryOptions } from './options.ts';
import { fingerprintOf, type Membership, type Picture } from './picture.ts';
import { type Beginning, Gathering, mustHavePeople, type ReadResult } from './read.ts';
import { dnKey, domainOf, guidText, isUnder, wholeNumber } from './values.ts';

const ANYTHING = new PresenceFilter({ attribute: 'objectClass' });
const equals = (attribute: string, value: string | Buffer) => new EqualityFilter({ attribute, value });
/** Contacts are persons and no users, computers are users and no persons. */
const PEOPLE = [equals('objectCategory', 'person'), equals('objectClass', 'user')];
const and = (...filters: Filter[]) => new AndFilter({ filters });
const DELETED = and(equals('isDeleted', 'TRUE'), equals('objectClass', 'user'));

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
  reading: Beginning,
): Promise<ReadResult> {
  const { before } = reading;
  const domain = await lookAtDomain(connection);
  const isSame = domain.invocation !== '' && before?.epoch === domain.invocation;
  const since = isSame ? BigInt(before.cursor) : undefined;
  // Nothing at all was written on this server: the commonest answer, at the price of two small searches.
  if (before !== undefined && since === domain.usn) {
    const owesSweep = before.goneCursor !== before.cursor && isSweepDue(before, reading.now);
    if (!owesSweep) return { complete: false, removed: [], picture: before, server: connection.server.host };
  }
  const dirSync = await DirSync.open(connection, domain.context, before?.dirSync ?? '');
  const reader = new AdReader(connection, reading, domain, dirSync);
  // A controller that was set back to an earlier day is none to go on with.
  if (before === undefined || (since !== undefined && since > domain.usn)) return await reader.readAll();
  if (dirSync instanceof DirSync && before.dirSync !== '') {
    return await reader.readChanges(before, changesByDirSync(dirSync));
  }
  if (since === undefined) return await reader.readAll();
  return await reader.readChanges(before, changesByUsn(connection, domain.context, since));
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
  readonly #reading: Beginning;
  readonly #options: DirectoryOptions;
  readonly #domain: Domain;
  readonly #dirSync: DirSync | { readonly refused: string };
  readonly #bases: readonly string[];
  readonly #gathering: Gathering;
  readonly #domainName: string;

  constructor(
    connection: DirectoryConnection,
    reading: Beginning,
    domain: Domain,
    dirSync: DirSync | { readonly refused: string },
  ) {
    const { options } = reading;
    this.#connection = connection;
    this.#reading = reading;
    this.#options = options;
    this.#domain = domain;
    this.#dirSync = dirSync;
    this.#bases = outermost(options.bases.length === 0 ? [domain.context] : options.bases);
    this.#gathering = new Gathering(reading);
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

  async readChanges(before: Picture, changes: Changes): Promise<ReadResult> {
    const removed = new Set<string>();
    const drop = (id: string) => {
      if (before.people.has(id)) removed.add(id);
    };
    // Whoever lies below a place that was moved has not changed, and lies elsewhere all the same.
    const isWhole = this.#bases.includes(dnKey(this.#domain.context));
    if (!isWhole && (await isPlaceMoved(changes))) return await this.readAll();
    const { context } = this.#domain;
    const { watched } = before.membership;
    const groups =
      (await isGroupChanged(changes, watched)) || (await isAnyGone(this.#connection, context, watched));
    const { membership, affected } = groups
      ? await this.#newMembership(before.membership)
      : { membership: before.membership, affected: new Set<string>() };
    await this.#takeChanged(changes, membership, affected, drop);
    await this.#takeByIds([...affected], membership, drop);
    const known = await this.#findGone(before, changes, drop);
    for (const id of this.#gathering.seen) removed.delete(id);
    const people = new Set([...before.people, ...this.#gathering.seen].filter((id) => !removed.has(id)));
    return this.#result(false, [...removed], people, membership, known);
  }

  /** @param affected whoever is met is taken out of it */
  async #takeChanged(
    changes: Changes,
    membership: Membership,
    affected: Set<string>,
    drop: (id: string) => void,
  ): Promise<void> {
    // In the whole domain: who was moved out of the bases is found there.
    const question = { filter: and(...PEOPLE), attributes: attributesToRead(this.#options) };
    const changed = new Set<string>();
    for await (const page of changes.pages(question)) {
      if (changes.comesWhole) await this.#takePage(page, membership, drop, affected);
      else for (const entry of page) changed.add(idOf('active-directory', entry) ?? '');
    }
    changed.delete('');
    for (const id of changed) affected.delete(id);
    // Whom the account may no longer see is gone.
    for (const id of await this.#takeByIds([...changed], membership, drop)) drop(id);
  }

  /** @param left called for each person who is not asked for, or no more */
  async #takePeople(
    { base, filter }: Pick<Search, 'base' | 'filter'>,
    membership: Membership,
    left: (id: string) => void,
    missing?: Set<string>,
  ): Promise<number> {
    const attributes = attributesToRead(this.#options);
    let entries = 0;
    for await (const page of this.#connection.pages({ base, scope: 'sub', filter, attributes })) {
      entries += page.length;
      await this.#takePage(page, membership, left, missing);
    }
    return entries;
  }

  async #takePage(
    page: readonly DirectoryEntry[],
    membership: Membership,
    left: (id: string) => void,
    missing?: Set<string>,
  ): Promise<void> {
    for (const entry of page) {
      const id = idOf('active-directory', entry);
      if (id === undefined) continue;
      missing?.delete(id);
      const draft = isUnder(dnKey(entry.dn), this.#bases)
        ? draftOf(entry, this.#options, this.#domainName, groupsOf(membership, id, entry))
        : undefined;
      if (draft === undefined || !this.#gathering.add(draft)) left(id);
    }
    await this.#gathering.handOver();
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

  /** @returns those that are not there, or may not be seen */
  async #takeByIds(
    ids: readonly string[],
    membership: Membership,
    left: (id: string) => void,
  ): Promise<ReadonlySet<string>> {
    const missing = new Set(ids);
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const filter = and(...PEOPLE, anyOf(ids.slice(at, at + IDS_AT_ONCE)));
      await this.#takePeople({ base: this.#domain.context, filter }, membership, left, missing);
    }
    return missing;
  }

  /** People who were deleted, or whom the service account no longer sees. @returns what is known of that now */
  async #findGone(before: Picture, changes: Changes, drop: (id: string) => void): Promise<LookedForGone> {
    const goneCursor = String(this.#domain.usn);
    let seesDeleted = await this.#seesDeleted();
    // DirSync shows them also to whom no search does.
    if (seesDeleted || !changes.comesWhole) {
      const question = {
        filter: DELETED,
        attributes: ['objectGUID', 'isDeleted'],
        controls: [showDeleted()],
      };
      for await (const page of changes.pages(question)) {
        for (const entry of page) drop(idOf('active-directory', entry) ?? '');
        seesDeleted ||= page.length > 0;
      }
    }
    // What was owed from the time before lies behind the cursor, and is not among what has changed since.
    if (seesDeleted && before.goneCursor === before.cursor) return { sweptAt: before.sweptAt, goneCursor };
    const { now } = this.#reading;
    if (!isSweepDue(before, now)) return before;
    for (const id of await this.#missing(before.people)) drop(id);
    return { sweptAt: now, goneCursor };
  }

  /**
   * Who of these is no more, or not below the bases. Asked for by their ids, a page at most at a time: to page through
   * everybody costs Samba four times as much.
   */
  async #missing(people: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const missing = new Set(people);
    const ids = [...people];
    const search = { base: this.#domain.context, scope: 'sub', attributes: ['objectGUID'] } as const;
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      const filter = anyOf(ids.slice(at, at + IDS_AT_ONCE));
      for (const entry of await this.#connection.answer({ ...search, filter })) {
        if (isUnder(dnKey(entry.dn), this.#bases)) missing.delete(idOf('active-directory', entry) ?? '');
      }
    }
    return missing;
  }

  /**
   * By default only administrators may read deleted objects; others find none, without an error. So whoever finds one,
   * of whatever time, may.
   */
  async #seesDeleted(): Promise<boolean> {
    const search: Search = {
      base: `CN=Deleted Objects,${this.#domain.context}`,
      scope: 'sub',
      filter: DELETED,
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
    const dirSync = this.#dirSync;
    const picture: Picture = {
      fingerprint: fingerprintOf(this.#options),
      epoch: invocation,
      cursor: String(usn),
      dirSync: dirSync instanceof DirSync ? dirSync.cookie : '',
      sweptAt,
      goneCursor,
      people,
      membership,
    };
    const result = { complete, removed, picture, server: this.#connection.server.host };
    return dirSync instanceof DirSync ? result : { ...result, dirSyncRefused: dirSync.refused };
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
