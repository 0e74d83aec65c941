/** Alerts as the gateway opens them, with a real database, a clock and a mailer that a test rules. */
import type { ExecutionContext } from 'ava';
import type { Alert } from '../../../base/alerts.ts';
import { Database } from '../../../base/database/database.ts';
import { Metrics } from '../../../base/metrics.ts';
import { Milliseconds } from '../../../base/units.ts';
import { parseConfig } from '../../../config/load.ts';
import { AlertBoard } from '../../../daemon/alert-board.ts';
import { openAlerts } from '../../../daemon/alerts/alerts.ts';
import { tables } from '../../../daemon/alerts/tables.ts';
import { LiveConfig } from '../../../daemon/live-config.ts';
import { RuledMailer } from '../../identity/codes/mails.ts';
import { ManualClock } from '../../manual-clock.ts';
import { RecordingLog } from '../../recording-log.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const configOf = (alerts: string) => `
queues: { print: { unowned-jobs: claimable } }
printers:
  a: { uri: "file:///nonexistent/a", info: Printer A, location: Hall }
  b: { uri: "file:///nonexistent/b" }
mail: { host: localhost, from: print@x.org }
alerts: ${alerts}
`;

export const alertOf = (printer: string, reason: string): Alert => ({
  kind: 'printer',
  key: `printer ${printer} ${reason}`,
  message: `printer ${printer}: ${reason}`,
  printer: {
    name: printer,
    info: `Printer ${printer.toUpperCase()}`,
    location: '',
    trouble: { kind: 'reason', reason },
  },
});

/** @param printerDelay of the configuration */
export async function told(t: ExecutionContext, alerts: string, printerDelay = Milliseconds(0)) {
  const folder = await temporaryFolder(t);
  const clock = new ManualClock();
  const mailer = new RuledMailer();
  const log = new RecordingLog();
  const { config } = parseConfig(configOf(alerts), 'f');
  const live = new LiveConfig({ ...config, alerts: { ...config.alerts, printerDelay } });
  /** `tell`: what is to be told cannot be written down. */
  const faults = { tell: false };
  const open = async () => {
    const database = await Database.open({ folder, tables: [tables] });
    const rows = database.client(tables);
    const store = {
      ...rows,
      tell: (told: Parameters<typeof rows.tell>[0]) =>
        faults.tell ? Promise.reject(new Error('the disk is full')) : rows.tell(told),
    };
    const metrics = new Metrics();
    const board = new AlertBoard({ clock, log, metrics });
    const opened = await openAlerts({
      live,
      database: { client: () => store } as unknown as Database,
      mailer,
      alerts: board,
      clock,
      log,
      metrics,
    });
    opened.start();
    const close = async () => {
      await opened.stop();
      await database.close();
    };
    t.teardown(() => close().catch(() => {}));
    return { board, opened, close, store };
  };
  /** Time goes by until nothing of the moment is under way: `seconds`, one by one. */
  const pass = async (seconds: number, step = 1) => {
    for (let gone = 0; gone < seconds; gone += step) {
      clock.advance(step * 1000);
      for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return { clock, mailer, log, faults, open, pass };
}
