/** The alerts that stand now: logged when they come and go, shown in health, told to people. */
import type { Alert, Alerts } from '../base/alerts.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';

export interface StandingAlert extends Alert {
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** A storm of different troubles must not fill the memory. */
const MOST = 1000;

export class AlertBoard implements Alerts {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #standing = new Map<string, StandingAlert>();
  readonly #raised;
  #told: Alerts | undefined;

  constructor(options: { readonly clock: Clock; readonly log: Log; readonly metrics: Metrics }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#raised = options.metrics.counter('alerts_total', 'Alerts that were raised', ['kind']);
    options.metrics.gauge('alerts', 'Alerts that stand', () => this.#standing.size);
  }

  /** Who tells people from now on, of what stands already too. */
  attach(told: Alerts): void {
    this.#told = told;
    for (const alert of this.#standing.values()) told.raise(alert);
  }

  raise(alert: Alert): void {
    if (this.raiseUntold(alert)) this.#told?.raise(alert);
  }

  /** Only logs and shows it. @returns false when too many stand. */
  raiseUntold(alert: Alert): boolean {
    const before = this.#standing.get(alert.key);
    if (before === undefined && this.#standing.size >= MOST) return false;
    this.#standing.set(alert.key, { ...alert, since: before?.since ?? this.#clock.now() });
    if (before === undefined) {
      this.#raised.inc({ kind: alert.kind });
      this.#log.warn('alert', { kind: alert.kind, key: alert.key, message: alert.message });
    }
    return true;
  }

  clear(key: string): void {
    // It may have been told before a restart.
    this.#told?.clear(key);
    const alert = this.#standing.get(key);
    if (!this.#standing.delete(key)) return;
    this.#log.info('alert is over', { kind: alert?.kind, key });
  }

  /** Oldest first. */
  list(): StandingAlert[] {
    return [...this.#standing.values()];
  }
}
