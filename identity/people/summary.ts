/** What a plan would do, in numbers and names: for whoever decides about it. Holds no card or code. */
import { createHash } from 'node:crypto';
import type { CredentialKind } from '../credential.ts';
import type { Person, PersonId } from '../person.ts';
import type { StoredCredential } from '../store.ts';
import {
  type Conflicts,
  type CredentialCount,
  type Fate,
  MOST_LISTED,
  type PeoplePlan,
  type PersonDetails,
  type PlanCounts,
  type PlanIssue,
  type PlannedPerson,
} from './draft.ts';
import type { Step } from './step.ts';

const DIGEST_LENGTH = 32;
/** Who goes is told first, then who loses or gains, then the others. */
const ORDER: readonly Fate[] = ['removed', 'disabled', 'enabled', 'created', 'changed'];

export class Summary {
  readonly updated: PersonId[] = [];
  readonly removed: PersonId[] = [];
  /** Who may sign in no more, by this plan. */
  readonly disabled: PersonId[] = [];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly #issues: PlanIssue[] = [];
  /** By fate, so that each has room in the list. */
  readonly #people = new Map<Fate, PlannedPerson[]>();
  readonly #fates = { created: 0, changed: 0, disabled: 0, enabled: 0, removed: 0 };
  readonly #digest = Buffer.alloc(DIGEST_LENGTH);
  #unchanged = 0;
  #issueCount = 0;
  #credentialsChanged = 0;
  #claims = 0;
  #gained: CredentialCount = { cards: 0, codes: 0 };
  #lost: CredentialCount = { cards: 0, codes: 0 };

  /** @param now milliseconds since 1970 */
  constructor(now: number) {
    this.now = now;
  }

  issue(issue: PlanIssue): void {
    this.#issueCount += 1;
    // They are loaded all the same: what is not must find room in the list.
    if (issue.issue === 'trivial' && this.#issues.length >= MOST_LISTED / 2) return;
    if (this.#issues.length < MOST_LISTED) this.#issues.push(issue);
  }

  conflict(
    { kind }: StoredCredential,
    { person, details }: { readonly person: Person; readonly details: PersonDetails },
    holder: string | undefined,
  ): void {
    const { domain } = details;
    this.issue({ issue: 'conflict', what: kind, userName: person.userName, domain, holder: holder ?? '' });
  }

  /** Those that stand beside what the plan does. */
  conflicts({ count, listed }: Conflicts): void {
    for (const each of listed) this.issue(each);
    this.#issueCount += count - listed.length;
  }

  /** @param count of claims that begin or end */
  claims(count: number): void {
    this.#claims += count;
  }

  /** Somebody of whom the source says what is known. */
  same(): void {
    this.#unchanged += 1;
  }

  /** @param gained those of the wanted credentials that nobody has */
  add(step: Step, gained: readonly StoredCredential[]): void {
    const { before, after, fields, lost, restated } = step;
    const touched = gained.length + lost.length + restated.length > 0;
    if (before !== undefined && after !== undefined && fields.length === 0 && !touched) return this.same();
    const fate = this.#fateOf(step);
    this.#fates[fate] += 1;
    if (before !== undefined) this.#told(before.id, fate);
    const counted = { gained: countOf(gained), lost: countOf(lost) };
    this.#gained = sum(this.#gained, counted.gained);
    this.#lost = sum(this.#lost, counted.lost);
    if (before !== undefined && touched) this.#credentialsChanged += 1;
    const { userName = '', displayName = '' } = after?.person ?? before ?? {};
    const domain = after?.details.domain ?? before?.domain ?? '';
    const listed = this.#people.get(fate) ?? [];
    this.#people.set(fate, listed);
    if (listed.length < MOST_LISTED) listed.push({ fate, userName, domain, displayName, fields, ...counted });
    this.#mix(step, fate, gained);
  }

  /** @param known what the plan itself does not tell */
  plan(source: string, known: Pick<PlanCounts, 'seen' | 'before'>): PeoplePlan {
    const counts: PlanCounts = {
      ...known,
      ...this.#fates,
      unchanged: this.#unchanged,
      credentialsChanged: this.#credentialsChanged,
      gained: this.#gained,
      lost: this.#lost,
      claims: this.#claims,
      issues: this.#issueCount,
    };
    const listed = ORDER.flatMap((fate) => this.#people.get(fate) ?? []);
    const weight = ({ fate, gained, lost }: PlannedPerson) => {
      if (fate === 'removed' || fate === 'disabled') return 0;
      return gained.cards + gained.codes + lost.cards + lost.codes > 0 ? 1 : 2;
    };
    const people = listed.sort((a, b) => weight(a) - weight(b)).slice(0, MOST_LISTED);
    return { source, counts, people, issues: this.#issues, digest: this.#digest.toString('hex') };
  }

  #fateOf({ before, after }: Step): Fate {
    if (before === undefined) return 'created';
    if (after === undefined) return 'removed';
    const was = mayAct(before, this.now);
    const is = mayAct(after.details, this.now);
    if (was === is) return 'changed';
    return is ? 'enabled' : 'disabled';
  }

  #told(id: PersonId, fate: Fate): void {
    if (fate === 'removed') this.removed.push(id);
    else this.updated.push(id);
    if (fate === 'disabled') this.disabled.push(id);
  }

  /** Does not depend on the order of the people: directories give them in any. */
  #mix({ before, after, lost, barred }: Step, fate: Fate, gained: readonly StoredCredential[]): void {
    const about = after?.details.key ?? { source: before?.source, id: before?.sourceId };
    const keys = (credentials: readonly { readonly key: Buffer }[]) =>
      credentials.map(({ key }) => key.toString('base64')).sort();
    const { id: _, ...person } = after?.person ?? { id: '' };
    const told = [about, fate, person, after?.details, keys(lost), keys(gained), keys(barred)];
    const hash = createHash('sha256').update(JSON.stringify(told)).digest();
    for (let at = 0; at < DIGEST_LENGTH; at++) {
      this.#digest[at] = (this.#digest[at] as number) ^ (hash[at] as number);
    }
  }
}

function mayAct({ enabled, expiresAt }: { enabled: boolean; expiresAt?: number }, now: number): boolean {
  return enabled && (expiresAt === undefined || now < expiresAt);
}

function countOf(credentials: readonly { readonly kind: CredentialKind }[]): CredentialCount {
  const of = (kind: CredentialKind) => credentials.filter((each) => each.kind === kind).length;
  return { cards: of('card'), codes: of('code') };
}

const sum = (a: CredentialCount, b: CredentialCount): CredentialCount => ({
  cards: a.cards + b.cards,
  codes: a.codes + b.codes,
});
