/** What a plan does to one person. */
import type { PeopleIndex, PersonNumber } from '../index/people-index.ts';
import type { IndexedPerson } from '../index/records.ts';
import type { Person } from '../person.ts';
import type { BarredCredential, ClaimedCredential, StoredCredential, StoredProfile } from '../store.ts';
import type { PersonDetails } from './draft.ts';

export interface Step {
  readonly number: PersonNumber;
  /** Undefined: somebody new. */
  readonly before: IndexedPerson | undefined;
  /** Undefined: the person goes. */
  readonly after: { readonly person: Person; readonly details: PersonDetails } | undefined;
  /** Names of the fields that change. */
  readonly fields: readonly string[];
  readonly lost: readonly StoredCredential[];
  /** Theirs already, but with another rank, origin or end. */
  readonly restated: readonly StoredCredential[];
  readonly wanted: readonly StoredCredential[];
  /** Of the lost ones, and of claims that are revoked. */
  readonly barred: readonly BarredCredential[];
  /** What the person claimed before, of what `wanted` tells anew; or what is revoked of it. */
  readonly claims: readonly ClaimedCredential[];
}

/** Nothing yet: of somebody to whom the steps of others do something. */
export function restingStep({ number, person, details }: StoredProfile, index: PeopleIndex): Step {
  return {
    number,
    before: index.entry(number),
    after: { person, details },
    fields: [],
    lost: [],
    restated: [],
    wanted: [],
    barred: [],
    claims: [],
  };
}
