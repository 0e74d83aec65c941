/** Printers are watched, and people are told what is wrong: as the configuration says. */
import type { PrinterBoard } from '../spool/printers/printer-board.ts';
import { PrinterWatch } from '../spool/printers/printer-watch.ts';
import { type AlertRooms, openAlerts } from './alerts/alerts.ts';

export interface Watching {
  /** Once the printers of the configuration are there. */
  start(): void;
  /** The configuration is another. */
  look(): void;
  stop(): Promise<void>;
}

export async function openWatching(rooms: AlertRooms & { readonly board: PrinterBoard }): Promise<Watching> {
  const { board, live, alerts } = rooms;
  const told = await openAlerts(rooms);
  const suppliesBelow = () => live.current.alerts.suppliesBelow;
  const watch = new PrinterWatch({ board, alerts, suppliesBelow, before: told.ofPrinters });
  return {
    start() {
      watch.start();
      told.start();
    },
    look: () => watch.lookAtAll(),
    stop: () => told.stop(),
  };
}
