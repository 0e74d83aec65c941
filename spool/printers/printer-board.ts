/** What is known of each printer: asked gently now and then, its description kept over restarts. */
import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { Alerts } from '../../base/alerts.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { TableClient } from '../../base/database/tables.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Minutes, Seconds } from '../../base/units.ts';
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import type { PrinterDriver } from '../../drivers/printers/port.ts';
import type { tables } from './tables.ts';

/** A printer as people know it. */
export interface PrinterFacts {
  readonly name: string;
  /** `printer-info` */
  readonly info: string;
  /** `printer-location` */
  readonly location: string;
  /** Names of other printers, the nearest first. */
  readonly near: readonly string[];
}

export interface KnownState extends PrinterFacts {
  /** `unknown` until it has answered, and while it does not. */
  readonly state: 'idle' | 'processing' | 'stopped' | 'unknown';
  readonly reasons: readonly string[];
  readonly acceptingJobs: boolean;
  /** From its last answer, also one of an earlier run. */
  readonly description?: PrinterDescription;
  /** Why it does not answer. For the administrator. */
  readonly trouble?: string;
}

export interface PrinterBoardOptions {
  readonly rows: TableClient<(typeof tables)['operations']>;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
}

export interface PrinterBoardEvents {
  /** Something about this printer is not what it was. */
  changed: [name: string];
}

const INTERVAL = Minutes(1);
/** A printer that does not answer is looked for more often: somebody may just be switching it on. */
const INTERVAL_IN_TROUBLE = Seconds(15);

interface Entry {
  known: KnownState;
  readonly driver: PrinterDriver;
  readonly abort: AbortController;
  timer?: Timer;
}

export class PrinterBoard extends EventEmitter<PrinterBoardEvents> {
  readonly #options: PrinterBoardOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #remembered = new Map<string, PrinterDescription>();

  private constructor(options: PrinterBoardOptions) {
    super();
    this.#options = options;
  }

  static async open(options: PrinterBoardOptions): Promise<PrinterBoard> {
    const board = new PrinterBoard(options);
    for (const { name, description } of await options.rows.list(undefined))
      board.#remembered.set(name, description);
    return board;
  }

  get(name: string): KnownState | undefined {
    return this.#entries.get(name)?.known;
  }

  all(): KnownState[] {
    return Array.from(this.#entries.values(), (entry) => entry.known);
  }

  /** Begins to watch a printer. Resolves when it has answered for the first time, or has not. */
  async add(facts: PrinterFacts, driver: PrinterDriver): Promise<void> {
    const description = this.#remembered.get(facts.name);
    const unknown = { state: 'unknown', reasons: [], acceptingJobs: true } as const;
    const known = { ...facts, ...unknown, ...(description === undefined ? {} : { description }) };
    const entry: Entry = { known, driver, abort: new AbortController() };
    this.#entries.set(facts.name, entry);
    this.emit('changed', facts.name);
    await this.#ask(entry);
  }

  /** Changes what people call it; the driver stays. */
  rename(facts: PrinterFacts): void {
    const entry = this.#entries.get(facts.name);
    if (entry !== undefined) this.#update(entry, { ...entry.known, ...facts });
  }

  /** What the printer told in the middle of a job; the next look may know better. */
  noticed(name: string, reasons: readonly string[]): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined) this.#update(entry, { ...entry.known, reasons });
  }

  /** @param forget whether what it told is forgotten too: it is configured no more. */
  async remove(name: string, forget: boolean): Promise<void> {
    const entry = this.#entries.get(name);
    this.#entries.delete(name);
    entry?.timer?.cancel();
    entry?.abort.abort();
    this.#options.alerts.clear(silenceOf(name));
    this.emit('changed', name);
    if (!forget) return;
    this.#remembered.delete(name);
    await this.#options.rows.forget({ name });
  }

  /** Ends all watching. */
  close(): void {
    for (const { timer, abort } of this.#entries.values()) {
      timer?.cancel();
      abort.abort();
    }
    this.#entries.clear();
  }

  async #ask(entry: Entry): Promise<void> {
    const { clock, alerts } = this.#options;
    const { name } = entry.known;
    try {
      const { description, state, reasons, acceptingJobs } = await entry.driver.status(entry.abort.signal);
      alerts.clear(silenceOf(name));
      const { trouble: _trouble, ...rest } = entry.known;
      this.#update(entry, { ...rest, state, reasons, acceptingJobs, description });
      await this.#remember(name, description);
    } catch (error) {
      if (entry.abort.signal.aborted) return;
      const trouble = messageOf(error);
      alerts.raise({
        kind: 'printer',
        key: silenceOf(name),
        message: `printer ${name} does not answer: ${trouble}`,
      });
      this.#update(entry, { ...entry.known, state: 'unknown', reasons: [], trouble });
    }
    if (this.#entries.get(name) !== entry) return;
    const interval = entry.known.trouble === undefined ? INTERVAL : INTERVAL_IN_TROUBLE;
    entry.timer = clock.after(interval, () => void this.#ask(entry));
  }

  #update(entry: Entry, known: KnownState): void {
    if (isDeepStrictEqual(entry.known, known)) return;
    entry.known = known;
    this.emit('changed', known.name);
  }

  async #remember(name: string, description: PrinterDescription): Promise<void> {
    if (isDeepStrictEqual(this.#remembered.get(name), description)) return;
    this.#remembered.set(name, description);
    await this.#options.rows
      .keep({ name, description })
      .catch((error) =>
        this.#options.log.warn('printer description not kept', { printer: name, error: messageOf(error) }),
      );
  }
}

const silenceOf = (name: string): string => `printer ${name} does-not-answer`;
