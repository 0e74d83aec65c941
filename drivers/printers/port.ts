/** The printer port: all that releasing knows of a printer. Every driver passes `test/contracts/printer-driver.ts`. */
import type { Attributes } from '../../ipp/model.ts';
import type { PrinterDescription, Supply, TrayLevel } from './description.ts';

/**
 * What the good end of a job proves. `completed`: the printer itself said that the job is done. `delivered`: it took
 * every octet and closed cleanly, and says nothing of pages.
 */
export type Confirmation = 'completed' | 'delivered';

/** Why nothing came out, or why nobody knows. The panel has a sentence for each. */
export type TroubleReason =
  /** No connection: off, no route, connection refused. */
  | 'unreachable'
  /** Prints for somebody else, or says "busy". Worth another try. */
  | 'busy'
  /** Says that it accepts no jobs now, or is stopped by an operator. */
  | 'not-accepting'
  /** Refused the job: its ticket, its user, its size. */
  | 'refused'
  /** Takes no document of this format. */
  | 'format-refused'
  /** Did not answer in time. */
  | 'timeout'
  /** The connection broke in the middle. */
  | 'cut'
  /** Ended the job by itself. */
  | 'aborted-by-printer'
  /** Somebody cancelled it at the printer. */
  | 'canceled-at-printer'
  /** Answers in a way that is not its protocol. */
  | 'protocol'
  /** Shows another TLS key than the one it was pinned with: perhaps not this printer at all. Nothing goes to it. */
  | 'wrong-key'
  /** The gateway could not read the document or keep the intent; the printer is not to blame. */
  | 'document-unreadable'
  /** The caller aborted. */
  | 'canceled';

export interface Trouble {
  readonly reason: TroubleReason;
  /** For the log and the administrator, never for the panel. May quote the printer. */
  readonly detail: string;
}

/**
 * How one attempt ended.
 * - `completed`, `delivered`: see {@link Confirmation}. `impressions` only if the printer counted them.
 * - `not-printed`: no octet of the document left for the printer, or it refused the request that carried them before it
 *   made a job of it. Trying again can print nothing twice.
 * - `aborted`: the printer said that it ended or refused the job after that; pages may have come out, `impressions` if it
 *   counted them.
 * - `unknown`: after an octet of the document had left the connection was cut, or the printer told of an error of its own,
 *   before its word for the end.
 *
 * Only `not-printed` is ever tried again without a person.
 */
export type PrintResult =
  | { readonly outcome: 'completed'; readonly impressions?: number }
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'not-printed'; readonly trouble: Trouble }
  | { readonly outcome: 'aborted'; readonly trouble: Trouble; readonly impressions?: number }
  | { readonly outcome: 'unknown'; readonly trouble: Trouble };

export type PrintProgress =
  /** Octets of the document handed to the printer's connection so far. */
  | { readonly kind: 'sent'; readonly octets: number }
  /** Impressions that the printer says it has made. */
  | { readonly kind: 'impressions'; readonly completed: number }
  /** `printer-state-reasons` while it works: `media-empty`, `media-jam` … */
  | { readonly kind: 'printer-state'; readonly reasons: readonly string[] };

export interface PrintJob {
  /** For the printer's display and its own log. Text from outside: the driver makes it safe for its protocol. */
  readonly name: string;
  readonly userName: string;
  /** Media type of the document. */
  readonly format: string;
  /** Length of the document; undefined when it is made while it is sent (a conversion): its end is then the stream's end. */
  readonly octets: number | undefined;
  /** Job template attributes as the client sent them; the driver sends what its printer can do. */
  readonly ticket: Attributes;
  /** Names of those of the ticket without which nothing may come out: somebody has just chosen them. */
  readonly required: readonly string[];
  /** Reads the document from its start; may be called again for another try. A chunk is gone when the next is asked for. */
  open(): AsyncIterable<Uint8Array>;
  /**
   * Resolves when the release intent is on disk. A driver connects, validates and creates the job before, and awaits
   * this before the first octet of the document leaves. When it rejects, the result is `not-printed`.
   */
  readonly intentKept: Promise<void>;
  /** Called often; must not throw. */
  onProgress(progress: PrintProgress): void;
}

export interface PrinterStatus {
  readonly description: PrinterDescription;
  /** `printer-state` */
  readonly state: 'idle' | 'processing' | 'stopped';
  readonly reasons: readonly string[];
  readonly acceptingJobs: boolean;
}

/** What a printer tells in another way than its driver's: over SNMP. */
export interface PrinterObservation {
  readonly state: 'idle' | 'processing' | 'stopped';
  /** As `printer-state-reasons`, each with `-error` or `-warning`. */
  readonly reasons: readonly string[];
  readonly supplies: readonly Supply[];
  readonly trays: readonly TrayLevel[];
  /** What it says of its troubles in its own words. */
  readonly notes: readonly string[];
  /** Impressions that it has made in its life. */
  readonly impressions?: number;
}

export interface PrinterObserver {
  /** Asks the printer. @throws Failure */
  observe(signal: AbortSignal): Promise<PrinterObservation>;
}

export interface PrinterDriver {
  readonly confirms: Confirmation;
  /** False where `status` asks nobody and says what is configured: whether the printer is there shows at a job. */
  readonly isAsked?: false;
  /** Asks the printer. @throws Failure with a {@link TroubleReason} as its code. */
  status(signal: AbortSignal): Promise<PrinterStatus>;
  /**
   * Somebody stands at the printer and may print: open what makes the first octet come sooner (a connection). Never
   * throws; a printer that would be blocked for others by it does nothing.
   */
  warm(): void;
  /**
   * One attempt, from connecting to the printer's word. Never rejects: what goes wrong is the result. An aborted signal
   * ends the attempt soon, cancels the job at the printer where the protocol can, and still tells what is known.
   */
  print(job: PrintJob, signal: AbortSignal): Promise<PrintResult>;
  /**
   * Makes the printer blink, beep or show something, so that somebody in the room finds it; there where it can. Resolves
   * to the ways (`flash`, `sound`, `display` …), empty when it chose by itself.
   * @throws Failure with a {@link TroubleReason} as its code, or `not-able`
   */
  identify?(signal: AbortSignal): Promise<readonly string[]>;
  /** Lets go of connections. A print under way is not waited for. */
  close(): Promise<void>;
}
