/** What has changed in Active Directory since the last picture: by the USN of one controller, or by DirSync of any. */
import { AndFilter, EqualityFilter, GreaterThanEqualsFilter, OrFilter } from 'ldapts';
import { GROUP } from './ad-groups.ts';
import type { DirectoryConnection, Search } from './connection.ts';
import type { DirSync } from './dir-sync.ts';
import { idOf } from './draft-of-entry.ts';
import type { DirectoryEntry } from './entry.ts';
import { wholeNumber } from './values.ts';

type Question = Pick<Search, 'filter' | 'attributes' | 'controls'>;

export interface Changes {
  /** Whether what changed comes with all attributes that were asked for, or only with those that have changed. */
  readonly comesWhole: boolean;
  /** Entries of the domain that match and have changed. */
  pages(question: Question): AsyncIterable<readonly DirectoryEntry[]>;
  /** An entry that was not there before. */
  isNew(entry: DirectoryEntry): boolean;
}

/** What {@link Changes.isNew} goes by. */
const TELLS_NEW = ['objectClass', 'uSNCreated'] as const;

/** By their category: there are many other things that are containers too, and none of them holds people. */
const PLACES = new OrFilter({
  filters: ['organizationalUnit', 'container'].map(
    (value) => new EqualityFilter({ attribute: 'objectCategory', value }),
  ),
});

/** Whatever was written on this controller since. */
export function changesByUsn(connection: DirectoryConnection, context: string, since: bigint): Changes {
  const changed = new GreaterThanEqualsFilter({ attribute: 'uSNChanged', value: String(since + 1n) });
  return {
    comesWhole: true,
    pages: (question) => {
      // What few have comes first: Samba takes the parts in turn, half the time.
      const filter = new AndFilter({ filters: [changed, question.filter] });
      return connection.pages({ ...question, base: context, scope: 'sub', filter });
    },
    isNew: (entry) => (wholeNumber(entry.text('uSNCreated')) ?? 0) > since,
  };
}

export function changesByDirSync(dirSync: DirSync): Changes {
  return {
    comesWhole: false,
    // The name is another one when the entry was moved: the person has not changed, and lies elsewhere.
    pages: ({ filter, attributes }) => dirSync.changed({ filter, attributes: [...attributes, 'name'] }),
    // The class never changes: when it is told, all of it is.
    isNew: (entry) => entry.texts('objectClass', 1).length > 0,
  };
}

/** Whether an OU or container was moved or renamed. */
export async function isPlaceMoved(changes: Changes): Promise<boolean> {
  for await (const page of changes.pages({ filter: PLACES, attributes: TELLS_NEW })) {
    // Who came into a new one was moved, or is new.
    if (page.some((entry) => !changes.isNew(entry))) return true;
  }
  return false;
}

/** Whether one of these groups has other members or another name. */
export async function isGroupChanged(changes: Changes, watched: ReadonlySet<string>): Promise<boolean> {
  if (watched.size === 0) return false;
  const attributes = ['objectGUID', 'sAMAccountName', 'member'];
  for await (const page of changes.pages({ filter: GROUP, attributes })) {
    if (page.some((entry) => watched.has(idOf('active-directory', entry) ?? ''))) return true;
  }
  return false;
}
