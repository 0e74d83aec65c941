/** From the rows of a file to one change: what each row means for the people there are, and where rows collide. */
import { randomUUID } from 'node:crypto';
import type { CredentialKey } from '../credential.ts';
import type { PeopleIndex, PersonNumber } from '../index/people-index.ts';
import type { IndexedPerson, Standing } from '../index/records.ts';
import { LOCAL } from '../people/draft.ts';
import { type Person, PersonId, userNameKey } from '../person.ts';
import type { IdentityStore, PeopleChange, StoredCredential, StoredPerson } from '../store.ts';
import type { Problems } from './problems.ts';
import type { ImportRow } from './rows.ts';
import type { Turns } from './turns.ts';

export interface ImportReport {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  /** Rows that say what is known already. */
  readonly unchanged: number;
}

export interface PlannedImport {
  /** The people as they are afterwards. */
  readonly index: PeopleIndex;
  readonly change: PeopleChange;
  readonly report: ImportReport;
  /** Whoever was there before and is now different, or gone. */
  readonly updated: readonly PersonId[];
  readonly removed: readonly PersonId[];
}

export interface People {
  readonly index: PeopleIndex;
  readonly store: IdentityStore;
  /** The highest number taken. */
  readonly lastNumber: PersonNumber;
}

/** What a row does. */
interface Step {
  readonly line: number;
  readonly number: PersonNumber;
  readonly before: IndexedPerson | undefined;
  /** Undefined: the person goes. */
  readonly after: (Person & Partial<Standing>) | undefined;
  /** A new code, in place of the one before. */
  readonly code: CredentialKey | undefined;
}

/** People whose credentials are asked for at once. */
const QUESTION = 500;

/**
 * The order of the rows does not matter: what rows take away is free for the others, so that two people may swap codes.
 * When there are problems afterwards the plan must not be carried out.
 * @param at milliseconds since 1970
 */
export async function planImport(
  rows: readonly ImportRow[],
  people: People,
  at: number,
  problems: Problems,
  turns: Turns,
): Promise<PlannedImport> {
  const { steps, unchanged } = await stepsOf(rows, people, problems, turns);
  const credentials = await credentialsToGo(steps, people.store, turns);
  const index = people.index.fork();
  const revoked = await takeAway(steps, credentials, index, turns);
  await give(steps, index, problems, turns);
  return { index, ...(await summaryOf(steps, unchanged, revoked, at, turns)) };
}

async function stepsOf(rows: readonly ImportRow[], people: People, problems: Problems, turns: Turns) {
  const steps = new Map<PersonNumber, Step>();
  const lines = new Map<string, number>();
  let { lastNumber } = people;
  let unchanged = 0;
  await turns.forEach(rows, (row) => {
    const sameEmail = lines.get(row.email);
    if (sameEmail !== undefined) {
      problems.add(
        row.line,
        'EMAIL',
        `is the same as in line ${sameEmail}; a person may have one row in a file`,
      );
      return;
    }
    lines.set(row.email, row.line);
    const known = people.index.withEmail(row.email);
    const objection = objectionTo(row, known.length);
    if (objection !== undefined) return problems.add(row.line, 'EMAIL', objection);
    const number = known[0] ?? ++lastNumber;
    const step = stepOf(row, number, people.index);
    if (step === undefined) unchanged += 1;
    else steps.set(number, step);
  });
  return { steps, unchanged };
}

/** @param known how many people have the e-mail address */
function objectionTo({ operation }: ImportRow, known: number): string | undefined {
  if (known > 1) return 'belongs to more than one person, so it does not tell which one is meant';
  if (operation === 'CREATE' && known === 1)
    return 'belongs to somebody who is there already; UPDATE changes people';
  if (operation !== 'CREATE' && known === 0)
    return `belongs to nobody; ${operation} needs somebody who is there`;
  return undefined;
}

/** Undefined when the row changes nothing. */
function stepOf(row: ImportRow, number: PersonNumber, index: PeopleIndex): Step | undefined {
  const { line, operation, email } = row;
  const before = index.entry(number);
  if (operation === 'DELETE') return { line, number, before, after: undefined, code: undefined };
  const userName = row.userName ?? before?.userName ?? '';
  const after: Person & Partial<Standing> = {
    ...before,
    id: before?.id ?? PersonId(randomUUID()),
    userName,
    displayName: row.displayName ?? before?.displayName ?? userName,
    email,
  };
  const code = row.code !== undefined && index.ownerOf(row.code) !== number ? row.code : undefined;
  const same = before?.userName === after.userName && before.displayName === after.displayName;
  return same && code === undefined ? undefined : { line, number, before, after, code };
}

