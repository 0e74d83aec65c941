/** What the attributes of a queue are made of. */
import type { PrinterDescription, Supply } from '../../../drivers/printers/description.ts';
import type { ReleaseAction } from '../../holding.ts';
import type { Queue } from '../../queue.ts';
import type { QueueCondition } from '../../queue-conditions.ts';
import type { QueueAddress } from '../addresses.ts';

/** What does not change while the description stays. */
export interface FixedFacts {
  readonly queue: Queue;
  readonly description: PrinterDescription;
  readonly uuid: string;
  readonly version: string;
  /** Under which it is announced. */
  readonly dnsSdName: string;
  /** Operation ids that the gateway answers. */
  readonly operations: readonly number[];
  /** Octets of the largest document. */
  readonly documentSize: number;
  /** Milliseconds between Create-Job and its document. */
  readonly documentTime: number;
  /** What a job may wait for, the default first. */
  readonly releaseActions: readonly ReleaseAction[];
  /** Milliseconds that a job is held at the most. */
  readonly heldTime: number;
}

/** What every request may find changed. */
export interface CurrentFacts {
  /** As this client is told them, ≥ 1. */
  readonly addresses: readonly QueueAddress[];
  /** `http://localhost:8631`: where icons and the page about the queue lie. */
  readonly webUri: string;
  readonly queue: Queue;
  readonly condition: QueueCondition;
  /** There is room for documents. */
  readonly hasRoom: boolean;
  /** `printer-state-reasons` of the one printer that the queue prints to by itself. */
  readonly printerReasons: readonly string[];
  readonly printing: boolean;
  readonly queuedJobs: number;
  readonly supplies: readonly Supply[];
  readonly times: ChangeTimes;
  /** Milliseconds that the gateway is up. */
  readonly upTime: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Milliseconds since 1970. */
export interface ChangeTimes {
  readonly config: number;
  readonly state: number;
}
