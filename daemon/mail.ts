/** Mail as the configuration says. */
import type { Clock } from '../base/clock.ts';
import { nodeFiles } from '../base/files/node-files.ts';
import type { Log } from '../base/log.ts';
import { SmtpMailer } from '../base/mail/smtp-mailer.ts';
import type { Metrics } from '../base/metrics.ts';
import type { LiveConfig } from './live-config.ts';

export function mailerOf(rooms: {
  readonly live: LiveConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}): SmtpMailer {
  const { live, clock, log, metrics } = rooms;
  return new SmtpMailer({ settings: () => live.current.mail, files: nodeFiles, clock, log, metrics });
}

/** How people are written to about badges. */
export function bindingSettings({ current }: LiveConfig) {
  return {
    gateway: current.gateway.name,
    language: current.codes.mail.language,
    mails: current.mail !== undefined,
  };
}
