/** Thinks through what the gateway itself gives and takes: codes of a batch, cards learned, PINs, revocations. */
import { Failure } from '../../base/errors.ts';
import type { Turns } from '../import/turns.ts';
import type { PersonNumber } from '../index/people-index.ts';
import type { PersonId } from '../person.ts';
import {
  type BarredCredential,
  type ClaimedCredential,
  HERE,
  type StoredCredential,
  type StoredProfile,
} from '../store.ts';
import { type CredentialEdit, MOST_CREDENTIALS } from './draft.ts';
import type { Planned, PlanningPeople } from './planned.ts';
import { settle } from './settle.ts';
import type { Step } from './step.ts';
import { Summary } from './summary.ts';
import { readValue } from './values.ts';

/** People for whom the store is asked at once. */
const BATCH = 100;

/** @param at milliseconds since 1970 @throws Failure `no-such-person` */
export async function planEdits(
  edits: Iterable<CredentialEdit>,
  people: PlanningPeople,
  at: number,
  turns: Turns,
): Promise<Planned> {
  const summary = new Summary(at);
  const { steps, seen } = await editSteps(edits, people, summary, turns);
  const { change, index } = await settle(steps, people, summary, at, turns);
  return {
    change,
    summary,
    index,
    lastNumber: people.lastNumber,
    counts: { seen, before: people.index.size },
  };
}

/** One step for each person. @throws Failure `no-such-person` */
export async function editSteps(
  edits: Iterable<CredentialEdit>,
  people: PlanningPeople,
  summary: Summary,
  turns: Turns,
): Promise<{ readonly steps: readonly Step[]; readonly seen: number }> {
  const byNumber = new Map<PersonNumber, CredentialEdit[]>();
  let seen = 0;
  await turns.forEach(edits, (edit) => {
    seen += 1;
    const number = people.index.numberOf(edit.person);
    if (number === undefined) throw new Failure('no-such-person', 'one of the people is not there any more');
    const theirs = byNumber.get(number);
    if (theirs === undefined) byNumber.set(number, [edit]);
    else theirs.push(edit);
  });
  const steps: Step[] = [];
  const numbers = [...byNumber.keys()];
  for (let from = 0; from < numbers.length; from += BATCH) {
    const some = numbers.slice(from, from + BATCH);
    const [profiles, credentials, claims] = await Promise.all([
      people.store.profilesOf(some),
      people.store.credentialsOf(some),
      people.store.claimsBy(some),
    ]);
    const held = Map.groupBy(credentials, ({ owner }) => owner);
    const claimed = Map.groupBy(claims, ({ owner }) => owner);
    await turns.forEach(profiles, (profile) => {
      const { number } = profile;
      const editing = new Editing(
        profile,
        held.get(number) ?? [],
        claimed.get(number) ?? [],
        people,
        summary,
      );
      for (const edit of byNumber.get(number) ?? []) editing.take(edit);
      steps.push(editing.step());
    });
  }
  return { steps, seen };
}

/** The credentials of one person while edits go over them. */
class Editing {
  readonly #profile: StoredProfile;
  readonly #people: PlanningPeople;
  readonly #summary: Summary;
  readonly #before: ReadonlyMap<string, StoredCredential>;
  readonly #claims: ReadonlyMap<string, ClaimedCredential>;
  readonly #now: Map<string, StoredCredential>;
  readonly #barred = new Map<string, BarredCredential>();

  constructor(
    profile: StoredProfile,
    held: readonly StoredCredential[],
    claimed: readonly ClaimedCredential[],
    people: PlanningPeople,
    summary: Summary,
  ) {
    this.#profile = profile;
    this.#people = people;
    this.#summary = summary;
    this.#before = new Map(held.map((each) => [each.key.toString('hex'), each]));
    this.#claims = new Map(claimed.map((each) => [each.key.toString('hex'), each]));
    this.#now = new Map(this.#before);
  }

