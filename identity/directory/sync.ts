/** One directory kept in step: read, planned, looked at by the breaker, applied; or held until a person has looked. */
import type { Alerts } from '../../base/alerts.ts';
import type { Clock } from '../../base/clock.ts';
import type { TableClient } from '../../base/database/tables.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { deriveKey, type Key, seal, unseal } from '../../base/secrets/sealing.ts';
import type { Conflicts, PeopleEngine, PeoplePlan, PlanCounts, PlanIssue } from '../people/draft.ts';
import { reasonsToHold } from './breaker.ts';
import { ConflictTeller } from './conflicts.ts';
import type { DirectoryOptions } from './options.ts';
import { DirectoryReading, type Done } from './reader.ts';
import type { tables } from './tables.ts';
import type { SyncWorkers } from './workers.ts';

export type SyncStore = TableClient<(typeof tables)['operations']>;

export interface DirectorySyncOptions {
  readonly name: string;
  /** Asked at every sync: the files of the password and of the CA may have changed. @throws Failure */
  directory(): Promise<DirectoryOptions>;
  readonly people: Pick<PeopleEngine, 'preview' | 'apply' | 'conflicts'>;
  readonly store: SyncStore;
  readonly workers: SyncWorkers;
  readonly gatewayKey: Key;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SyncRequest {
  /** Reads everybody, whatever was read before. */
  readonly full?: boolean;
  /** Changes nothing, and keeps no plan. */
  readonly dryRun?: boolean;
  /** People read so far. */
  onProgress?(people: number): void;
}

/** A plan that waits, as it can be shown. */
export interface HeldPlan {
  readonly number: number;
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reasons: readonly string[];
  readonly full: boolean;
  readonly plan: PeoplePlan;
}

export interface SyncOutcome {
  readonly directory: string;
  readonly outcome: 'applied' | 'held' | 'previewed';
  /** The server that answered. */
  readonly server: string;
  /** Whether everybody was read. */
  readonly full: boolean;
  readonly milliseconds: number;
  readonly counts: PlanCounts;
  /** Values that could not be used, and whose; conflicts that stand are among them. At most `MOST_LISTED`. */
  readonly issues: readonly PlanIssue[];
  readonly reasons: readonly string[];
  /** The number of the plan that waits. */
  readonly plan?: number;
}

/** What health and `sync status` tell. */
export interface SyncState {
  readonly name: string;
  readonly running: boolean;
  /** Milliseconds since 1970; 0: never. An answer that was refused here counts as contact. */
  readonly lastSuccess: number;
  readonly lastContact: number;
  readonly lastFull: number;
  readonly people: number;
  readonly milliseconds: number;
  /** What went wrong the last time; '' when nothing did. */
  readonly trouble: string;
  readonly failuresInARow: number;
  readonly plan?: number;
}

type Kept = Omit<HeldPlan, 'number' | 'directory' | 'at'>;

export class DirectorySync {
  readonly #options: DirectorySyncOptions;
  readonly #key: Key;
  readonly #conflicts: ConflictTeller;
  #state: SyncState;
  #reading: DirectoryReading | undefined;
  /** Why DirSync was not used the last time. */
  #refused: string | undefined;

  private constructor(options: DirectorySyncOptions, state: SyncState) {
    this.#options = options;
    this.#key = deriveKey(options.gatewayKey, 'plans of directory syncs');
    this.#conflicts = new ConflictTeller(options);
    this.#state = state;
  }

  static async open(options: DirectorySyncOptions): Promise<DirectorySync> {
    const { name, store } = options;
    const kept = await store.state(name);
    const sync = new DirectorySync(options, {
      name,
      running: false,
      lastSuccess: kept?.syncedAt ?? 0,
      lastContact: kept?.contactAt ?? 0,
      lastFull: kept?.fullAt ?? 0,
      people: kept?.people ?? 0,
      milliseconds: 0,
      trouble: '',
      failuresInARow: 0,
    });
    const held = await sync.held();
    if (held !== undefined) sync.#tellHeld(held.number, held.reasons);
    sync.#conflicts.tell(await sync.conflicts());
    return sync;
  }

