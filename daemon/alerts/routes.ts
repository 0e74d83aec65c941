/** Who is told of an alert: a pure function of the configuration. */
import type { Alert } from '../../base/alerts.ts';
import type { AlertsConfig } from '../../config/schema.ts';
import { type Target, wordsOf } from './notice.ts';

/** Each once, however many recipients name the same address. */
export function targetsOf(alert: Alert, { recipients, printerGroups }: AlertsConfig): Target[] {
  const printer = alert.printer?.name;
  const groups = printerGroups.filter(({ printers }) => printer !== undefined && printers.includes(printer));
  const names = new Set([printer, ...groups.map(({ name }) => name)]);
  const concerned = recipients.filter(
    ({ kinds, printers }) =>
      kinds.includes(alert.kind) && (printers === 'all' || printers.some((each) => names.has(each))),
  );
  const targets = concerned.flatMap(({ name, mail, language, webhook }): Target[] => [
    ...mail.map((address): Target => ({ channel: 'mail', address, language })),
    ...(webhook === undefined ? [] : [{ channel: 'webhook', name } as const]),
  ]);
  const seen = new Map<string, Target>();
  for (const target of targets) {
    const key = target.channel === 'mail' ? `mail ${target.address.toLowerCase()}` : wordsOf(target);
    if (!seen.has(key)) seen.set(key, target);
  }
  return [...seen.values()];
}
