/** How long a directory's people may sign in though nothing is heard of it: by the clock, at every sign-in. */
import type { Clock } from '../../base/clock.ts';
import { formatDuration, type Milliseconds } from '../../base/units.ts';

/** What ages: each kind by itself, none unless it is told. */
export interface ContactLimits {
  readonly cards?: Milliseconds;
  readonly codes?: Milliseconds;
  readonly passwords?: Milliseconds;
}
export type Ageing = keyof ContactLimits;

interface Contact {
  readonly name: string;
  /** Milliseconds since 1970; 0: never. */
  readonly lastContact: number;
}

export class ContactAges {
  readonly #limits: ReadonlyMap<string, ContactLimits>;
  readonly #clock: Clock;
  #contacts: () => readonly Contact[] = () => [];

  /** @param limits by the names of the directories */
  constructor(limits: ReadonlyMap<string, ContactLimits>, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Until then every limit counts as passed: nobody signs in before the directories are open. */
  watch(contacts: () => readonly Contact[]): void {
    this.#contacts = contacts;
  }

  /** Whether that kind of credential of the people of that source opens nothing now. Local people never age. */
  isTooOld(source: string, kind: Ageing): boolean {
    const limit = this.#limits.get(source)?.[kind];
    if (limit === undefined) return false;
    const last = this.#contacts().find(({ name }) => name === source)?.lastContact ?? 0;
    return this.#clock.now() - last >= limit;
  }

  /** What does not sign in now, as sentences for the administrator. */
  warnings(): string[] {
    return [...this.#limits].flatMap(([name, limits]) => {
      const kinds = (['cards', 'codes', 'passwords'] as const).filter((kind) => this.isTooOld(name, kind));
      const told = kinds.map((kind) => `${kind} after ${formatDuration(limits[kind] as Milliseconds)}`);
      if (told.length === 0) return [];
      return [
        `The directory ${name} was not reached for too long; refused of its people: ${told.join(', ')}`,
      ];
    });
  }
}
