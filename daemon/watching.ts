/** Printers are watched, and people are told what is wrong: as the configuration says. */

import type { Metrics } from '../base/metrics.ts';
import { tables as historyTables } from '../spool/printers/history-tables.ts';
import { suppliesOf } from '../spool/printers/observed.ts';
import { named } from '../spool/printers/printer-alerts.ts';
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import { PrinterHistory } from '../spool/printers/printer-history.ts';
import { PrinterWatch } from '../spool/printers/printer-watch.ts';
import { type AlertRooms, openAlerts } from './alerts/alerts.ts';

export interface Watching {
  readonly history: PrinterHistory;
  /** Once the printers of the configuration are there. */
  start(): void;
  /** The configuration is another. */
  look(): void;
  stop(): Promise<void>;
}

export async function openWatching(rooms: AlertRooms & { readonly board: PrinterBoard }): Promise<Watching> {
  const { board, live, alerts, database, clock, log, metrics } = rooms;
  const told = await openAlerts(rooms);
  const suppliesBelow = () => live.current.alerts.suppliesBelow;
  const watch = new PrinterWatch({ board, alerts, suppliesBelow, before: told.ofPrinters });
  const history = await PrinterHistory.open({
    rows: database.client(historyTables),
    board,
    retention: () => live.current.retention.printerHistory,
    clock,
    log,
  });
  measure(board, metrics);
  return {
    history,
    start() {
      watch.start();
      told.start();
    },
    look: () => watch.lookAtAll(),
    async stop() {
      history.stop();
      await told.stop();
    },
  };
}

/** What monitoring asks: of each printer whether it prints, what it has left, and its counter. */
function measure(board: PrinterBoard, metrics: Metrics): void {
  metrics.gauges(
    'printer_ready',
    '1 when a printer prints; 0 when it is stopped or silent',
    ['printer'],
    () =>
      board
        .all()
        .map(({ name, state }) => [{ printer: name }, state === 'idle' || state === 'processing' ? 1 : 0]),
  );
  metrics.gauges('printer_supply_percent', 'What is left of a supply', ['printer', 'supply'], () =>
    board
      .all()
      .flatMap((known) =>
        named(suppliesOf(known) ?? []).flatMap(([supply, { level }]) =>
          level < 0 ? [] : [[{ printer: known.name, supply }, level] as const],
        ),
      ),
  );
  metrics.gauges('printer_impressions', 'Impressions that a printer has made in its life', ['printer'], () =>
    board
      .all()
      .flatMap(({ name, observation }) =>
        observation?.impressions === undefined ? [] : [[{ printer: name }, observation.impressions] as const],
      ),
  );
}