/** Of people who go, and of people who get another code. */
async function credentialsToGo(steps: ReadonlyMap<PersonNumber, Step>, store: IdentityStore, turns: Turns) {
  const owners: PersonNumber[] = [];
  await turns.forEach(steps.values(), ({ number, before, after, code }) => {
    if (before !== undefined && (after === undefined || code !== undefined)) owners.push(number);
  });
  const found: StoredCredential[] = [];
  for (let from = 0; from < owners.length; from += QUESTION) {
    found.push(...(await store.credentialsOf(owners.slice(from, from + QUESTION))));
  }
  return found;
}

/** Takes out of the index what the rows take away or replace. Gives the credentials that people lose who stay. */
async function takeAway(
  steps: ReadonlyMap<PersonNumber, Step>,
  credentials: readonly StoredCredential[],
  index: PeopleIndex,
  turns: Turns,
): Promise<CredentialKey[]> {
  const revoked: CredentialKey[] = [];
  await turns.forEach(credentials, ({ key, owner, kind, rank }) => {
    const stays = steps.get(owner)?.after !== undefined;
    if (stays && !(kind === 'code' && rank === 'primary')) return;
    index.removeCredential(key, owner);
    if (stays) revoked.push(key);
  });
  await turns.forEach(steps.values(), ({ number, before }) => {
    if (before !== undefined) index.remove(number);
  });
  return revoked;
}

/** Puts into the index what the rows give, and complains of what somebody has already. */
async function give(
  steps: ReadonlyMap<PersonNumber, Step>,
  index: PeopleIndex,
  problems: Problems,
  turns: Turns,
): Promise<void> {
  const named = (number: PersonNumber, inFile: (step: Step) => boolean) => {
    const step = steps.get(number);
    const person = step?.after ?? index.byNumber(number);
    const line = step !== undefined && inFile(step) ? `, line ${step.line}` : '';
    return `${person?.email || 'somebody without e-mail'} (${person?.userName}${line})`;
  };
  await turns.forEach(steps.values(), (step) => {
    const { line, number, after, code } = step;
    if (after === undefined) return;
    const isNew = (other: PersonNumber) => renames(step) || renames(steps.get(other));
    const sameName = index.withUserName(after.userName).find(isNew);
    if (sameName !== undefined) {
      const other = named(sameName, () => true);
      problems.add(line, 'SHORTNAME', `is also the user name of ${other}; user names must differ`);
    }
    index.put(number, after);
    if (code === undefined) return;
    const sameCode = index.ownerOf(code);
    if (sameCode === undefined) index.addCredential(code, number);
    else {
      const owner = named(sameCode, (step) => step.code !== undefined);
      problems.add(line, 'CODE', `is also the code of ${owner}; codes must differ`);
    }
  });
}

/** Whether somebody gets a user name by this step. Two who had the same one before, in two domains, may keep it. */
function renames(step: Step | undefined): boolean {
  if (step?.after === undefined) return false;
  return userNameKey(step.before?.userName ?? '') !== userNameKey(step.after.userName);
}

async function summaryOf(
  steps: ReadonlyMap<PersonNumber, Step>,
  unchanged: number,
  revoked: readonly CredentialKey[],
  at: number,
  turns: Turns,
) {
  const people: StoredPerson[] = [];
  const issued: StoredCredential[] = [];
  const removedNumbers: PersonNumber[] = [];
  const removed: PersonId[] = [];
  const updated: PersonId[] = [];
  let created = 0;
  await turns.forEach(steps.values(), ({ number, before, after, code }) => {
    if (before === undefined) created += 1;
    else (after === undefined ? removed : updated).push(before.id);
    if (after === undefined) removedNumbers.push(number);
    else people.push({ number, person: after });
    if (code !== undefined)
      issued.push({ key: code, owner: number, kind: 'code', rank: 'primary', origin: LOCAL });
  });
  return {
    change: { at, removed: removedNumbers, revoked, people, issued } satisfies PeopleChange,
    report: { created, updated: updated.length, deleted: removed.length, unchanged } satisfies ImportReport,
    updated,
    removed,
  };
}
