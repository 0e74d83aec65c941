/** Directories that the configuration names no more: their people stay until an administrator lets them go. */
import type { Alerts } from '../base/alerts.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { Failure, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { Hours } from '../base/units.ts';
import type { SyncStore } from '../identity/directory/sync.ts';
import type { Identity } from '../identity/identity.ts';
import { LOCAL, type PeoplePlan, type PeopleReport } from '../identity/people/draft.ts';

export interface ForgottenDirectoriesOptions {
  /** Names in the configuration. */
  readonly configured: readonly string[];
  readonly identity: Pick<Identity, 'sources' | 'preview' | 'apply'>;
  readonly store: Pick<SyncStore, 'forget'>;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
}

/** People may go by other ways too: by and by the alert finds that nobody is left. */
const LOOK_AGAIN = Hours(1);

export class ForgottenDirectories {
  readonly #options: ForgottenDirectoriesOptions;
  #timer: Timer | undefined;
  #told: readonly string[] = [];

  constructor(options: ForgottenDirectoriesOptions) {
    this.#options = options;
  }

  /** Raises an alert for each, and looks again every hour. */
  async look(): Promise<void> {
    const { alerts, clock, log } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.after(LOOK_AGAIN, () => {
      this.look().catch((error: unknown) => {
        log.error('people of unknown directories not counted', { error: messageOf(error) });
      });
    });
    const found = await this.#found();
    for (const name of this.#told) if (!found.has(name)) alerts.clear(keyOf(name));
    for (const [name, people] of found) {
      const message = `The configuration has no directory ${name} any more, and ${people} people are known of it: they sign in as before and nobody hears when they leave. Put it back, or see "holdfast sync forget ${name}"`;
      alerts.raise({ kind: 'directory', key: keyOf(name), message });
    }
    this.#told = [...found.keys()];
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** What it would mean to let its people go. @throws Failure `no-such-directory`, `directory-configured`, `people-busy` */
  async preview(name: string): Promise<PeoplePlan> {
    const { configured, identity } = this.#options;
    if (configured.includes(name)) {
      throw new Failure('directory-configured', `the configuration has the directory ${name}`, {
        advice: 'Take it out there first and restart the gateway; or its people would come back',
      });
    }
    if (!(await this.#found()).has(name)) {
      throw new Failure('no-such-directory', 'nobody is known of a directory of that name that is gone', {
        advice: 'See "holdfast health show"',
      });
    }
    return identity.preview({ source: name, upserts: [], removed: [], complete: true });
  }

  /**
   * Lets them go, with all that is theirs, exactly as it was previewed.
   * @throws Failure as {@link preview}; `plan-outdated` when it is another plan by now
   */
  async forget(name: string, digest: string): Promise<PeopleReport> {
    const { identity, store, log } = this.#options;
    const plan = await this.preview(name);
    if (plan.digest !== digest) {
      throw new Failure('plan-outdated', 'people have changed since it was shown', {
        advice: 'Nothing was changed; look at it again',
      });
    }
    const report = await identity.apply(plan);
    await store.forget(name);
    log.warn('directory forgotten', { directory: name, removed: report.removed });
    await this.look();
    return report;
  }

  /** People by directory. */
  async #found(): Promise<ReadonlyMap<string, number>> {
    const known = new Set([LOCAL, ...this.#options.configured]);
    return new Map([...(await this.#options.identity.sources())].filter(([source]) => !known.has(source)));
  }
}

const keyOf = (name: string): string => `directory ${name} unknown`;
