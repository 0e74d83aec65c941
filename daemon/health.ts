/** How the gateway is: for monitoring, load balancers and people. */
import { statfs } from 'node:fs/promises';
import type { Alert } from '../base/alerts.ts';
import type { Clock } from '../base/clock.ts';
import type { Bytes } from '../base/units.ts';
import type { SyncState } from '../identity/directory/sync.ts';
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
  readonly directories: readonly DirectoryHealth[];
  /** What needs a person, as sentences. */
  readonly warnings: readonly string[];
}

export interface DirectoryHealth {
  readonly name: string;
  readonly people: number;
  /** Milliseconds since 1970; 0: never. Contact: it answered, whatever became of the answer. */
  readonly lastContact: number;
  /** When everybody was read last. */
  readonly lastFull: number;
  /** The number of the plan that the breaker holds until a person has looked; null when it holds none. */
  readonly heldPlan: number | null;
  readonly trouble: string | null;
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
  directories(): readonly SyncState[];
  alerts(): readonly Alert[];
  /** What is so at this moment, beside the alerts. */
  warnings(): readonly string[];
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
    const { directories, warnings: others } = this.#options;
    const { bavail, bsize } = await statfs(stateDirectory);
    const freeDisk = bavail * bsize;
    const warnings = [
      ...(freeDisk < freeDiskFloor() ? [DISK_BELOW_FLOOR.message] : []),
      ...alerts()
        .filter((alert) => alert.key !== DISK_BELOW_FLOOR.key)
        .map((alert) => alert.message),
      ...others(),
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
      directories: directories().map(({ name, people, lastContact, lastFull, plan, trouble }) => {
        const told = trouble === '' ? null : trouble;
        return { name, people, lastContact, lastFull, heldPlan: plan ?? null, trouble: told };
      }),
      warnings,
    };
  }
}
