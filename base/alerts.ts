/** What a person has to know of, until it is over: the port through which any room tells it. */

/**
 * Who has to know. `security`: an impostor, guessing, a credential that two people have. `directory`: a sync that was
 * refused. `supplies`, `printer`: toner and paper; jams, doors, offline. `application`: the gateway itself.
 */
export type AlertKind = 'security' | 'directory' | 'supplies' | 'printer' | 'application';

export interface Alert {
  readonly kind: AlertKind;
  /** The same trouble has the same key: `printer mfp-2 does-not-answer`. Raised again it is still one alert. */
  readonly key: string;
  /** One sentence in English for the administrator. Text from outside in it must have been made printable. */
  readonly message: string;
}

export interface Alerts {
  raise(alert: Alert): void;
  /** The trouble is over; nothing happens when there was none. */
  clear(key: string): void;
}
