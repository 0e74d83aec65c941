/** Who is in which group of Active Directory, by however many steps. */
import { AndFilter, EqualityFilter, ExtensibleFilter, type Filter, NotFilter, OrFilter } from 'ldapts';
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import type { DirectoryConnection } from './connection.ts';
import { idOf } from './draft-of-entry.ts';
import type { DirectoryEntry } from './entry.ts';
import type { Membership } from './picture.ts';
import { guidOctets, wholeNumber } from './values.ts';

export const GROUP: Filter = new EqualityFilter({ attribute: 'objectClass', value: 'group' });
/** LDAP_MATCHING_RULE_TRANSITIVE_EVAL (MS-ADTS §3.1.1.3.4.4.3). */
const IN_CHAIN = '1.2.840.113556.1.4.1941';

/** Entries that are asked for by their ids in one search. */
export const IDS_AT_ONCE = 100;

export const anyOf = (ids: readonly string[]): Filter =>
  new OrFilter({
    filters: ids.map((id) => new EqualityFilter({ attribute: 'objectGUID', value: guidOctets(id) })),
  });

const ATTRIBUTES = ['objectGUID', 'sAMAccountName', 'primaryGroupToken'];

/** @throws Failure `directory-group` when one of the groups is not there: its members would seem to have left */
export async function readMembership(
  connection: DirectoryConnection,
  context: string,
  groups: readonly string[],
): Promise<Membership> {
  const membership = {
    byMember: new Map<string, readonly string[]>(),
    byPrimaryGroup: new Map<number, readonly string[]>(),
    watched: new Set<string>(),
  };
  for (const named of groups) {
    const { dn, name, entry: start } = await findGroup(connection, context, named);
    const note = (group: DirectoryEntry) => {
      const id = idOf('active-directory', group);
      if (id !== undefined) membership.watched.add(id);
      addTo(membership.byPrimaryGroup, wholeNumber(group.text('primaryGroupToken')) ?? 0, name);
    };
    note(start);
    const inChain = new ExtensibleFilter({ matchType: 'memberOf', rule: IN_CHAIN, value: dn });
    const search = { base: context, scope: 'sub' } as const;
    const nested = new AndFilter({ filters: [GROUP, inChain] });
    for await (const page of connection.pages({ ...search, filter: nested, attributes: ATTRIBUTES })) {
      for (const entry of page) note(entry);
    }
    const members = new AndFilter({ filters: [new NotFilter({ filter: GROUP }), inChain] });
    for await (const page of connection.pages({ ...search, filter: members, attributes: ['objectGUID'] })) {
      for (const entry of page) {
        const id = idOf('active-directory', entry);
        if (id !== undefined) addTo(membership.byMember, id, name);
      }
    }
  }
  return membership;
}

/** Whether one of the groups was deleted: those that it was in lose its members without their USN changing. */
export async function isAnyGone(
  connection: DirectoryConnection,
  context: string,
  groups: ReadonlySet<string>,
): Promise<boolean> {
  const ids = [...groups];
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const some = ids.slice(at, at + IDS_AT_ONCE);
    const filter = new AndFilter({ filters: [GROUP, anyOf(some)] });
    const search = { base: context, scope: 'sub', filter, attributes: ['objectGUID'] } as const;
    if ((await connection.all(search)).length < some.length) return true;
  }
  return false;
}

function addTo<Key>(map: Map<Key, readonly string[]>, key: Key, name: string): void {
  const names = map.get(key) ?? [];
  if (!names.includes(name)) map.set(key, [...names, name].sort());
}

async function findGroup(connection: DirectoryConnection, context: string, named: string) {
  const isDn = named.includes('=');
  const byName = new EqualityFilter({ attribute: 'sAMAccountName', value: named });
  const found = await connection
    .all({
      base: isDn ? named : context,
      scope: isDn ? 'base' : 'sub',
      filter: isDn ? GROUP : new AndFilter({ filters: [GROUP, byName] }),
      attributes: ATTRIBUTES,
    })
    .catch((cause: unknown) => {
      if (cause instanceof Failure && cause.code === 'directory-error') return [];
      throw cause;
    });
  const [entry] = found;
  if (entry === undefined) {
    throw new Failure('directory-group', `the directory has no group ${printable(named, 200)}`, {
      advice: 'Write its DN or its sAMAccountName in groups; nothing was changed',
    });
  }
  return { dn: entry.dn, name: entry.text('sAMAccountName') || named, entry };
}
