/**
 * AppSocket, the raw port 9100: the document goes into a TCP connection, its end is the connection's end. The printer says
 * nothing of pages; what can be known is that it took every octet and closed cleanly, after we had closed our side.
 */
import { connect, type Socket } from 'node:net';
import { type Clock, sleep } from '../../base/clock.ts';
import { Failure, messageOf, systemCode } from '../../base/errors.ts';
import { Milliseconds } from '../../base/units.ts';
import { type ConnectionEnds, closingOf, endsOf } from './clean-close.ts';
import { intentOf } from './intent.ts';
import { rawPrinter } from './office-printer.ts';
import type { PrinterDriver, PrinterStatus, PrintJob, PrintResult, TroubleReason } from './port.ts';

export interface AppSocketOptions {
  readonly host: string;
  readonly port: number;
  /** Media types that the printer takes; it cannot be asked. */
  readonly formats: readonly string[];
  readonly connectTime: Milliseconds;
  /** How long the printer may take nothing (out of paper, say) before the connection counts as dead. */
  readonly stallTime: Milliseconds;
  /** After the last octet: how long the printer may take to close its side (cups backend/socket.c waits 90 s). */
  readonly closeTime: Milliseconds;
  readonly clock: Clock;
}

/** How often the system is asked whether all is acknowledged. */
const LOOK_AGAIN = Milliseconds(20);

export class AppSocketPrinter implements PrinterDriver {
  readonly confirms = 'delivered';
  readonly #options: AppSocketOptions;

  constructor(options: AppSocketOptions) {
    this.#options = options;
  }

  /** What the configuration says: a connection to look would block the printer for somebody's job. */
  async status(): Promise<PrinterStatus> {
    return {
      description: rawPrinter(this.#options.formats),
      state: 'idle',
      reasons: [],
      acceptingJobs: true,
    };
  }

  /** Nothing: an open connection keeps everybody else out. */
  warm(): void {}

  async print(job: PrintJob, signal: AbortSignal): Promise<PrintResult> {
    const notPrinted = (reason: TroubleReason, detail: string): PrintResult => ({
      outcome: 'not-printed',
      trouble: { reason, detail },
    });
    if (!this.#options.formats.includes(job.format))
      return notPrinted('format-refused', `${job.format} is not taken here`);
    if (job.required.length > 0)
      return notPrinted('refused', `nothing of a ticket is done here: ${job.required}`);
    const attempt = new Attempt(this.#options, job, signal);
    return attempt.run();
  }

  async close(): Promise<void> {}
}

/** One connection. */
class Attempt {
  readonly #options: AppSocketOptions;
  readonly #job: PrintJob;
  readonly #signal: AbortSignal;
  #sent = 0;
  /** True once an octet of the document may have left. */
  #begun = false;
  /** True once the whole document and our own end are with the system. */
  #whole = false;

  constructor(options: AppSocketOptions, job: PrintJob, signal: AbortSignal) {
    this.#options = options;
    this.#job = job;
    this.#signal = signal;
  }

  async run(): Promise<PrintResult> {
    const { host, port, connectTime, closeTime } = this.#options;
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    const broken = new Promise<never>((_, reject) => socket.once('error', reject));
    broken.catch(() => {});
    const onAbort = () => socket.destroy(new Failure('canceled', 'the release was aborted'));
    this.#signal.addEventListener('abort', onAbort, { once: true });
    const over = new AbortController();
    try {
      this.#signal.throwIfAborted();
      await this.#within(connectTime, once(socket, 'connect'), broken);
      const ends = endsOf(socket);
      const closed = this.#watchEnd(socket);
      await Promise.race([intentOf(this.#job), broken]);
      for await (const chunk of this.#job.open()) await this.#write(socket, chunk, broken);
      socket.end();
      this.#whole = true;
      const confirmed = closed.then(() => this.#confirm(ends, over.signal));
      await this.#within(closeTime, confirmed, broken);
      return { outcome: 'delivered' };
    } catch (error) {
      return this.#trouble(error);
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
      over.abort();
      socket.destroy();
    }
  }

  /** Resolves when the printer closes its side. Before we have closed ours that is no confirmation, but the end of it. */
  #watchEnd(socket: Socket): Promise<void> {
    const closed = once(socket, 'end').then(() => {
      if (!this.#whole) socket.destroy(new Failure('closed-early', 'the printer closed the connection'));
    });
    // The back-channel is not asked for anything here; what comes is let go, so that the end is seen.
    socket.resume();
    return closed;
  }

  /** The printer's end may have been on its way before ours: only the system knows what was acknowledged first. */
  async #confirm(ends: ConnectionEnds | undefined, over: AbortSignal): Promise<void> {
    for (;;) {
      const closing = ends === undefined ? 'broken' : await closingOf(ends);
      if (closing === 'clean') return;
      if (closing === 'broken') throw new Failure('closed-early', 'the printer closed before it had it all');
      await sleep(this.#options.clock, LOOK_AGAIN, over);
    }
  }

  async #write(socket: Socket, chunk: Uint8Array, broken: Promise<never>): Promise<void> {
    if (!this.#begun) this.#signal.throwIfAborted();
    this.#begun = true;
    const taken = new Promise<void>((resolve) => socket.write(chunk, () => resolve()));
    await this.#within(this.#options.stallTime, taken, broken);
    this.#sent += chunk.length;
    this.#job.onProgress({ kind: 'sent', octets: this.#sent });
  }

  async #within(time: Milliseconds, done: Promise<void>, broken: Promise<never>): Promise<void> {
    const over = new AbortController();
    const late = sleep(this.#options.clock, time, over.signal).then(() => {
      throw new Failure('timeout', `${this.#where} did not answer within ${time / 1000} s`);
    });
    late.catch(() => {});
    try {
      await Promise.race([done, broken, late]);
    } finally {
      over.abort();
    }
  }

  #trouble(error: unknown): PrintResult {
    const reason = this.#signal.aborted ? 'canceled' : reasonOf(error, this.#begun);
    const trouble = { reason, detail: `${this.#where}: ${messageOf(error)} (${this.#sent} octets sent)` };
    return { outcome: this.#begun ? 'unknown' : 'not-printed', trouble };
  }

  get #where(): string {
    return `${this.#options.host}:${this.#options.port}`;
  }
}

function reasonOf(error: unknown, begun: boolean): TroubleReason {
  if (error instanceof Failure) {
    if (error.code === 'timeout' || error.code === 'document-unreadable') return error.code;
    // A print server with one connection may also take a second one and close it.
    if (error.code === 'closed-early') return begun ? 'cut' : 'busy';
    return begun ? 'cut' : 'unreachable';
  }
  // A printer with one connection refuses a second one while it prints.
  if (systemCode(error) === 'ECONNREFUSED') return 'busy';
  return begun ? 'cut' : 'unreachable';
}

function once(socket: Socket, event: 'connect' | 'end'): Promise<void> {
  return new Promise((resolve) => socket.once(event, () => resolve()));
}
