/** Keeps what becomes of printers: a row when one stops, falls silent or goes on, and when a level changes. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock, Timer } from '../../base/clock.ts';
import type { TableClient } from '../../base/database/tables.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { printable } from '../../base/text.ts';
import { Hours, type Milliseconds } from '../../base/units.ts';
import type { HistoryQuery, PrinterChange, PrinterEvent, tables } from './history-tables.ts';
import { suppliesOf } from './observed.ts';
import { named } from './printer-alerts.ts';
import type { KnownState, PrinterBoard } from './printer-board.ts';

export interface PrinterHistoryOptions {
  readonly rows: TableClient<(typeof tables)['operations']>;
  readonly board: PrinterBoard;
  readonly retention: () => Milliseconds;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of one printer: years of one that is in trouble once an hour. */
const MOST_EVENTS = 20_000;
/** Supplies of one printer that are compared: one that makes up names must not fill the memory. */
const MOST_SUBJECTS = 200;
const MOST_REASONS = 30;
const LONGEST = 200;
const SWEEP_EVERY = Hours(1);

export class PrinterHistory {
  readonly #options: PrinterHistoryOptions;
  /** The last of each subject, by printer. */
  readonly #last = new Map<string, Map<string, PrinterChange>>();
  #timer: Timer | undefined;

  private constructor(options: PrinterHistoryOptions) {
    this.#options = options;
  }

  static async open(options: PrinterHistoryOptions): Promise<PrinterHistory> {
    const history = new PrinterHistory(options);
    for (const { printer, at: _at, ...told } of await options.rows.latest(undefined)) {
      history.#of(printer).set(subjectOf(told), comparable(told));
    }
    options.board.on('changed', (name) => history.#look(name));
    history.#sweep();
    return history;
  }

  list(query: HistoryQuery): Promise<PrinterEvent[]> {
    return this.#options.rows.history(query);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #of(printer: string): Map<string, PrinterChange> {
    const last = this.#last.get(printer) ?? new Map<string, PrinterChange>();
    this.#last.set(printer, last);
    return last;
  }

  #look(printer: string): void {
    const { board, clock, rows, log } = this.#options;
    const known = board.get(printer);
    if (known === undefined) return;
    const last = this.#of(printer);
    const told = toldOf(known).filter(
      (each) => !isDeepStrictEqual(last.get(subjectOf(each)), comparable(each)),
    );
    if (told.length === 0) return;
    if (last.size > MOST_SUBJECTS) last.clear();
    for (const each of told) last.set(subjectOf(each), comparable(each));
    const at = clock.now();
    rows
      .record(told.map((each) => ({ ...each, printer, at })))
      .catch((error: unknown) => log.warn('printer history not kept', { printer, error: messageOf(error) }));
  }

  #sweep(): void {
    const { clock, rows, retention, log } = this.#options;
    rows
      .sweep({ before: clock.now() - retention(), most: MOST_EVENTS })
      .catch((error: unknown) => log.warn('printer history not swept', { error: messageOf(error) }));
    this.#timer = clock.after(SWEEP_EVERY, () => this.#sweep());
  }
}

const subjectOf = (told: PrinterChange): string =>
  told.kind === 'state' ? 'state' : `supply ${told.supply}`;

/** What makes an event one of its own: the counter alone does not. */
function comparable(told: PrinterChange): PrinterChange {
  if (told.kind === 'supply') return told;
  return { kind: 'state', state: told.state, reasons: told.reasons };
}

/** Of a printer that has not answered yet since the start, nothing. */
function toldOf(known: KnownState): PrinterChange[] {
  const { state, trouble, observation } = known;
  if (state === 'unknown' && trouble === undefined) return [];
  const impressions = observation?.impressions;
  const reasons = known.reasons.slice(0, MOST_REASONS).map((reason) => printable(reason, LONGEST));
  const levels = named(suppliesOf(known) ?? []).map(
    ([supply, { level }]): PrinterChange => ({ kind: 'supply', supply, level }),
  );
  return [
    {
      kind: 'state',
      state: state === 'idle' || state === 'processing' ? 'ready' : state,
      reasons: [...reasons].sort(),
      ...(trouble === undefined ? {} : { trouble: printable(trouble, LONGEST) }),
      ...(impressions === undefined ? {} : { impressions }),
    },
    ...levels,
  ];
}
