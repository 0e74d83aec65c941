/**
 * AppSocket, the raw port 9100: the document goes into a TCP connection, its end is the connection's end. A printer that
 * speaks PJL says on the way back how many pages came out; of any other it is known that it took every octet and closed
 * cleanly, after we had closed our side.
 */
import type { Confirmation, PrinterDriver, PrinterStatus, PrintJob, PrintResult } from './port.ts';
import type { OpenLink } from './raw/link.ts';
import { type RawOptions, RawPrinter } from './raw/raw-printer.ts';
import { tcpLink } from './raw/tcp-link.ts';

export interface AppSocketOptions extends RawOptions {
  readonly host: string;
  readonly port: number;
}

export class AppSocketPrinter implements PrinterDriver {
  readonly isAsked = false;
  readonly #printer: RawPrinter;
  readonly #open: OpenLink;

  constructor(options: AppSocketOptions) {
    this.#printer = new RawPrinter(options);
    this.#open = tcpLink(options.host, options.port, options.clock);
  }

  get confirms(): Confirmation {
    return this.#printer.confirms;
  }

  /** What the configuration says: a connection to look would block the printer for somebody's job. */
  async status(): Promise<PrinterStatus> {
    return { description: this.#printer.describe(), state: 'idle', reasons: [], acceptingJobs: true };
  }

  /** Nothing: an open connection keeps everybody else out. */
  warm(): void {}

  print(job: PrintJob, signal: AbortSignal): Promise<PrintResult> {
    return this.#printer.print(job, this.#open, signal);
  }

  async close(): Promise<void> {}
}
