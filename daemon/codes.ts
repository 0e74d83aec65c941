/** Codes as the configuration says: given out in batches and to new people, mailed, and watched for their length. */
import type { Alerts } from '../base/alerts.ts';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database/database.ts';
import { isLanguage, type Language } from '../base/i18n/languages.ts';
import type { Log } from '../base/log.ts';
import type { Mailer } from '../base/mail/mailer.ts';
import type { Metrics } from '../base/metrics.ts';
import type { Key } from '../base/secrets/sealing.ts';
import { CodeBatches } from '../identity/codes/batch.ts';
import { CodeGiving } from '../identity/codes/giving.ts';
import type { CodeMailSettings } from '../identity/codes/mails/letter.ts';
import { CodeSeal } from '../identity/codes/mails/seal.ts';
import { CodeMails } from '../identity/codes/mails/sender.ts';
import type { MailTemplate } from '../identity/codes/mails/templates.ts';
import { CodesForNewPeople } from '../identity/codes/new-people.ts';
import type { Identity } from '../identity/identity.ts';
import { tables } from '../identity/tables.ts';
import { CodeWatch, codePolicy } from './code-watch.ts';
import type { LiveConfig } from './live-config.ts';

export interface CodeRooms {
  readonly live: LiveConfig;
  readonly database: Database;
  readonly gatewayKey: Key;
  readonly identity: Identity;
  readonly mailer: Mailer;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface Codes {
  readonly batches: CodeBatches;
  readonly giving: CodeGiving;
  readonly mails: CodeMails;
  readonly seal: CodeSeal;
  start(): void;
  stop(): Promise<void>;
}

/** Does nothing by itself before it is started. */
export async function openCodes(rooms: CodeRooms): Promise<Codes> {
  const { live, database, gatewayKey, identity: people, mailer, alerts, clock, log, metrics } = rooms;
  const store = database.client(tables);
  const seal = new CodeSeal(gatewayKey);
  const policy = () => codePolicy(live);
  const settings = () => mailSettings(live);
  const mails = await CodeMails.open({ store, seal, people, mailer, settings, alerts, clock, log, metrics });
  const queued = () => mails.look();
  const giving = new CodeGiving({ people, seal, policy, clock });
  const now = () => clock.now();
  const batches = new CodeBatches({ people, store, giving, policy, gatewayKey, now, log, queued });
  const newPeople = new CodesForNewPeople({
    people,
    store,
    giving,
    settings: () => live.current.codes.forNewPeople,
    queued,
    alerts,
    clock,
    log,
  });
  const watch = new CodeWatch({
    policy,
    shareOfCodes: (digits) => people.shareOfCodes(digits),
    alerts,
    clock,
    log,
  });
  return {
    batches,
    giving,
    mails,
    seal,
    start() {
      watch.start();
      mails.start();
      newPeople.start();
    },
    async stop() {
      watch.stop();
      await newPeople.stop();
      await mails.stop();
    },
  };
}

function mailSettings({ current }: LiveConfig): CodeMailSettings {
  const { language, perMinute, templates } = current.codes.mail;
  const own = templates.flatMap(({ name, ...template }): [Language, MailTemplate][] =>
    isLanguage(name) ? [[name, template]] : [],
  );
  return { gateway: current.gateway.name, language, perMinute, templates: new Map(own) };
}
