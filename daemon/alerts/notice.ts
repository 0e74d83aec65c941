/** What is told of an alert: that it is, or that it is over. Plain data, so that it can be kept until it is sent. */
import type { Alert } from '../../base/alerts.ts';
import type { Language } from '../../base/i18n/languages.ts';

export interface Notice {
  readonly event: 'raised' | 'cleared';
  readonly alert: Alert;
  /** Milliseconds since 1970: when the trouble began, and when this was told. */
  readonly since: number;
  readonly at: number;
}

/** Whom a notice goes to. */
export type Target =
  | { readonly channel: 'mail'; readonly address: string; readonly language: Language }
  /** `name` of the recipient in the configuration. */
  | { readonly channel: 'webhook'; readonly name: string };

/** The same target has the same words. */
export const wordsOf = (target: Target): string =>
  target.channel === 'mail' ? `mail ${target.language} ${target.address}` : `webhook ${target.name}`;

export function targetOf(words: string): Target {
  const [channel = '', first = '', ...rest] = words.split(' ');
  return channel === 'mail'
    ? { channel, language: first as Language, address: rest.join(' ') }
    : { channel: 'webhook', name: first };
}
