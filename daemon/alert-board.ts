/** The alerts that stand now: logged when they come and go, shown in health. */
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

  constructor(options: { readonly clock: Clock; readonly log: Log; readonly metrics: Metrics }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#raised = options.metrics.counter('alerts_total', 'Alerts that were raised', ['kind']);
    options.metrics.gauge('alerts', 'Alerts that stand', () => this.#standing.size);
  }

  raise(alert: Alert): void {
    const before = this.#standing.get(alert.key);
    if (before === undefined && this.#standing.size >= MOST) return;
    this.#standing.set(alert.key, { ...alert, since: before?.since ?? this.#clock.now() });
    if (before !== undefined) return;
    this.#raised.inc({ kind: alert.kind });
    this.#log.warn('alert', { kind: alert.kind, key: alert.key, message: alert.message });
  }

  clear(key: string): void {
    const alert = this.#standing.get(key);
    if (!this.#standing.delete(key)) return;
    this.#log.info('alert is over', { kind: alert?.kind, key });
  }

  /** Oldest first. */
  list(): StandingAlert[] {
    return [...this.#standing.values()];
  }
}