  take(edit: CredentialEdit): void {
    if (edit.edit === 'expire') return this.#expire(edit);
    const value = edit.text === undefined ? undefined : this.#read(edit.kind, edit.text, edit.person);
    if (edit.text !== undefined && value === undefined) return;
    if (edit.edit === 'revoke') return this.#revoke(edit, value?.key.toString('hex'));
    if (value === undefined) return;
    const { kind, expiresAt } = edit;
    const rank = kind === 'pin' ? 'primary' : edit.rank;
    const hex = value.key.toString('hex');
    // Those that have ended here are only in the way.
    this.#take(
      (each, key) => key !== hex && each.kind === kind && each.origin === HERE && this.#isOver(each),
    );
    if (value.trivial) this.#complain('trivial', kind);
    if (edit.replace || kind === 'pin') {
      this.#take((each, key) => key !== hex && each.kind === kind && each.rank === rank);
    }
    if ([...this.#now.values()].filter((each) => each.kind === kind).length >= MOST_CREDENTIALS) {
      return this.#complain('too-many', kind);
    }
    const end = expiresAt === undefined ? {} : { expiresAt };
    this.#barred.delete(hex);
    this.#now.set(hex, { key: value.key, owner: this.#profile.number, kind, rank, origin: HERE, ...end });
  }

  #expire({ kind, rank, expiresAt }: CredentialEdit & { readonly edit: 'expire' }): void {
    for (const [hex, each] of this.#now) {
      if (each.kind !== kind || (rank !== undefined && each.rank !== rank)) continue;
      if ((each.expiresAt ?? Number.POSITIVE_INFINITY) > expiresAt)
        this.#now.set(hex, { ...each, expiresAt });
    }
  }

  #isOver({ expiresAt }: StoredCredential): boolean {
    return expiresAt !== undefined && expiresAt <= this.#summary.now;
  }

  #revoke(edit: CredentialEdit & { readonly edit: 'revoke' }, hex: string | undefined): void {
    this.#take(
      (each, key) =>
        each.kind === edit.kind &&
        (edit.rank === undefined || each.rank === edit.rank) &&
        (hex === undefined || key === hex),
      true,
    );
  }

  /**
   * What a source gave is barred, or it would be back with the next sync; what was revoked is not given out again. What the person
   * claims is barred too, or it would come when somebody else loses it.
   */
  #take(which: (each: StoredCredential, hex: string) => boolean, always = false): void {
    for (const [hex, each] of [...this.#now, ...this.#claims]) {
      if (!which(each, hex)) continue;
      this.#now.delete(hex);
      const bars = each.kind !== 'pin' && (always || each.origin !== HERE);
      const isOfBefore = this.#before.has(hex) || this.#claims.has(hex);
      if (isOfBefore && bars) this.#barred.set(hex, { key: each.key, owner: each.owner });
    }
  }

  step(): Step {
    const { number, person, details } = this.#profile;
    const lost = [...this.#before].filter(([hex]) => !this.#now.has(hex)).map(([, each]) => each);
    const restated: StoredCredential[] = [];
    const wanted: StoredCredential[] = [];
    for (const [hex, each] of this.#now) {
      const before = this.#before.get(hex);
      if (before === undefined) wanted.push(each);
      else if (before !== each && !isSame(before, each)) restated.push(each);
    }
    return {
      number,
      before: this.#people.index.entry(number),
      after: { person, details },
      fields: [],
      lost,
      restated,
      wanted,
      barred: [...this.#barred.values()],
      claims: [...this.#claims].filter(([hex]) => this.#barred.has(hex)).map(([, each]) => each),
    };
  }

  #read(kind: CredentialEdit['kind'], text: string, person: PersonId) {
    const value = readValue(this.#people.hash, kind, text, person);
    if (value === undefined) this.#complain('unreadable', kind);
    return value;
  }

  #complain(issue: 'unreadable' | 'trivial' | 'too-many', what: string): void {
    const { person, details } = this.#profile;
    this.#summary.issue({ issue, what, userName: person.userName, domain: details.domain });
  }
}

function isSame(a: StoredCredential, b: StoredCredential): boolean {
  return a.rank === b.rank && a.origin === b.origin && a.expiresAt === b.expiresAt;
}
