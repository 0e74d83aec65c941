/** People who may sign in no more, disabled, expired or removed: since when, and what becomes of what is theirs. */
import { Hours, type Milliseconds } from '../base/units.ts';
import type { PeopleChanged } from './people/changed.ts';
import type { Person, PersonId } from './person.ts';
import type { Leaver } from './store.ts';

/** Whoever is back within this time finds their held jobs. */
export const LEAVER_TIME: Milliseconds = Hours(24);

/**
 * What becomes of a held job by its owner's standing: `frozen` is kept and not printed, `ends` is due to go.
 * @param leftAt milliseconds since 1970; undefined while the owner may sign in
 */
export function fateOfJobs(leftAt: number | undefined, now: number): 'free' | 'frozen' | 'ends' {
  if (leftAt === undefined) return 'free';
  return now < leftAt + LEAVER_TIME ? 'frozen' : 'ends';
}

/** Those who left lately. Whoever is not here and may not sign in has left long ago. */
export class Leavers {
  readonly #left: Map<PersonId, number>;

  constructor(left: readonly Leaver[]) {
    this.#left = new Map(left.map(({ id, leftAt }) => [id, leftAt]));
  }

  /** @param now milliseconds since 1970 @param isActive by the change */
  take(
    { updated, removed, disabled }: PeopleChanged,
    now: number,
    isActive: (id: PersonId) => boolean,
  ): void {
    for (const [id, leftAt] of this.#left) if (leftAt + LEAVER_TIME < now) this.#left.delete(id);
    // Whoever stays disabled left when they did, whatever else changes of them.
    for (const id of updated) if (this.#left.has(id) && isActive(id)) this.#left.delete(id);
    for (const id of [...removed, ...disabled]) this.#left.set(id, now);
  }

  /** Milliseconds since 1970; 0: longer ago than {@link LEAVER_TIME}. */
  leftAt(id: PersonId): number {
    return this.#left.get(id) ?? 0;
  }
}

interface Known {
  person(id: PersonId): Person | undefined;
  byUserName(name: string): Person | undefined;
  isActive(id: PersonId): boolean;
  onChange(listener: (change: PeopleChanged) => void): () => void;
}

/** The same people without those who may not sign in: for whoever lets somebody in. */
export function activePeople(people: Known): Omit<Known, 'isActive'> {
  const active = (person: Person | undefined) =>
    person !== undefined && people.isActive(person.id) ? person : undefined;
  return {
    person: (id) => active(people.person(id)),
    byUserName: (name) => active(people.byUserName(name)),
    onChange: (listener) => people.onChange(listener),
  };
}
