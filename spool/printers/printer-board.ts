/** What is known of each printer: asked gently now and then, its description kept over restarts. */
import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { AlertPrinter, Alerts, PrinterTrouble } from '../../base/alerts.ts';
import type { Clock, Timer } from '../../base/clock.ts';
import type { TableClient } from '../../base/database/tables.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Milliseconds } from '../../base/units.ts';
import type { PrinterDescription } from '../../drivers/printers/description.ts';
import type {
  PrinterDriver,
  PrinterObservation,
  PrinterObserver,
  PrinterStatus,
  Trouble,
} from '../../drivers/printers/port.ts';
import { faded, joined, merged } from './observed.ts';
import { isStopping } from './stopping-reasons.ts';
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
  /** From its last answer, also one of an earlier run; with what the gateway converts for it. */
  readonly description?: PrinterDescription;
  /** It is not the device that was pinned. */
  readonly wrongKey?: true;
  /** Why it does not answer. For the administrator. */
  readonly trouble?: string;
  /** There is no connection to it at all; one that is merely slow may be at work. */
  readonly unreachable?: true;
  /** What it tells over SNMP, where it is watched that way: of its last answer. */
  readonly observation?: PrinterObservation;
  /** Why it does not answer there, times in a row. */
  readonly observationTrouble?: string;
}

export interface PrinterBoardOptions {
  /** The longest time between two looks at a printer. */
  readonly interval: () => Milliseconds;
  readonly rows: TableClient<(typeof tables)['operations']>;
  /** The printer with the gateway's converters before it. */
  serve(description: PrinterDescription): PrinterDescription;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
}

export interface PrinterBoardEvents {
  /** Something about this printer is not what it was. */
  changed: [name: string];
}

/** One that works changes; at one in trouble, or silent, somebody may just be at work. */
const LIVELIER = 4;
/** Part of the interval by which a look may come sooner, so that a fleet is not asked all at once. */
const JITTER = 0.2;
/** Printers asked at once when many are there at once, as at a start; further ones come one by one, so far apart. */
const FIRST_AT_ONCE = 32;
const FIRST_APART = Milliseconds(20);
/** Datagrams get lost: silence over SNMP counts from so many looks on. */
const SILENCES = 2;

interface Entry {
  known: KnownState;
  readonly driver: PrinterDriver;
  readonly observer: PrinterObserver | undefined;
  /** Looks in a row without an answer over SNMP. */
  silences: number;
  readonly abort: AbortController;
  timer?: Timer;
}

export class PrinterBoard extends EventEmitter<PrinterBoardEvents> {
  readonly #options: PrinterBoardOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #remembered = new Map<string, PrinterDescription>();
  /** Monotonic: before it nobody else is asked for the first time, but for those asked at once. */
  #nextFirst = Number.NEGATIVE_INFINITY;

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

  /** Begins to watch a printer. Resolves when it has answered for the first time or has not, or has to wait for its turn. */
  async add(facts: PrinterFacts, driver: PrinterDriver, observer?: PrinterObserver): Promise<void> {
    const told = this.#remembered.get(facts.name);
    const description = told && this.#options.serve(told);
    const unknown = { state: 'unknown', reasons: [], acceptingJobs: true } as const;
    const known = { ...facts, ...unknown, ...(description === undefined ? {} : { description }) };
    const entry: Entry = { known, driver, observer, silences: 0, abort: new AbortController() };
    this.#entries.set(facts.name, entry);
    this.emit('changed', facts.name);
    const delay = this.#delayOfFirst();
    if (delay > 0) entry.timer = this.#options.clock.after(delay, () => void this.#ask(entry));
    else await this.#ask(entry);
  }

