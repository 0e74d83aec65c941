/** How the gateway is: for monitoring, load balancers and people. */
import { statfs } from 'node:fs/promises';
import type { Alert } from '../base/alerts.ts';
import type { Clock } from '../base/clock.ts';
import type { Bytes } from '../base/units.ts';
import { DISK_BELOW_FLOOR } from '../spool/intake/disk-floor.ts';
import type { KnownState } from '../spool/printers/printer-board.ts';

export interface HealthReport {
  /**
   * `starting`: not all is there yet. `ok`: takes jobs and releases them. `degraded`: something needs a person. `stopping`:
   * takes nothing new.
   */
  readonly status: 'starting' | 'ok' | 'degraded' | 'stopping';
  readonly version: string;
  /** Seconds since it was up. */
  readonly uptime: number;
  /** Jobs that have not ended. */
  readonly jobs: number;
  readonly people: number;
  /** Octets free on the disk of the state directory. */
  readonly freeDisk: number;
  readonly printers: readonly PrinterHealth[];
  /** What needs a person, as sentences. */
  readonly warnings: readonly string[];
}

export interface PrinterHealth {
  readonly name: string;
  readonly state: KnownState['state'];
  readonly reasons: readonly string[];
  readonly trouble: string | null;
}

export interface HealthOptions {
  readonly version: string;
  readonly stateDirectory: string;
  readonly clock: Clock;
  freeDiskFloor(): Bytes;
  jobs(): number;
  people(): number;
  printers(): readonly KnownState[];
  alerts(): readonly Alert[];
}

export class Health {
  readonly #options: HealthOptions;
  readonly #since: number;
  #phase: 'starting' | 'up' | 'stopping' = 'starting';

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#since = options.clock.monotonic();
  }

  /** All is there. */
  up(): void {
    if (this.#phase === 'starting') this.#phase = 'up';
  }

  stopping(): void {
    this.#phase = 'stopping';
  }

  async report(): Promise<HealthReport> {
    const { version, stateDirectory, clock, jobs, people, printers, alerts, freeDiskFloor } = this.#options;
    const { bavail, bsize } = await statfs(stateDirectory);
    const freeDisk = bavail * bsize;
    const warnings = [
      ...(freeDisk < freeDiskFloor() ? [DISK_BELOW_FLOOR.message] : []),
      ...alerts()
        .filter((alert) => alert.key !== DISK_BELOW_FLOOR.key)
        .map((alert) => alert.message),
    ];
    return {
      status: this.#phase !== 'up' ? this.#phase : warnings.length > 0 ? 'degraded' : 'ok',
      version,
      uptime: Math.floor((clock.monotonic() - this.#since) / 1000),
      jobs: jobs(),
      people: people(),
      freeDisk,
      printers: printers().map(({ name, state, reasons, trouble }) => {
        return { name, state, reasons, trouble: trouble ?? null };
      }),
      warnings,
    };
  }
}
