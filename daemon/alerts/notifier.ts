/** Tells people of alerts: once, to whom it concerns, and that it is over; over restarts too. */
import type { Alert } from '../../base/alerts.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { TableClient } from '../../base/database/tables.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Days, Hours, Milliseconds, Minutes, Seconds } from '../../base/units.ts';
import type { AlertsConfig } from '../../config/schema.ts';
import { type Effect, type Input, step, type Trouble } from './machine.ts';
import { type Notice, wordsOf } from './notice.ts';
import { targetsOf } from './routes.ts';
import type { TroubleRow, tables } from './tables.ts';

export type AlertStore = TableClient<(typeof tables)['operations']>;

export interface NotifierOptions {
  readonly store: AlertStore;
  readonly settings: () => AlertsConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** Something is to be sent. */
  readonly queued: () => void;
}

/** What comes together is told in one mail; what is over at once is told to nobody. */
const GATHERING = Seconds(2);
/** Notices that wait. */
const MOST_POSTS = 4000;
/** What could not be written down is tried again. */
const ASK_AGAIN = Minutes(1);
/** Troubles that are remembered. */
const MOST_TROUBLES = 2000;
const SWEEP_EVERY = Hours(1);
/** Longer than the longest interval of the configuration. */
const KEPT_FOR = Days(8);
/** From before a restart: when nobody has said a word about it by then, nobody will. */
const PATIENCE = Days(1);

interface Entry {
  trouble: Trouble;
  alert: Alert;
  timer?: Timer;
  /** Since the start. */
  heardOf: boolean;
}

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #entries = new Map<string, Entry>();
  /** One change after the other, so that the rows end as the memory does. */
  #work: Promise<void> = Promise.resolve();
  #sweepTimer: Timer | undefined;
  readonly #openedAt: number;
  #stopped = false;

  private constructor(options: NotifierOptions) {
    this.#options = options;
    this.#openedAt = options.clock.now();
  }

  static async open(options: NotifierOptions): Promise<Notifier> {
    const notifier = new Notifier(options);
    for (const { alert, since, toldAt, told } of await options.store.troubles(undefined)) {
      const trouble = { standing: told, since, toldAt, told };
      notifier.#entries.set(alert.key, { trouble, alert, heardOf: false });
    }
    notifier.#sweep();
    return notifier;
  }

  /** Keys of what was told and is not over, by printer. */
  get toldOfPrinters(): Map<string, Set<string>> {
    const told = new Map<string, Set<string>>();
    for (const { alert, trouble } of this.#entries.values()) {
      if (alert.printer === undefined || !trouble.told) continue;
      const keys = told.get(alert.printer.name) ?? new Set();
      told.set(alert.printer.name, keys.add(alert.key));
    }
    return told;
  }

  raise(alert: Alert): void {
    const entry = this.#entries.get(alert.key);
    if (entry === undefined && this.#entries.size >= MOST_TROUBLES) return;
    this.#step(alert, { kind: 'raised' });
  }

  clear(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#step(entry.alert, { kind: 'cleared' });
  }

  /** Resolves when all that was told is on disk. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#sweepTimer?.cancel();
    for (const { timer } of this.#entries.values()) timer?.cancel();
    await this.#work;
  }

  #step(alert: Alert, input: Input): void {
    if (this.#stopped) return;
    const { clock, settings } = this.#options;
    const before = this.#entries.get(alert.key);
    if (input.kind === 'raised' && before?.trouble.standing) {
      Object.assign(before, { alert, heardOf: true });
      return;
    }
    const { interval, printerDelay } = settings();
    // A door that is open for a moment, one question that was lost: nobody has to come.
    const delay = alert.kind === 'printer' ? printerDelay : Milliseconds(0);
    const { trouble, effects } = step(before?.trouble, input, clock.now(), { interval, delay });
    before?.timer?.cancel();
    const entry: Entry = { trouble, alert, heardOf: true };
    this.#entries.set(alert.key, entry);
    for (const effect of effects) this.#do(entry, effect);
    // What was never told and is over needs no memory.
    if (!trouble.standing && trouble.toldAt === undefined) this.#entries.delete(alert.key);
  }

  #do(entry: Entry, effect: Effect): void {
    const { clock, store, settings, log } = this.#options;
    const { alert, trouble } = entry;
    const now = clock.now();
    const row: TroubleRow = {
      alert,
      since: trouble.since,
      toldAt: trouble.toldAt ?? now,
      told: trouble.told,
    };
    const dueAt = now + GATHERING;
    const noticeOf = (event: Notice['event']) =>
      JSON.stringify({ event, alert, since: trouble.since, at: now } satisfies Notice);
    switch (effect.kind) {
      case 'wait':
        return this.#wakeIn(entry, Milliseconds(effect.until - now));
      case 'tell': {
        const targets = targetsOf(alert, settings()).map(wordsOf);
        // Nobody is to be told; whoever is added to the configuration later hears of what is new then.
        if (targets.length === 0) return;
        const told = { row, notice: noticeOf('raised'), targets, dueAt, most: MOST_POSTS };
        const tell = async () => {
          const left = await store.tell(told);
          if (left > 0) log.error('alert not told: too many notices wait', { key: alert.key, notices: left });
        };
        return this.#queue(tell, () => this.#untold(entry, ASK_AGAIN));
      }
      case 'tell-over':
        return this.#queue(async () => {
          const told = await store.tellOver({ row, notice: noticeOf('cleared'), at: now, dueAt });
          // What nobody heard of may be told at once when it comes again, or has come again already.
          const after = this.#entries.get(alert.key);
          if (told || after === undefined) return;
          if (after.trouble === trouble) this.#entries.delete(alert.key);
          else if (!after.trouble.told) this.#untold(after, Milliseconds(0));
        });
    }
  }

  /** Nobody has heard of it: the interval does not count, and it is told in a while if it still stands. */
  #untold(entry: Entry, delay: Milliseconds): void {
    const { alert, trouble } = entry;
    if (this.#stopped || this.#entries.get(alert.key) !== entry || !trouble.standing) return;
    const { toldAt: _toldAt, ...rest } = trouble;
    entry.trouble = { ...rest, told: false };
    entry.timer?.cancel();
    this.#wakeIn(entry, delay);
  }

  #wakeIn(entry: Entry, delay: Milliseconds): void {
    const { key } = entry.alert;
    entry.timer = this.#options.clock.after(delay, () =>
      this.#step(this.#entries.get(key)?.alert ?? entry.alert, { kind: 'due' }),
    );
  }

  #queue(work: () => Promise<void>, failed = () => {}): void {
    this.#work = this.#work.then(work).then(
      () => this.#options.queued(),
      (error: unknown) => {
        this.#options.log.error('alert not kept', { error: messageOf(error) });
        failed();
      },
    );
  }

  #sweep(): void {
    const { clock, store } = this.#options;
    const now = clock.now();
    for (const [key, { trouble, heardOf }] of this.#entries) {
      const silent = !heardOf && now - this.#openedAt >= PATIENCE;
      const old = !trouble.standing && now - (trouble.toldAt ?? 0) >= KEPT_FOR;
      if (!silent && !old) continue;
      this.#entries.delete(key);
      this.#queue(() => store.forgetTrouble(key));
    }
    this.#queue(() => store.sweepAlerts(now - KEPT_FOR));
    this.#sweepTimer = clock.after(SWEEP_EVERY, () => this.#sweep());
  }
}
