/** Plans that were thought through, here or in another thread, and are carried out one at a time, or never. */
import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import type { KeyedHash } from '../../base/secrets/keyed-hash.ts';
import type { Key } from '../../base/secrets/sealing.ts';
import type { CodeDelivery } from '../codes/mails/rows.ts';
import { Turns } from '../import/turns.ts';
import type { PeopleIndex, PersonNumber } from '../index/people-index.ts';
import type { Snapshot } from '../index/snapshot.ts';
import { HERE, type IdentityStore, type StagedChange } from '../store.ts';
import type { PeopleChanged } from './changed.ts';
import type { CredentialEdit, PeopleDelta, PeoplePlan } from './draft.ts';
import { planEdits } from './edits.ts';
import type { Planned, PlanningPeople } from './planned.ts';
import { planDelta } from './planning.ts';

/** What another thread plans with. */
export interface PeopleElsewhere {
  readonly index: PeopleIndex;
  /** The highest number taken. */
  readonly lastNumber: PersonNumber;
  /** Of the HMACs of credentials. */
  readonly key: Key;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** To the store, for that thread. */
  branch(): MessagePort;
}

/** What goes with a change beside what the plan says. */
export type ChangeExtras = Readonly<{ delivery?: CodeDelivery; awaitsCodes: boolean }>;

export interface PlannedElsewhere {
  readonly plan: PeoplePlan;
  /** Puts the change aside in the store and hands over the people as they are behind it. At most once. */
  stage(extras: ChangeExtras): Promise<StagedPlan>;
}

/** A change that is put aside and not committed. */
export interface StagedPlan {
  readonly change: StagedChange;
  /** As they are when it is committed. */
  readonly people: Snapshot;
  readonly changed: PeopleChanged;
}

export interface PlansOptions {
  readonly store: IdentityStore;
  readonly clock: Clock;
  readonly hash: KeyedHash;
  readonly key: Key;
  current(): Snapshot;
}

type Ready = PlannedElsewhere & {
  readonly from: PeopleIndex;
  /** Undefined where it was planned elsewhere. */
  readonly after?: PeopleIndex;
};

export class Plans {
  readonly #options: PlansOptions;
  readonly #ready = new WeakMap<PeoplePlan, Ready>();
  #changing = false;

  constructor(options: PlansOptions) {
    this.#options = options;
  }

  /** One change at a time, each planned from what the one before has left. @throws Failure `people-busy` */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#changing) {
      throw new Failure('people-busy', 'another change of people is being made', {
        advice: 'Try again when it is done',
      });
    }
    this.#changing = true;
    try {
      return await work();
    } finally {
      this.#changing = false;
    }
  }

  /** Within {@link alone}. */
  async delta(delta: PeopleDelta): Promise<PeoplePlan> {
    const { store, clock, key, current } = this.#options;
    const turns = new Turns(clock);
    const { index: from, lastNumber } = current();
    const at = clock.now();
    const { branch } = store;
    if (delta.elsewhere !== undefined && branch !== undefined) {
      const people = { index: from, lastNumber, key, at, branch };
      const planned = await delta.elsewhere(people, turns);
      if (planned !== undefined)
        return this.#keep({ ...planned, stage: (extras) => planned.stage(extras), from });
    }
    return this.#here(delta.source, (...people) => planDelta(delta, ...people));
  }

  /** Within {@link alone}. */
  edits(edits: Iterable<CredentialEdit>): Promise<PeoplePlan> {
    return this.#here(HERE, (...people) => planEdits(edits, ...people));
  }

  /** The people as a plan that was made in this thread would leave them. */
  after(plan: PeoplePlan): PeopleIndex {
    return this.#ready.get(plan)?.after ?? this.#options.current().index;
  }

  /** Within {@link alone}, and before anything else is put aside in the store. @throws Failure `plan-outdated` */
  stage(plan: PeoplePlan, extras: ChangeExtras): Promise<StagedPlan> {
    const ready = this.#ready.get(plan);
    if (ready === undefined || ready.from !== this.#options.current().index) {
      throw new Failure('plan-outdated', 'people have changed since the plan was made', {
        advice: 'Preview it again',
      });
    }
    return ready.stage(extras);
  }

  async #here(
    source: string,
    think: (people: PlanningPeople, at: number, turns: Turns) => Promise<Planned>,
  ): Promise<PeoplePlan> {
    const { store, clock, hash, current } = this.#options;
    const { index: from, lastNumber } = current();
    const planned = await think({ index: from, store, lastNumber, hash }, clock.now(), new Turns(clock));
    const plan = planned.summary.plan(source, planned.counts);
    return this.#keep({
      plan,
      from,
      after: planned.index,
      stage: (extras) => stagePlanned(planned, store, extras),
    });
  }

  #keep(ready: Ready): PeoplePlan {
    this.#ready.set(ready.plan, ready);
    return ready.plan;
  }
}

/** In the thread that planned it. */
export async function stagePlanned(
  { change, summary, index, lastNumber }: Planned,
  store: IdentityStore,
  extras: ChangeExtras,
): Promise<StagedPlan> {
  const { updated, removed, disabled } = summary;
  return {
    change: await store.stage({ ...change, ...extras }),
    people: { index, lastNumber },
    changed: { updated, removed, disabled },
  };
}
