/** What the attributes of a queue are made of. */
import type { PrinterDescription } from '../../../drivers/printers/description.ts';
import type { Queue } from '../../queue.ts';
import type { QueueAddress } from '../addresses.ts';

/** What does not change while the description stays. */
export interface FixedFacts {
  readonly queue: Queue;
  readonly description: PrinterDescription;
  readonly uuid: string;
  readonly version: string;
  /** Operation ids that the gateway answers. */
  readonly operations: readonly number[];
  /** Octets of the largest document. */
  readonly documentSize: number;
  /** Milliseconds between Create-Job and its document. */
  readonly documentTime: number;
}

/** What every request may find changed. */
export interface CurrentFacts {
  /** As this client is told them, ≥ 1. */
  readonly addresses: readonly QueueAddress[];
  readonly accepting: boolean;
  readonly reasons: readonly string[];
  readonly printing: boolean;
  readonly queuedJobs: number;
  /** Milliseconds that the gateway is up. */
  readonly upTime: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}
