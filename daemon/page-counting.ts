/** Ties the counting of pages to the rooms that it needs. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import { PageCounter } from '../spool/formats/page-counter.ts';
import type { Jobs } from '../spool/jobs.ts';
import type { JobStore } from '../spool/store/port.ts';
import type { LiveConfig } from './live-config.ts';

export interface PageCountingRooms {
  readonly live: LiveConfig;
  readonly jobs: Jobs;
  readonly store: JobStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function pageCounting({ live, ...rooms }: PageCountingRooms): PageCounter {
  const bounds = () => ({ time: live.limits.pageCountTime, memory: live.limits.pageCountMemory });
  return new PageCounter({ ...rooms, bounds });
}
