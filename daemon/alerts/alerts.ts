/** Alerts as the configuration says: who is told, by mail and webhook. */
import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../base/database/database.ts';
import { nodeFiles } from '../../base/files/node-files.ts';
import { isLanguage, type Language } from '../../base/i18n/languages.ts';
import type { Log } from '../../base/log.ts';
import type { Mailer } from '../../base/mail/mailer.ts';
import type { Metrics } from '../../base/metrics.ts';
import type { AlertBoard } from '../alert-board.ts';
import type { LiveConfig } from '../live-config.ts';
import type { AlertTemplate, MailWords } from './letter.ts';
import { Notifier } from './notifier.ts';
import { AlertPost } from './post.ts';
import { tables } from './tables.ts';
import { Webhook } from './webhook.ts';

export interface AlertRooms {
  readonly live: LiveConfig;
  readonly database: Database;
  readonly mailer: Mailer;
  readonly alerts: AlertBoard;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface ToldAlerts {
  /** Keys of what was told of printers and is not over, by printer. */
  readonly ofPrinters: ReadonlyMap<string, ReadonlySet<string>>;
  /** Sends what waits from before. */
  start(): void;
  stop(): Promise<void>;
}

/** From now on people are told what the board hears. */
export async function openAlerts(rooms: AlertRooms): Promise<ToldAlerts> {
  const { live, database, mailer, alerts, clock, log, metrics } = rooms;
  const store = database.client(tables);
  const settings = () => live.current.alerts;
  const webhook = new Webhook({ files: nodeFiles, clock });
  const words = () => wordsOf(live);
  // What the post itself raises is for the health page: told by the same way it would not arrive.
  const untold = { raise: alerts.raiseUntold.bind(alerts), clear: alerts.clear.bind(alerts) };
  const post = await AlertPost.open({
    store,
    mailer,
    webhook,
    settings,
    words,
    alerts: untold,
    clock,
    log,
    metrics,
  });
  const notifier = await Notifier.open({ store, settings, clock, log, queued: () => post.look() });
  const ofPrinters = notifier.toldOfPrinters;
  alerts.attach(notifier);
  return {
    ofPrinters,
    start: () => post.look(),
    async stop() {
      await notifier.stop();
      await post.stop();
    },
  };
}

function wordsOf({ current }: LiveConfig): MailWords {
  const own = current.alerts.templates.flatMap(({ name, ...template }): [Language, AlertTemplate][] =>
    isLanguage(name) ? [[name, template]] : [],
  );
  return { gateway: current.gateway.name, templates: new Map(own) };
}