  get state(): SyncState {
    return this.#state;
  }

  /** Those that stand, also between two syncs. */
  conflicts(): Promise<Conflicts> {
    return this.#options.people.conflicts(this.#options.name);
  }

  /** @throws Failure what is wrong with the directory; `sync-running`; `people-busy`. Then nothing was changed. */
  run(request: SyncRequest = {}): Promise<SyncOutcome> {
    return this.#turn((started) => this.#run(request, started, undefined));
  }

  /** The plan that waits, if one does. */
  async held(): Promise<HeldPlan | undefined> {
    const { name, store } = this.#options;
    const kept = (await store.plans(undefined)).find((each) => each.name === name);
    if (kept === undefined) return undefined;
    const opened = JSON.parse(unseal(this.#key, kept.sealed, contextOf(name)).toString()) as Kept;
    return { ...opened, number: kept.number, directory: name, at: kept.at };
  }

  /**
   * Carries the held plan out, exactly that: the directory is read again, and when it would do anything else by now,
   * nothing is done.
   * @throws Failure `no-such-plan`, `plan-outdated`, and those of {@link run}
   */
  accept(number: number, request: Pick<SyncRequest, 'onProgress'> = {}): Promise<SyncOutcome> {
    return this.#turn(async (started) => {
      const held = await this.held();
      if (held?.number !== number) {
        throw new Failure('no-such-plan', `no plan ${number} waits`, {
          advice: 'See "holdfast sync status": another sync may have taken its place',
        });
      }
      return await this.#run({ ...request, full: held.full }, started, held.plan.digest);
    });
  }

  /** Ends what is under way; nothing of it counts. */
  async stop(): Promise<void> {
    await this.#reading?.[Symbol.asyncDispose]();
  }

  async #turn(work: (started: number) => Promise<SyncOutcome>): Promise<SyncOutcome> {
    const { name, clock, log, alerts } = this.#options;
    if (this.#state.running) throw new Failure('sync-running', `the sync of ${name} is running`);
    this.#state = { ...this.#state, running: true };
    const started = clock.monotonic();
    try {
      const outcome = await work(started);
      this.#state = { ...this.#state, trouble: '', failuresInARow: 0, milliseconds: outcome.milliseconds };
      alerts.clear(failingKey(name));
      return outcome;
    } catch (error) {
      const isTheirs = error instanceof Failure && error.code.startsWith('directory-');
      const trouble = messageOf(error);
      if (isTheirs || !(error instanceof Failure)) {
        const failuresInARow = this.#state.failuresInARow + 1;
        this.#state = { ...this.#state, trouble, failuresInARow };
        log.warn('directory sync failed', { directory: name, error: trouble });
        const message = `The directory ${name} cannot be read: ${trouble}`;
        alerts.raise({ kind: 'directory', key: failingKey(name), message });
      }
      throw error;
    } finally {
      this.#state = { ...this.#state, running: false };
    }
  }

  /** @param accepted digest of the only plan that may be carried out, whatever it does */
  async #run(request: SyncRequest, started: number, accepted: string | undefined): Promise<SyncOutcome> {
    const { name, people, store, clock, log } = this.#options;
    const options = await this.#options.directory();
    const kept = await store.state(name);
    const now = clock.now();
    const full = request.full === true || (await this.#isFullHeld());
    const question = { options, picture: kept?.picture, full, now };
    await using reading = new DirectoryReading(this.#options.workers, question, (count) =>
      request.onProgress?.(count),
    );
    this.#reading = reading;
    const plan = await this.#preview(reading, now);
    const { result } = reading;
    this.#tellHow(result);
    const outcome = {
      directory: name,
      server: result.server,
      full: result.complete,
      counts: plan.counts,
      issues: plan.issues,
      milliseconds: clock.monotonic() - started,
    };
    const reasons = reasonsToHold(plan.counts);
    if (request.dryRun === true) return { ...outcome, outcome: 'previewed', reasons };
    if (accepted !== undefined && accepted !== plan.digest) {
      const number = await this.#hold(plan, reasons, result.complete);
      throw new Failure(
        'plan-outdated',
        'the directory or the people here have changed since the plan was made',
        {
          advice: `Nothing was changed. The plan is now number ${number}: see "holdfast sync show ${number}"`,
        },
      );
    }
    if (accepted === undefined && reasons.length > 0) {
      const number = await this.#hold(plan, reasons, result.complete);
      log.warn('directory sync held', { directory: name, plan: number, reasons });
      return { ...outcome, outcome: 'held', reasons, plan: number };
    }
    const { created, changed, disabled, enabled, removed, claims, issues } = plan.counts;
    const touched = created + changed + disabled + enabled + removed + claims;
    if (touched > 0) await people.apply(plan);
    await this.#keep(result, now, kept?.fullAt ?? 0);
    const numbers = { created, changed, disabled, enabled, removed, issues };
    const fields = { directory: name, server: result.server, full: result.complete, ...numbers };
    if (touched > 0) log.info('directory synced', fields);
    else log.debug('directory synced', fields);
    this.#conflicts.tell(await this.conflicts());
    return { ...outcome, outcome: 'applied', reasons };
  }

