/** Whom each row of a file means, and what the rows ask of the people engine together. */
import { randomUUID } from 'node:crypto';
import type { PeopleIndex, PersonNumber } from '../index/people-index.ts';
import { withQualifiedName } from '../index/qualified-name.ts';
import { type CredentialEdit, LOCAL, type PersonDraft } from '../people/draft.ts';
import { PersonId, userNameKey } from '../person.ts';
import { type IdentityStore, plainDetails, type StoredProfile } from '../store.ts';
import type { Problems } from './problems.ts';
import type { ColumnOf, ImportRow } from './row.ts';
import type { Turns } from './turns.ts';

/** A row and its person. */
export interface Meant {
  readonly row: ImportRow;
  readonly id: PersonId;
  /** Undefined: somebody new. */
  readonly number: PersonNumber | undefined;
  /** {@link LOCAL}, or the directory that the person comes from. */
  readonly source: string;
  /** As it is afterwards. */
  readonly userName: string;
}

export interface ResolvingPeople {
  readonly index: PeopleIndex;
  readonly store: IdentityStore;
}

/** People for whom the store is asked at once. */
const BATCH = 100;

/** Rows that mean exactly one person, or somebody new; the others are complained of. */
export async function whoIsMeant(
  rows: readonly ImportRow[],
  index: PeopleIndex,
  columns: ColumnOf,
  problems: Problems,
  turns: Turns,
): Promise<Meant[]> {
  const found: Meant[] = [];
  const lines = new Map<PersonNumber | string, number>();
  await turns.forEach(rows, (row) => {
    const known = knownFor(row, index);
    const column = row.email === '' || row.operation === 'PUT' ? columns.userName : columns.email;
    const newcomer = row.email === '' ? `name ${userNameKey(row.userName ?? '')}` : row.email;
    const who = known[0] ?? newcomer;
    const earlier = lines.get(who) ?? (row.operation === 'CREATE' ? lines.get(newcomer) : undefined);
    if (earlier !== undefined) {
      const message = `is the same as in line ${earlier}; a person may have one row in a file`;
      return problems.add(row.line, column, message);
    }
    lines.set(who, row.line);
    if (row.operation === 'CREATE') lines.set(newcomer, row.line);
    const objection = objectionTo(row, known.length);
    if (objection !== undefined) return problems.add(row.line, column, objection);
    const [number] = known;
    const entry = number === undefined ? undefined : index.entry(number);
    found.push({
      row,
      id: entry?.id ?? PersonId(randomUUID()),
      number,
      source: entry?.source ?? LOCAL,
      userName: nameOf(row, entry),
    });
  });
  await compareNames(found, index, columns, problems, turns);
  return found.filter(({ row }) => !problems.has(row.line));
}

/** By address; where several have it, or it is empty, by user name. A list that goes by user names has PUT. */
function knownFor({ operation, email, userName }: ImportRow, index: PeopleIndex): PersonNumber[] {
  const named = () => (userName === undefined ? [] : withQualifiedName(index, userName));
  if (operation === 'PUT') return named();
  const addressed = email === '' ? [] : index.withEmail(email);
  if (email !== '' && addressed.length < 2) return addressed;
  const both = email === '' ? named() : named().filter((number) => addressed.includes(number));
  return both.length === 0 ? addressed : both;
}

function objectionTo({ operation }: ImportRow, known: number): string | undefined {
  if (known > 1) return 'belongs to more than one person, so it does not tell which one is meant';
  if (operation === 'CREATE' && known === 1)
    return 'belongs to somebody who is there already; UPDATE changes people';
  if ((operation === 'UPDATE' || operation === 'DELETE') && known === 0)
    return `belongs to nobody; ${operation} needs somebody who is there`;
  return undefined;
}

/** `jdoe` of `jdoe@example.org` when nothing else is told, as Lexmark's format needs no user name. */
function nameOf(
  { operation, email, userName }: ImportRow,
  entry: { readonly userName: string; readonly source: string } | undefined,
): string {
  if (entry === undefined) return userName ?? email.slice(0, email.lastIndexOf('@'));
  const renames = operation === 'UPDATE' && entry.source === LOCAL && userName !== undefined;
  // `\\name` tells somebody from people of directories who have that name too.
  const isTold = userNameKey(userName ?? '') === userNameKey(`\\${entry.userName}`);
  return renames && !isTold ? userName : entry.userName;
}

/** User names must differ afterwards; what one row takes away is free for another. */
async function compareNames(
  found: readonly Meant[],
  index: PeopleIndex,
  columns: ColumnOf,
  problems: Problems,
  turns: Turns,
): Promise<void> {
  const byNumber = new Map(found.flatMap((each) => (each.number === undefined ? [] : [[each.number, each]])));
  const given = new Map<string, Meant>();
  await turns.forEach(found, (meant) => {
    const { row, number, userName } = meant;
    if (row.operation === 'DELETE') return;
    const key = userNameKey(userName);
    const before = number === undefined ? undefined : index.entry(number)?.userName;
    if (before !== undefined && userNameKey(before) === key) return;
    const complain = (other: string) => {
      const message = `is also the user name of ${other}; user names must differ`;
      problems.add(row.line, columns.userName, message);
    };
    const earlier = given.get(key);
    if (earlier !== undefined) return complain(`${earlier.userName} (line ${earlier.row.line})`);
    given.set(key, meant);
    const stays = index.withUserName(userName).find((other) => {
      const theirs = byNumber.get(other);
      if (theirs === undefined) return true;
      return theirs.row.operation !== 'DELETE' && userNameKey(theirs.userName) === key;
    });
    if (stays !== undefined) complain(index.byNumber(stays)?.userName ?? 'somebody');
  });
}

