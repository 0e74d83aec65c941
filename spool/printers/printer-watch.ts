/** Raises what somebody has to know of the printers, and ends it when it is over, over restarts too. */
import type { Alerts } from '../../base/alerts.ts';
import { alertsOf } from './printer-alerts.ts';
import { isOfBoard, type PrinterBoard } from './printer-board.ts';

export interface PrinterWatchOptions {
  readonly board: PrinterBoard;
  readonly alerts: Alerts;
  /** Percent: a supply with less is low. */
  readonly suppliesBelow: () => number;
  /** Keys of alerts about printers that stood when the process before ended, by printer. */
  readonly before: ReadonlyMap<string, ReadonlySet<string>>;
}

export class PrinterWatch {
  readonly #options: PrinterWatchOptions;
  readonly #standing: Map<string, ReadonlySet<string>>;

  constructor(options: PrinterWatchOptions) {
    this.#options = options;
    this.#standing = new Map(options.before);
    options.board.on('changed', (name) => this.#look(name));
  }

  /** Once the printers are there: ends what stood of those that are configured no more. */
  start(): void {
    for (const name of this.#standing.keys()) this.#look(name);
  }

  /** Looks at every printer again: the threshold may be another. */
  lookAtAll(): void {
    for (const { name } of this.#options.board.all()) this.#look(name);
  }

  #look(name: string): void {
    const { board, alerts, suppliesBelow } = this.#options;
    const known = board.get(name);
    const before = this.#standing.get(name) ?? new Set();
    // A printer that changes is taken away and put back in one turn.
    if (known === undefined) return queueMicrotask(() => this.#gone(name));
    // Of a printer that has not answered yet, or is silent, nothing is over and nothing new.
    if (known.state === 'unknown') return;
    const raised = alertsOf(known, suppliesBelow(), before);
    const keys = new Set(raised.map(({ key }) => key));
    for (const alert of raised) alerts.raise(alert);
    const absent = [...before].filter((key) => !keys.has(key) && !isOfBoard(name, key));
    // While it is silent over SNMP, nobody knows whether what it told there is over.
    if (known.observationTrouble === undefined) for (const key of absent) alerts.clear(key);
    else for (const key of absent) keys.add(key);
    this.#standing.set(name, keys);
  }

  #gone(name: string): void {
    if (this.#options.board.get(name) !== undefined) return;
    for (const key of this.#standing.get(name) ?? []) this.#options.alerts.clear(key);
    this.#standing.delete(name);
  }
}
