/** What plans are made with, and what comes of one. */
import type { KeyedHash } from '../../base/secrets/keyed-hash.ts';
import type { PeopleIndex, PersonNumber } from '../index/people-index.ts';
import type { IdentityStore, PeopleChange } from '../store.ts';
import type { PlanCounts } from './draft.ts';
import type { Summary } from './summary.ts';

export interface PlanningPeople {
  readonly index: PeopleIndex;
  readonly store: IdentityStore;
  /** The highest number taken. */
  readonly lastNumber: PersonNumber;
  readonly hash: KeyedHash;
  /** People for whom the store is asked at once; a few unless told. */
  readonly batch?: number;
}

export interface Planned {
  readonly change: PeopleChange;
  readonly summary: Summary;
  /** The people as they are afterwards. */
  readonly index: PeopleIndex;
  readonly lastNumber: PersonNumber;
  readonly counts: Pick<PlanCounts, 'seen' | 'before'>;
}
