/** All directories of a gateway: each synced at its interval, later and later while it is down. */
import type { Clock, Timer } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Hours, type Milliseconds, Minutes } from '../../base/units.ts';
import type { DirectorySync, HeldPlan, SyncOutcome, SyncRequest } from './sync.ts';
import type { SyncWorkers } from './workers.ts';

export interface ScheduledDirectory {
  readonly name: string;
  readonly interval: Milliseconds;
  readonly sync: DirectorySync;
}

/** One of several that failed: the others are synced all the same. */
export interface FailedSync {
  readonly directory: string;
  readonly outcome: 'failed';
  /** As a sentence for the administrator. */
  readonly trouble: string;
}

export interface ScheduleOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Of the directories; ended with the schedule. */
  readonly workers: SyncWorkers;
  /** 0 to 1. */
  random(): number;
}

/** So that a thing that no delta tells (a nested group that was deleted) lasts a day at most. */
const FULL_AGAIN = Hours(24);
/** While a directory is down. */
const LONGEST_BACK_OFF = Minutes(30);
/** While people are changed by somebody else. */
const BUSY = Minutes(1);
/** Of an interval, by which it is longer or shorter, so that a hundred gateways do not ask at once. */
const JITTER = 0.1;

/** The time until the next sync. @param failures in a row @param random 0 to 1 */
export function nextDelay(interval: Milliseconds, failures: number, random: number): number {
  const backedOff = Math.max(interval, Math.min(interval * 2 ** Math.min(failures, 20), LONGEST_BACK_OFF));
  return backedOff * (1 + JITTER * (2 * random - 1));
}

export class SyncSchedule {
  readonly #options: ScheduleOptions;
  readonly #timers = new Map<string, Timer>();
  #directories: readonly ScheduledDirectory[] = [];
  #stopped = false;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  get directories(): readonly ScheduledDirectory[] {
    return this.#directories;
  }

  /** Begins with a sync of each at once; the gateway does not wait for it. */
  start(directories: readonly ScheduledDirectory[]): void {
    this.#directories = directories;
    for (const directory of directories) this.#after(directory, 0);
  }

  /** @throws Failure `no-such-directory` */
  named(name: string): ScheduledDirectory {
    const found = this.#directories.find((each) => each.name === name);
    if (found !== undefined) return found;
    throw new Failure('no-such-directory', 'no directory has that name', {
      advice: 'See "directories" in the configuration, or "holdfast sync status"',
    });
  }

  /** One after the other. @throws Failure `no-such-directory`; where there is but one, of that */
  async run(names: readonly string[], request: SyncRequest): Promise<(SyncOutcome | FailedSync)[]> {
    const chosen = names.length === 0 ? this.#directories : names.map((name) => this.named(name));
    const outcomes: (SyncOutcome | FailedSync)[] = [];
    for (const { name, sync } of chosen) {
      const outcome = await sync.run(request).catch((error: unknown): FailedSync => {
        if (chosen.length === 1 || !(error instanceof Failure)) throw error;
        return { directory: name, outcome: 'failed', trouble: error.explanation };
      });
      outcomes.push(outcome);
    }
    return outcomes;
  }

  /** The plan with that number. @throws Failure `no-such-plan` */
  async plan(number: number): Promise<HeldPlan> {
    for (const { sync } of this.#directories) {
      const held = await sync.held();
      if (held?.number === number) return held;
    }
    throw new Failure('no-such-plan', `no plan ${number} waits`, {
      advice: 'See "holdfast sync status": another sync may have taken its place',
    });
  }

  /** See {@link DirectorySync.accept}. */
  async accept(number: number, request: Pick<SyncRequest, 'onProgress'>): Promise<SyncOutcome> {
    const { directory } = await this.plan(number);
    return await this.named(directory).sync.accept(number, request);
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) timer.cancel();
    await Promise.all(this.#directories.map(({ sync }) => sync.stop()));
    await Promise.all(this.#underWay);
    await this.#options.workers[Symbol.asyncDispose]();
  }

  #after(directory: ScheduledDirectory, delay: number): void {
    if (this.#stopped) return;
    const timer = this.#options.clock.after(delay as Milliseconds, () => {
      const turn = this.#turn(directory).finally(() => this.#underWay.delete(turn));
      this.#underWay.add(turn);
    });
    this.#timers.set(directory.name, timer);
  }

  async #turn(directory: ScheduledDirectory): Promise<void> {
    const { sync, interval } = directory;
    const { clock, random, log } = this.#options;
    const age = clock.now() - sync.state.lastFull;
    let busy = false;
    try {
      await sync.run({ full: age < 0 || age >= FULL_AGAIN });
    } catch (error) {
      busy =
        error instanceof Failure && ['people-busy', 'sync-running', 'plan-outdated'].includes(error.code);
      // What is wrong with the directory the sync has told itself.
      if (!(error instanceof Failure)) log.error('directory sync broke', { error: messageOf(error) });
    }
    const delay = nextDelay(interval, sync.state.failuresInARow, random());
    this.#after(directory, busy ? Math.min(delay, BUSY) : delay);
  }
}