/** What is asked of people who are kept here: drafts of all of each person, with what their row says. */
export async function* draftsOf(
  found: readonly Meant[],
  { store }: ResolvingPeople,
): AsyncGenerator<PersonDraft> {
  const local = found.filter(({ row, source }) => source === LOCAL && row.operation !== 'DELETE');
  for await (const [meant, profile] of withProfiles(local, store)) yield draftOf(meant, profile);
}

/** What is asked of people of directories: only cards, codes and PIN are given here. */
export async function editsOf(
  found: readonly Meant[],
  { store }: ResolvingPeople,
  options: { readonly columns: ColumnOf; readonly credentialsOnly: boolean },
  problems: Problems,
): Promise<CredentialEdit[]> {
  const edits: CredentialEdit[] = [];
  const others = found.filter(({ source }) => source !== LOCAL);
  for await (const [{ row, id, source }, profile] of withProfiles(others, store)) {
    const there = `${source}, where they come from`;
    if (row.operation === 'DELETE') {
      problems.add(
        row.line,
        options.columns.email,
        `belongs to somebody who can only be deleted in ${there}`,
      );
      continue;
    }
    if (profile !== undefined && !options.credentialsOnly) {
      for (const field of differing(row, profile)) {
        problems.add(row.line, options.columns[field], `can only be changed in ${there}`);
      }
    }
    edits.push(...issuing(id, 'card', row.cards), ...issuing(id, 'code', row.codes));
    if (row.pin !== undefined) edits.push(...issuing(id, 'pin', [row.pin]));
  }
  return edits;
}

/** The first takes the place of the primary one, the others that of the secondary ones. */
function issuing(
  person: PersonId,
  kind: 'card' | 'code' | 'pin',
  texts: readonly string[] = [],
): CredentialEdit[] {
  return texts.map((text, at) => ({
    edit: 'issue',
    person,
    kind,
    text,
    rank: at === 0 ? 'primary' : 'secondary',
    replace: at < 2,
  }));
}

async function* withProfiles(
  found: readonly Meant[],
  store: IdentityStore,
): AsyncGenerator<[Meant, StoredProfile | undefined]> {
  for (let from = 0; from < found.length; from += BATCH) {
    const some = found.slice(from, from + BATCH);
    const numbers = some.flatMap(({ number }) => number ?? []);
    const profiles = new Map((await store.profilesOf(numbers)).map((each) => [each.number, each]));
    for (const meant of some) yield [meant, profiles.get(meant.number ?? 0)];
  }
}

function draftOf({ row, id, userName }: Meant, profile: StoredProfile | undefined): PersonDraft {
  const { person, details } = profile ?? { person: undefined, details: plainDetails(id) };
  const whole = [row.givenName, row.familyName].filter((name) => name !== undefined).join(' ');
  const { cards, codes, pin } = row;
  return {
    ...details,
    userName,
    displayName: row.displayName ?? person?.displayName ?? (whole === '' ? userName : whole),
    email: row.email === '' ? (person?.email ?? '') : row.email,
    givenName: row.givenName ?? details.givenName,
    familyName: row.familyName ?? details.familyName,
    department: row.department ?? details.department,
    office: row.office ?? details.office,
    costCenter: row.costCenter ?? details.costCenter,
    restricted: row.restricted ?? details.restricted,
    groups: row.groups ?? details.groups,
    attributes: row.attributes ?? details.attributes,
    ...(cards === undefined ? {} : { cards }),
    ...(codes === undefined ? {} : { codes }),
    ...(pin === undefined ? {} : { pin }),
  };
}

type Told = Extract<
  keyof ColumnOf,
  'givenName' | 'familyName' | 'displayName' | 'department' | 'costCenter' | 'groups' | 'attributes'
>;

/** Fields of which the row says something else than the directory. */
function differing(row: ImportRow, { person, details }: StoredProfile): Told[] {
  const is = { ...details, displayName: person.displayName };
  const texts = ['givenName', 'familyName', 'displayName', 'department', 'costCenter'] as const;
  const found: Told[] = texts.filter((field) => row[field] !== undefined && row[field] !== is[field]);
  const sorted = (names: readonly string[]) => JSON.stringify(names.map(userNameKey).sort());
  if (row.groups !== undefined && sorted(row.groups) !== sorted(is.groups)) found.push('groups');
  const entries = (attributes: Readonly<Record<string, string>>) =>
    JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (row.attributes !== undefined && entries(row.attributes) !== entries(is.attributes)) {
    found.push('attributes');
  }
  return found;
}
