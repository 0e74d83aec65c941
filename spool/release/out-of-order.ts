/** Printers that fail: who waits there is sent on at once, and it is known until something comes out of them again. */
import type { Alerts } from '../../base/alerts.ts';
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

export class OutOfOrder {
  readonly #alerts: Alerts;
  readonly #log: Log;
  readonly #failed = new Set<string>();

  constructor(alerts: Alerts, log: Log) {
    this.#alerts = alerts;
    this.#log = log;
  }

  /** @param sentOn jobs that waited there and are held again. */
  failed(printer: string, { reason, detail }: Trouble, sentOn: number): void {
    this.#failed.add(printer);
    this.#log.warn('printer is out of order', { printer, reason, detail, 'sent-on': sentOn });
    this.#alerts.raise({
      kind: 'printer',
      key: keyOf(printer),
      message: `printer ${printer} is out of order (${reason}); what waited there is held again, for any other printer`,
    });
  }

  has(printer: string): boolean {
    return this.#failed.has(printer);
  }

  /** It has answered, printed, or is one of the gateway's no more. */
  over(printer: string): void {
    if (this.#failed.delete(printer)) this.#alerts.clear(keyOf(printer));
  }
}

const keyOf = (printer: string): string => `printer ${printer} out-of-order`;