  /** What only a look at everybody has shown would not be among the changes, and the plan would seem to be over. */
  async #isFullHeld(): Promise<boolean> {
    return this.#state.plan !== undefined && (await this.held())?.full === true;
  }

  async #preview(reading: DirectoryReading, now: number): Promise<PeoplePlan> {
    try {
      return await this.#options.people.preview(reading.delta);
    } finally {
      this.#reading = undefined;
      if (reading.answered) await this.#contacted(now);
    }
  }

  /** Once, until it is otherwise. */
  #tellHow({ dirSyncRefused, server, picture }: Done): void {
    // Nothing was written there, and nothing asked.
    if (picture === undefined) return;
    const { name, log } = this.#options;
    const isNew = dirSyncRefused !== undefined && this.#refused === undefined;
    this.#refused = dirSyncRefused;
    if (isNew)
      log.info('directory followed by USN, not by DirSync', { directory: name, server, why: dirSyncRefused });
  }

  /** Whatever becomes of the answer: what ages without contact ages no more. */
  async #contacted(at: number): Promise<void> {
    const { name, store } = this.#options;
    this.#state = { ...this.#state, lastContact: at };
    await store.contacted({ name, at });
  }

  async #keep(result: Done, now: number, fullAt: number): Promise<void> {
    const { name, store, alerts } = this.#options;
    const { picture, people } = result;
    const lastFull = result.complete ? now : fullAt;
    const kept = { name, people, syncedAt: now, fullAt: lastFull, contactAt: now };
    await store.keep(picture === undefined ? kept : { ...kept, picture });
    const { plan: _done, ...state } = this.#state;
    this.#state = { ...state, lastSuccess: now, lastFull, people };
    alerts.clear(heldKey(name));
  }

  /** The same plan again keeps its number, so that whoever looks at it can still accept it. */
  async #hold(plan: PeoplePlan, reasons: readonly string[], full: boolean): Promise<number> {
    const { name, store, clock } = this.#options;
    const before = await this.held();
    if (before?.plan.digest === plan.digest && before.full === full) return before.number;
    const kept: Kept = { reasons, full, plan };
    const sealed = seal(this.#key, Buffer.from(JSON.stringify(kept)), contextOf(name));
    const number = await store.hold({ name, at: clock.now(), sealed });
    this.#options.alerts.clear(heldKey(name));
    this.#tellHeld(number, reasons);
    return number;
  }

  #tellHeld(number: number, reasons: readonly string[]): void {
    const { name, alerts } = this.#options;
    this.#state = { ...this.#state, plan: number };
    const why = reasons.length === 0 ? 'it is another than the one accepted' : reasons.join('; ');
    const message = `The sync of ${name} waits for you: ${why}. See "holdfast sync show ${number}"`;
    alerts.raise({ kind: 'directory', key: heldKey(name), message });
  }
}

const failingKey = (name: string): string => `directory ${name} fails`;
const heldKey = (name: string): string => `directory ${name} held`;
const contextOf = (name: string): string => `plan of directory ${name}`;
