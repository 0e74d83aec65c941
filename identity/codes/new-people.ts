/** A code for each new person, by itself and once: they wait in the database from the change that brought them. */
import type { Alerts } from '../../base/alerts.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { TableClient } from '../../base/database/tables.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Hours, type Milliseconds, Seconds } from '../../base/units.ts';
import type { CredentialRank } from '../credential.ts';
import type { PersonId } from '../person.ts';
import type { tables } from '../tables.ts';
import { type CodeGiving, type GivingEngine, hasAddress } from './giving.ts';

export interface NewPeopleOptions {
  readonly people: Pick<GivingEngine, 'profile'> & {
    onNewPeople(listener: () => void): void;
    isActive(id: PersonId): boolean;
  };
  readonly store: Pick<TableClient<(typeof tables)['operations']>, 'awaitingCode' | 'awaitNoCode'>;
  readonly giving: CodeGiving;
  /** Undefined: nobody gets one. */
  readonly settings: () => { readonly digits: number; readonly rank: CredentialRank } | undefined;
  readonly queued: () => void;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
}

/** Given in one change. */
const BATCH = 200;
/** After a change of people; while another one is being made; and for those who had no address. */
const SOON = Seconds(1);
const LATER = Hours(1);

const ALERT = 'no codes for new people';

export class CodesForNewPeople {
  readonly #options: NewPeopleOptions;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: NewPeopleOptions) {
    this.#options = options;
    options.people.onNewPeople(() => this.#lookIn(SOON));
  }

  start(): void {
    this.#lookIn(SOON);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #lookIn(delay: Milliseconds): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(delay, () => {
      const before = this.#running;
      this.#running = this.#look(before);
    });
  }

  async #look(before: Promise<void> | undefined): Promise<void> {
    await before;
    const { alerts, log } = this.#options;
    try {
      await this.giveToAll();
      alerts.clear(ALERT);
      this.#lookIn(LATER);
    } catch (error) {
      const busy =
        error instanceof Failure && (error.code === 'people-busy' || error.code === 'plan-outdated');
      if (busy) return this.#lookIn(SOON);
      log.error('new people got no codes', { error: messageOf(error) });
      alerts.raise({
        kind: 'application',
        key: ALERT,
        message: `New people get no codes: ${messageOf(error)}`,
      });
      this.#lookIn(LATER);
    }
  }

  /** @throws Failure as of {@link CodeGiving.give} */
  async giveToAll(): Promise<void> {
    const { store, settings } = this.#options;
    let after: PersonId | '' = '';
    while (!this.#stopped) {
      const gift = settings();
      if (gift === undefined) return;
      const waiting: PersonId[] = await store.awaitingCode({ after, limit: BATCH });
      if (waiting.length === 0) return;
      await this.#giveTo(waiting, gift);
      after = waiting.at(-1) ?? '';
    }
  }

  async #giveTo(
    waiting: readonly PersonId[],
    { digits, rank }: { readonly digits: number; readonly rank: CredentialRank },
  ): Promise<void> {
    const { people, store, giving, queued, log } = this.#options;
    const ready: PersonId[] = [];
    const served: PersonId[] = [];
    for (const id of waiting) {
      const profile = await people.profile(id);
      if (profile === undefined || profile.codes[rank] > 0) served.push(id);
      else if (people.isActive(id) && hasAddress(profile)) ready.push(id);
    }
    if (served.length > 0) await store.awaitNoCode(served);
    if (ready.length === 0) return;
    await giving.give(ready, { digits, rank, before: 'stays' }, true);
    log.info('codes given to new people', { people: ready.length, digits, rank });
    queued();
  }
}
