/** A printer without TLS that was pinned by what it says of itself: no job while it says something else. */
import { Failure, messageOf } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import { PrinterFailure } from './ipp-printer.ts';
import type { Confirmation, PrinterDriver, PrinterStatus, PrintJob, PrintResult, Trouble } from './port.ts';

export interface Expected {
  /** Lower case, without `urn:uuid:`. */
  readonly uuid?: string;
  /** IEEE 1284; counts where there is no UUID. */
  readonly deviceId?: string;
}

export class PinnedPrinter implements PrinterDriver {
  declare readonly isAsked?: false;
  readonly #driver: PrinterDriver;
  readonly #expected: Expected;
  /** As it said when it was asked last. */
  #isExpected = false;

  constructor(driver: PrinterDriver, expected: Expected) {
    this.#driver = driver;
    this.#expected = expected;
    if (driver.isAsked === false) this.isAsked = false;
  }

  /** What a printer's last job showed may change it. */
  get confirms(): Confirmation {
    return this.#driver.confirms;
  }

  async status(signal: AbortSignal): Promise<PrinterStatus> {
    this.#isExpected = false;
    const status = await this.#driver.status(signal);
    const problem = problemOf(this.#expected, status);
    if (problem !== undefined) throw new Failure('wrong-key', problem);
    this.#isExpected = true;
    return status;
  }

  warm(): void {
    this.#driver.warm();
  }

  async print(job: PrintJob, signal: AbortSignal): Promise<PrintResult> {
    // Who does not say who it is gets nothing either.
    if (!this.#isExpected) {
      try {
        await this.status(signal);
      } catch (error) {
        return { outcome: 'not-printed', trouble: troubleOf(error, signal) };
      }
    }
    return this.#driver.print(job, signal);
  }

  async identify(signal: AbortSignal): Promise<readonly string[]> {
    await this.status(signal);
    if (this.#driver.identify === undefined)
      throw new Failure('not-able', 'this printer cannot show where it is');
    return this.#driver.identify(signal);
  }

  close(): Promise<void> {
    return this.#driver.close();
  }
}

function troubleOf(error: unknown, signal: AbortSignal): Trouble {
  const detail = messageOf(error);
  if (signal.aborted) return { reason: 'canceled', detail };
  if (error instanceof PrinterFailure) return error.trouble;
  return {
    reason: error instanceof Failure && error.code === 'wrong-key' ? 'wrong-key' : 'protocol',
    detail,
  };
}

function problemOf({ uuid, deviceId }: Expected, { description }: PrinterStatus): string | undefined {
  if (uuid !== undefined) {
    const told = description.uuid?.toLowerCase().replace(/^urn:uuid:/, '');
    return told === uuid
      ? undefined
      : `it has the UUID ${printable(told ?? 'none', 60)}, not the pinned ${uuid}`;
  }
  if (deviceId === undefined) return undefined;
  return description.deviceId === deviceId ? undefined : 'it has another device id than the pinned one';
}