  /** A fleet of thousands must not be connected to in one moment. */
  #delayOfFirst(): Milliseconds {
    const now = this.#options.clock.monotonic();
    this.#nextFirst = Math.max(this.#nextFirst, now - FIRST_AT_ONCE * FIRST_APART) + FIRST_APART;
    return Milliseconds(Math.max(0, this.#nextFirst - now));
  }

  /** Changes what people call it; the driver stays. */
  rename(facts: PrinterFacts): void {
    const entry = this.#entries.get(facts.name);
    if (entry !== undefined) this.#update(entry, { ...entry.known, ...facts });
  }

  /** What the printer told in the middle of a job; the next look may know better. */
  noticed(name: string, reasons: readonly string[]): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined)
      this.#update(entry, { ...entry.known, reasons: joined(reasons, entry.known.observation) });
  }

  /** A job has just failed there for a reason that the next one would meet too; the next look may know better. */
  failed(name: string, { reason, detail }: Trouble): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    if (entry.timer !== undefined) this.#askAfter(entry, this.#options.interval() / LIVELIER);
    const isAsked = entry.driver.isAsked !== false;
    if (isAsked && (reason === 'unreachable' || reason === 'wrong-key'))
      return this.#silent(entry, new Failure(reason, detail));
    // Out of paper for longer than anybody waits: that is told already, and it does answer.
    if (reason === 'timeout' && entry.known.reasons.some(isStopping)) return;
    const isClosed = reason === 'not-accepting';
    if (isClosed) this.#update(entry, { ...entry.known, acceptingJobs: false });
    this.#options.alerts.raise({
      kind: 'printer',
      // One that is silent to a job mostly is so to the next look: one trouble, told once.
      key: isAsked && !isClosed ? silenceOf(name) : failureOf(name),
      message: `printer ${name} is out of order (${reason}): ${detail}`,
      printer: printerOf(entry.known, isClosed ? { kind: 'reason', reason } : { kind: 'silent' }),
    });
  }

  /** Something came out of it. */
  worked(name: string): void {
    this.#options.alerts.clear(failureOf(name));
  }

  /** @param forget whether what it told is forgotten too: it is configured no more. */
  async remove(name: string, forget: boolean): Promise<void> {
    const entry = this.#entries.get(name);
    this.#entries.delete(name);
    entry?.timer?.cancel();
    entry?.abort.abort();
    this.emit('changed', name);
    // Opened again at once with other times: what stands goes on.
    if (!forget) return;
    for (const keyOf of [silenceOf, impostorOf, unwatchedOf, failureOf])
      this.#options.alerts.clear(keyOf(name));
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
    const { interval } = this.#options;
    delete entry.timer;
    const { signal } = entry.abort;
    const [status, seen] = await Promise.allSettled([
      entry.driver.status(signal),
      entry.observer?.observe(signal),
    ]);
    if (this.#entries.get(entry.known.name) !== entry) return;
    const told = status.status === 'fulfilled';
    this.#note(entry, told, seen);
    if (told) await this.#answered(entry, status.value);
    else this.#silent(entry, status.reason);
    if (this.#entries.get(entry.known.name) !== entry) return;
    const { state, reasons } = entry.known;
    const longest = state === 'idle' && reasons.length === 0 ? interval() : interval() / LIVELIER;
    this.#askAfter(entry, longest);
  }

  #askAfter(entry: Entry, longest: number): void {
    entry.timer?.cancel();
    const delay = Milliseconds(longest * (1 - JITTER * Math.random()));
    entry.timer = this.#options.clock.after(delay, () => void this.#ask(entry));
  }

  /** Of SNMP. A printer that is off altogether is told of once. */
  #note(entry: Entry, told: boolean, seen: PromiseSettledResult<PrinterObservation | undefined>): void {
    if (entry.observer === undefined) return;
    const { name, observationTrouble: _before, ...rest } = entry.known;
    const { alerts } = this.#options;
    if (seen.status === 'fulfilled') {
      entry.silences = 0;
      alerts.clear(unwatchedOf(name));
      this.#update(entry, { name, ...rest, ...(seen.value ? { observation: seen.value } : {}) });
      return;
    }
    entry.silences += 1;
    if (entry.silences < SILENCES) return;
    const observationTrouble = messageOf(seen.reason);
    const observation = rest.observation && { observation: faded(rest.observation) };
    this.#update(entry, { name, ...rest, ...observation, observationTrouble });
    if (!told) return;
    const message = `printer ${name} does not answer over SNMP: ${observationTrouble}`;
    const printer = printerOf(entry.known, { kind: 'unwatched' });
    alerts.raise({ kind: 'printer', key: unwatchedOf(name), message, printer });
  }

  async #answered(entry: Entry, status: PrinterStatus): Promise<void> {
    const { name, trouble: _trouble, wrongKey: _wrongKey, unreachable: _unreachable, ...rest } = entry.known;
    this.#options.alerts.clear(silenceOf(name));
    this.#options.alerts.clear(impostorOf(name));
    const { description, state, reasons, acceptingJobs } = merged(status, rest.observation);
    if (acceptingJobs && entry.driver.isAsked !== false) this.worked(name);
    const serves = this.#options.serve(description);
    this.#update(entry, { name, ...rest, state, reasons, acceptingJobs, description: serves });
    await this.#remember(name, description);
  }

  #silent(entry: Entry, error: unknown): void {
    const trouble = messageOf(error);
    const { name, wrongKey: _wrongKey, unreachable: _unreachable, ...rest } = entry.known;
    if (error instanceof Failure && error.code === 'wrong-key') {
      // Whoever it is, they do answer.
      this.#options.alerts.clear(silenceOf(name));
      this.#options.alerts.raise({
        kind: 'security',
        key: impostorOf(name),
        message: `printer ${name} is not the device that was pinned, and gets no job: ${trouble}; if it was replaced or reset: "holdfast printers repin ${name}"; if not, somebody may be catching print jobs`,
        printer: printerOf(entry.known, { kind: 'impostor' }),
      });
      this.#update(entry, { name, ...rest, state: 'unknown', reasons: [], trouble, wrongKey: true });
      return;
    }
    const message = `printer ${name} does not answer: ${trouble}`;
    const printer = printerOf(entry.known, { kind: 'silent' });
    this.#options.alerts.raise({ kind: 'printer', key: silenceOf(name), message, printer });
    const isUnreachable = error instanceof Failure && error.code === 'unreachable';
    const how = isUnreachable ? { trouble, unreachable: true as const } : { trouble };
    this.#update(entry, { name, ...rest, state: 'unknown', reasons: [], ...how });
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

export const printerOf = ({ name, info, location }: PrinterFacts, trouble: PrinterTrouble): AlertPrinter => ({
  name,
  info,
  location,
  trouble,
});

const impostorOf = (name: string): string => `impostor printer ${name}`;

/** Whether the board ends the alert by itself, or whoever looks for impostors. */
export const isOfBoard = (name: string, key: string): boolean =>
  [silenceOf, unwatchedOf, failureOf].some((keyOf) => key === keyOf(name)) ||
  key.startsWith(impostorOf(name));

const unwatchedOf = (name: string): string => `printer ${name} does-not-answer-snmp`;
const failureOf = (name: string): string => `printer ${name} out-of-order`;
const silenceOf = (name: string): string => `printer ${name} does-not-answer`;
