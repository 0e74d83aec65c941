/** What a person has to know of, until it is over: the port through which any room tells it. */

/**
 * Who has to know. `security`: an impostor, guessing, a credential that two people have. `directory`: a sync that was
 * refused. `supplies`, `printer`: toner and paper; jams, doors, offline. `application`: the gateway itself.
 */
export type AlertKind = 'security' | 'directory' | 'supplies' | 'printer' | 'application';

/** The printer that an alert is about, so that who looks after it is told, in their language. */
export interface AlertPrinter {
  readonly name: string;
  /** What people call it. */
  readonly info: string;
  /** '' when that is not known. */
  readonly location: string;
  readonly trouble: PrinterTrouble;
}

export type PrinterTrouble =
  /** A supply is nearly used up. `level` in percent; undefined when only that is known. */
  | { readonly kind: 'low'; readonly supply: string; readonly level?: number }
  /** One of `printer-state-reasons`, without how grave it is. */
  | { readonly kind: 'reason'; readonly reason: string }
  | { readonly kind: 'silent' }
  /** It prints, but does not answer over SNMP. */
  | { readonly kind: 'unwatched' }
  /** It is not the device that was pinned, or another device says that it is this one. */
  | { readonly kind: 'impostor' };

export interface Alert {
  readonly kind: AlertKind;
  /** The same trouble has the same key: `printer mfp-2 does-not-answer`. Raised again it is still one alert. */
  readonly key: string;
  /** One sentence in English for the administrator. Text from outside in it must have been made printable. */
  readonly message: string;
  readonly printer?: AlertPrinter;
}

export interface Alerts {
  raise(alert: Alert): void;
  /** The trouble is over; nothing happens when there was none. */
  clear(key: string): void;
}
