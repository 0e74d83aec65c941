/** Who signed in lately: written down within the hour, and watched for the minute in which their time is over. */
import type { Clock, Timer } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { Hours, Minutes } from '../base/units.ts';
import type { PersonNumber } from './index/people-index.ts';
import type { PersonId } from './person.ts';
import type { IdentityStore } from './store.ts';

export interface ActivityOptions {
  readonly store: Pick<IdentityStore, 'noteActivity'>;
  readonly clock: Clock;
  readonly log: Log;
  isActive(person: PersonId): boolean;
  /** They signed in while they might, and may no more: their time is over. */
  ended(people: readonly PersonId[]): void;
}

const LOOK = Minutes(1);
/** A sign-in is written down once in this time; no session lasts longer. */
const STEP = Hours(1);

interface Entry {
  readonly id: PersonId;
  /** Milliseconds since 1970. */
  at: number;
  unwritten: boolean;
}

export class Activity {
  readonly #options: ActivityOptions;
  readonly #lately = new Map<PersonNumber, Entry>();
  #timer: Timer | undefined;
  #writtenAt: number;

  constructor(options: ActivityOptions) {
    this.#options = options;
    this.#writtenAt = options.clock.now();
  }

  note(number: PersonNumber, id: PersonId): void {
    this.#lately.set(number, { id, at: this.#options.clock.now(), unwritten: true });
    this.#timer ??= this.#options.clock.after(LOOK, () => this.#look());
  }

  /** Writes down what is not yet. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#write();
  }

  #look(): void {
    this.#timer = undefined;
    const now = this.#options.clock.now();
    const over: PersonId[] = [];
    for (const [number, { id, at, unwritten }] of this.#lately) {
      if (!this.#options.isActive(id)) over.push(id);
      else if (unwritten || now - at < STEP) continue;
      this.#lately.delete(number);
    }
    if (over.length > 0) this.#options.ended(over);
    if (now - this.#writtenAt >= STEP) {
      this.#write().catch((error: unknown) => {
        this.#options.log.error('sign-ins were not written down', { error: messageOf(error) });
      });
    }
    if (this.#lately.size > 0) this.#timer = this.#options.clock.after(LOOK, () => this.#look());
  }

  async #write(): Promise<void> {
    this.#writtenAt = this.#options.clock.now();
    const seen = [...this.#lately].filter(([, entry]) => entry.unwritten);
    if (seen.length === 0) return;
    for (const [, entry] of seen) entry.unwritten = false;
    await this.#options.store.noteActivity(seen.map(([number, { at }]) => ({ number, at })));
  }
}
