/** Who lets whom print their jobs for a while: all of it in memory, judged by the clock whenever somebody asks. */
import type { Clock } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Metrics } from '../../base/metrics.ts';
import { Days } from '../../base/units.ts';
import type { PeopleChanged } from '../people/changed.ts';
import type { PersonId } from '../person.ts';
import type { Delegation, DelegationStore } from './tables.ts';

/** What delegations need to know of people. */
export interface DelegatingPeople {
  isActive(id: PersonId): boolean;
  onChange(listener: (change: PeopleChanged) => void): () => void;
}

export interface DelegationsOptions {
  readonly store: DelegationStore;
  readonly people: DelegatingPeople;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A year, so that somebody looks at it again. */
export const LONGEST_DELEGATION = Days(366);
/** People who delegate to one person: each list at a panel looks through the jobs of all of them. */
const MOST_TO_ONE = 50;
const MOST_DELEGATIONS = 100_000;
const NOBODY: readonly PersonId[] = [];

export class Delegations {
  readonly #options: DelegationsOptions;
  /** By who may print, then by whose jobs they are. */
  readonly #byTo = new Map<PersonId, Map<PersonId, Delegation>>();
  readonly #unwatch: () => void;

  private constructor(options: DelegationsOptions) {
    this.#options = options;
    options.metrics.gauge('delegations', 'Delegations that are not over', () => this.list().length);
    this.#unwatch = options.people.onChange(({ removed, disabled }) =>
      this.#endOf([...removed, ...disabled]),
    );
  }

  /** Reads them into memory; those that are over, or of people who left, are erased. */
  static async open(options: DelegationsOptions): Promise<Delegations> {
    const delegations = new Delegations(options);
    const all = await options.store.all(undefined);
    for (const each of all) if (delegations.#counts(each)) delegations.#put(each);
    const over = all.filter((each) => !delegations.#counts(each));
    if (over.length > 0) await options.store.remove(over);
    return delegations;
  }

  /**
   * In place of the one between the same two. Resolves when it is on disk.
   * @param until milliseconds since 1970, in the future, at most {@link LONGEST_DELEGATION} away
   * @throws Failure `bad-delegation`, `too-many-delegations`
   */
  async add(from: PersonId, to: PersonId, until: number): Promise<Delegation> {
    const { store, people, clock, log } = this.#options;
    const createdAt = clock.now();
    if (from === to) throw bad('nobody needs to delegate to themselves');
    if (until <= createdAt) throw bad('its end must lie in the future');
    if (until > createdAt + LONGEST_DELEGATION) throw bad('it may last for a year at the most');
    if (!people.isActive(from) || !people.isActive(to)) throw bad('one of the two may not sign in');
    await this.#sweep();
    const others = this.#byTo.get(to);
    if (others?.has(from) !== true) {
      if ((others?.size ?? 0) >= MOST_TO_ONE) throw tooMany(`${MOST_TO_ONE} people delegate to them already`);
      if (this.list().length >= MOST_DELEGATIONS) throw tooMany(`there are ${MOST_DELEGATIONS} already`);
    }
    const delegation: Delegation = { from, to, until, createdAt };
    await store.put(delegation);
    if (!this.#counts(delegation)) {
      await store.remove([delegation]);
      throw bad('one of the two has just left');
    }
    this.#put(delegation);
    log.info('delegation made', { from, to, until: new Date(until).toISOString() });
    return delegation;
  }

  /** It counts no more from now on. False when there was none. */
  async remove(from: PersonId, to: PersonId): Promise<boolean> {
    const delegation = this.#byTo.get(to)?.get(from);
    if (delegation === undefined) return false;
    await this.#end([delegation], 'removed');
    return this.#isNow(delegation);
  }

  /** Those that are not over, oldest first. */
  list(): Delegation[] {
    return this.#all()
      .filter((each) => this.#isNow(each))
      .sort((a, b) => a.createdAt - b.createdAt);
  }

  /** Whose jobs this person may print beside their own, now. */
  delegators(person: PersonId): readonly PersonId[] {
    const theirs = this.#byTo.get(person);
    if (theirs === undefined) return NOBODY;
    return [...theirs.values()].filter((each) => this.#counts(each)).map(({ from }) => from);
  }

  close(): void {
    this.#unwatch();
  }

  #isNow({ until }: Delegation): boolean {
    return until > this.#options.clock.now();
  }

  #counts(delegation: Delegation): boolean {
    const { people } = this.#options;
    return this.#isNow(delegation) && people.isActive(delegation.from) && people.isActive(delegation.to);
  }

  #all(): Delegation[] {
    return [...this.#byTo.values()].flatMap((theirs) => [...theirs.values()]);
  }

  #put(delegation: Delegation): void {
    const theirs = this.#byTo.get(delegation.to) ?? new Map<PersonId, Delegation>();
    theirs.set(delegation.from, delegation);
    this.#byTo.set(delegation.to, theirs);
  }

  async #sweep(): Promise<void> {
    await this.#end(
      this.#all().filter((each) => !this.#isNow(each)),
      'over',
    );
  }

  async #end(delegations: readonly Delegation[], why: 'removed' | 'over' | 'left'): Promise<void> {
    if (delegations.length === 0) return;
    for (const { from, to } of delegations) {
      const theirs = this.#byTo.get(to);
      theirs?.delete(from);
      if (theirs?.size === 0) this.#byTo.delete(to);
      this.#options.log.info('delegation ended', { from, to, why });
    }
    await this.#options.store.remove(delegations);
  }

  #endOf(people: readonly PersonId[]): void {
    if (people.length === 0 || this.#byTo.size === 0) return;
    const gone = new Set(people);
    const theirs = this.#all().filter(({ from, to }) => gone.has(from) || gone.has(to));
    this.#end(theirs, 'left').catch((error: unknown) => {
      // They count no more; at the next start they are found to be of people who left, or come back with them.
      this.#options.log.error('delegations of people who left were not erased', { error: messageOf(error) });
    });
  }
}

const bad = (message: string) => new Failure('bad-delegation', message);
const tooMany = (message: string) => new Failure('too-many-delegations', message);
