/** Printers that fail: who waits there is sent on at once, and it is known until something comes out of them again. */
import type { Log } from '../../base/log.ts';
import type { PrintResult, Trouble, TroubleReason } from '../../drivers/printers/port.ts';

/** What says that the next job would fare no better: the printer is off, mute, closed, or not itself. */
const FAILURES: ReadonlySet<TroubleReason> = new Set([
  'unreachable',
  'timeout',
  'not-accepting',
  'wrong-key',
]);

/** Whether the printer has failed for everybody: neither the document nor a person's word ended the job. */
export function failureIn(result: PrintResult): Trouble | undefined {
  const failed = 'trouble' in result && result.outcome !== 'aborted' && FAILURES.has(result.trouble.reason);
  return failed ? result.trouble : undefined;
}

/** A job's last trouble that sends its owner to another printer: {@link failureIn}. */
export const sendsOn = (reason: TroubleReason): boolean => FAILURES.has(reason);

/** Who watches the printers, and raises what somebody has to know of them. */
export interface FailureWatcher {
  /** A job has just failed there for a reason that the next one would meet too. */
  failed(printer: string, trouble: Trouble): void;
  /** Something came out of it. */
  worked(printer: string): void;
}

export class OutOfOrder {
  readonly #watcher: FailureWatcher;
  readonly #log: Log;
  readonly #failed = new Set<string>();

  constructor(watcher: FailureWatcher, log: Log) {
    this.#watcher = watcher;
    this.#log = log;
  }

  /** @param sentOn jobs that waited there and are held again. */
  failed(printer: string, trouble: Trouble, sentOn: number): void {
    const { reason, detail } = trouble;
    this.#failed.add(printer);
    this.#log.warn('printer is out of order', { printer, reason, detail, 'sent-on': sentOn });
    this.#watcher.failed(printer, trouble);
  }

  has(printer: string): boolean {
    return this.#failed.has(printer);
  }

  /** Something came out of it. */
  worked(printer: string): void {
    this.over(printer);
    this.#watcher.worked(printer);
  }

  /** It has answered, or is one of the gateway's no more. */
  over(printer: string): void {
    this.#failed.delete(printer);
  }
}
