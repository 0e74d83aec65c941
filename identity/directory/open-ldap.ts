/** OpenLDAP and its like: everybody, unless contextCSN says that nothing has changed (RFC 4533, slapo-syncprov(5)). */
import { AndFilter, EqualityFilter, OrFilter, PresenceFilter } from 'ldapts';
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import type { DirectoryConnection } from './connection.ts';
import { attributesToRead, draftOf } from './draft-of-entry.ts';
import type { DirectoryEntry } from './entry.ts';
import { fingerprintOf } from './picture.ts';
import { type Beginning, Gathering, mustHavePeople, type ReadResult } from './read.ts';
import { Domains, dnKey } from './values.ts';

const ANYTHING = new PresenceFilter({ attribute: 'objectClass' });
const isA = (value: string) => new EqualityFilter({ attribute: 'objectClass', value });
const PEOPLE = new OrFilter({ filters: [isA('person'), isA('posixAccount')] });
const GROUPS = new OrFilter({
  filters: [isA('groupOfNames'), isA('groupOfUniqueNames'), isA('groupOfMembers'), isA('posixGroup')],
});
const NO_GROUPS: readonly string[] = [];
const MOST_GROUPS = 100_000;
const MOST_MEMBERS = 1_000_000;
const LONGEST_DN = 4096;

export async function readOpenLdap(connection: DirectoryConnection, reading: Beginning): Promise<ReadResult> {
  const { options, before, now } = reading;
  const root = await connection.entry('', ['namingContexts'], ANYTHING);
  const contexts = root.texts('namingContexts', 100);
  const bases = options.bases.length === 0 ? contexts : options.bases;
  const cursor = await cursorOf(connection, contexts);
  const server = connection.server.host;
  if (before !== undefined && cursor !== '' && before.cursor === cursor) {
    return { complete: false, removed: [], picture: before, server };
  }
  const groups = await readGroups(connection, contexts, options.groups);
  const gathering = new Gathering(reading);
  const attributes = attributesToRead(options);
  const present = new PresenceFilter({ attribute: options.attributes.userName });
  const filter = new AndFilter({ filters: [present, PEOPLE] });
  const domains = new Domains();
  let entries = 0;
  for (const base of new Set(bases)) {
    for await (const page of connection.pages({ base, scope: 'sub', filter, attributes })) {
      entries += page.length;
      for (const entry of page) {
        const domain = options.domain === '' ? domains.of(entry.dn) : options.domain;
        const draft = draftOf(entry, options, domain, groupsOf(groups, entry));
        if (draft !== undefined) gathering.add(draft);
      }
      await gathering.handOver();
    }
  }
  mustHavePeople(gathering, entries);
  const membership = { byMember: new Map(), byPrimaryGroup: new Map(), watched: new Set<string>() };
  const fingerprint = fingerprintOf(options);
  const seen = { dirSync: '', sweptAt: now, goneCursor: cursor, people: gathering.seen };
  const picture = { fingerprint, epoch: '', cursor, ...seen, membership };
  return { complete: true, removed: [], picture, server };
}

/** What changes with every write; '' where the server does not tell it (no syncprov). */
async function cursorOf(connection: DirectoryConnection, contexts: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const context of contexts) {
    const entry = await connection.entry(context, ['contextCSN'], ANYTHING);
    const values = entry.texts('contextCSN', 100);
    if (values.length === 0) return '';
    parts.push(...values);
  }
  return parts.sort().join(' ');
}

/** Of the person, by DN or by uid. */
function groupsOf(
  groups: ReadonlyMap<string, ReadonlySet<string>>,
  entry: DirectoryEntry,
): readonly string[] {
  if (groups.size === 0) return NO_GROUPS;
  const names = [groups.get(dnKey(entry.dn)), groups.get(uidKey(entry.text('uid')))];
  return [...new Set(names.flatMap((each) => [...(each ?? [])]))].sort();
}

const uidKey = (uid: string): string => `uid ${uid}`;

/** Names of the groups by the DN or uid of whoever is in them. @throws Failure `directory-group` */
async function readGroups(
  connection: DirectoryConnection,
  contexts: readonly string[],
  named: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const result = new Map<string, Set<string>>();
  if (named.length === 0) return result;
  const groups = new Map<string, { readonly name: string; readonly members: readonly string[] }>();
  const attributes = ['cn', 'member', 'uniqueMember', 'memberUid'];
  for (const base of contexts) {
    for (const entry of await connection.all(
      { base, scope: 'sub', filter: GROUPS, attributes },
      MOST_GROUPS,
    )) {
      const values = (name: string) => entry.texts(name, MOST_MEMBERS, LONGEST_DN);
      const members = [
        ...[...values('member'), ...values('uniqueMember')].map(dnKey),
        ...values('memberUid').map(uidKey),
      ];
      groups.set(dnKey(entry.dn), { name: entry.text('cn'), members });
    }
  }
  for (const each of named) {
    const key = each.includes('=')
      ? dnKey(each)
      : [...groups].find(([, group]) => group.name.toLowerCase() === each.toLowerCase())?.[0];
    const start = key === undefined ? undefined : groups.get(key);
    if (key === undefined || start === undefined) {
      throw new Failure('directory-group', `the directory has no group ${printable(each, 200)}`, {
        advice: 'Write its DN or its cn in groups; nothing was changed',
      });
    }
    const visited = new Set([key]);
    for (const at of visited) {
      for (const member of groups.get(at)?.members ?? []) {
        if (groups.has(member)) visited.add(member);
        else result.set(member, (result.get(member) ?? new Set()).add(start.name));
      }
    }
  }
  return result;
}
