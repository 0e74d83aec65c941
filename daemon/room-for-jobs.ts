/** Ties what bounds the held jobs to the disk, the configuration and the alerts. */
import type { Alerts } from '../base/alerts.ts';
import type { Clock } from '../base/clock.ts';
import type { FilePort } from '../base/files/port.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { Room } from '../spool/intake/room.ts';
import type { Jobs } from '../spool/jobs.ts';
import type { LiveConfig } from './live-config.ts';

export interface RoomParts {
  readonly live: LiveConfig;
  readonly jobs: Jobs;
  readonly files: FilePort;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function roomForJobs({ live, jobs, files, alerts, clock, log, metrics }: RoomParts): Room {
  const { stateDirectory } = live.current.gateway;
  return new Room({
    jobs,
    limits: () => live.limits,
    freeDisk: () => files.freeSpace(stateDirectory),
    alerts,
    clock,
    log,
    metrics,
  });
}
