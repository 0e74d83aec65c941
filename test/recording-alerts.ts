/** Alerts that a test can look at. */
import type { Alert, Alerts } from '../base/alerts.ts';

export class RecordingAlerts implements Alerts {
  readonly standing = new Map<string, Alert>();
  /** Every word that was told, in order: `raise KEY`, `clear KEY`. */
  readonly told: string[] = [];

  raise(alert: Alert): void {
    this.told.push(`raise ${alert.key}`);
    this.standing.set(alert.key, alert);
  }

  clear(key: string): void {
    this.told.push(`clear ${key}`);
    this.standing.delete(key);
  }
}
