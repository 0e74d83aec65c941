/** A printer that speaks IPP (RFC 8011): most of those made since 2010. Its own word ends a job. */
import type { Clock } from '../../base/clock.ts';
import { Failure, type FailureOptions } from '../../base/errors.ts';
import { type Log, silentLog } from '../../base/log.ts';
import { type Milliseconds, Minutes, Seconds } from '../../base/units.ts';
import type { Login } from '../../ipp/http/authentication.ts';
import { IppClient } from '../../ipp/http/client.ts';
import { Attributes, groupOf } from '../../ipp/model.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../ipp/vocabulary/read.ts';
import { isSuccessful, Status } from '../../ipp/vocabulary/status.ts';
import { MOST_REPEATS, printRepeatedly } from './ipp/copies.ts';
import { STATUS_ATTRIBUTES, statusOf } from './ipp/description.ts';
import { Ladder } from './ipp/ladder.ts';
import { PrintAttempt } from './ipp/print-attempt.ts';
import { PrinterSession } from './ipp/session.ts';
import { isPromised, repeatsOf, ticketFor } from './ipp/ticket.ts';
import { troubleOfAnswer, troubleOfError } from './ipp/trouble.ts';
import type { PrinterDriver, PrinterStatus, PrintJob, PrintResult, Trouble } from './port.ts';

export interface IppPrinterOptions {
  /** `ipp://HOST:PORT/PATH` or `ipps://…`. */
  readonly uri: string;
  /** To a connection, and to an answer. */
  readonly answerTime: Milliseconds;
  /** Without progress in the middle of a job. */
  readonly stallTime: Milliseconds;
  readonly clock: Clock;
  /** The TLS key that an `ipps:` printer must show: SHA-256 of its SubjectPublicKeyInfo, hexadecimal. Any unless told. */
  readonly key?: string;
  /** For a printer that wants a user name and a password (Digest, and Basic over TLS). */
  readonly login?: Login;
  /** Tells in which ways the printer differs. Silent unless told. */
  readonly log?: Log;
}

/** How long an unused connection is kept: as long as somebody is likely to stand at the printer. */
const IDLE = Minutes(1);
/** RFC 8010 §4: the wait for a printer that does not know `Expect`. */
const CONTINUE = Seconds(1);

export class IppPrinter implements PrinterDriver {
  readonly confirms = 'completed';
  readonly #options: IppPrinterOptions;
  readonly #client: IppClient;
  readonly #session: PrinterSession;

  /** @throws Failure `bad-uri` */
  constructor(options: IppPrinterOptions) {
    const { uri, answerTime, stallTime, clock, key, login } = options;
    this.#options = options;
    this.#client = new IppClient({
      uri,
      clock,
      timeouts: { connect: answerTime, continue: CONTINUE, sending: stallTime, response: answerTime },
      // A printer's certificate is its own; which key it must have is what a pin says.
      tls: { rejectUnauthorized: false },
      ...(key === undefined ? {} : { key: key.toLowerCase() }),
      ...(login === undefined ? {} : { login }),
      idle: IDLE,
    });
    this.#session = new PrinterSession(this.#client, uri);
  }

  async status(signal: AbortSignal): Promise<PrinterStatus> {
    const operation = Operation.getPrinterAttributes;
    const attributes = { 'requested-attributes': STATUS_ATTRIBUTES };
    const answer = await this.#ladder(signal)
      .ask(() => ({ operation, attributes, options: { signal } }))
      .catch((cause: unknown) => {
        throw new PrinterFailure(troubleOfError('Get-Printer-Attributes', cause), { cause });
      });
    if (!isSuccessful(answer.code))
      throw new PrinterFailure(troubleOfAnswer('Get-Printer-Attributes', answer));
    const told = groupOf(answer, 'printer');
    this.#session.noteTold(told);
    return statusOf(told);
  }

  warm(): void {
    this.#client.warm();
  }

  /** PWG 5100.13 §4.1; in every way that the printer has. */
  async identify(signal: AbortSignal): Promise<readonly string[]> {
    if (this.#session.told === undefined) await this.status(signal);
    const told = this.#session.told ?? new Attributes();
    const actions = (readLeniently(told, 'identify-actions-supported') ?? []).filter(isShown);
    const operation = Operation.identifyPrinter;
    const chosen = actions.length === 0 ? {} : { 'identify-actions': actions };
    const attributes = { 'requesting-user-name': 'holdfast', ...chosen };
    const answer = await this.#session.ask({ operation, attributes, options: { signal } }).catch((cause) => {
      throw new PrinterFailure(troubleOfError('Identify-Printer', cause), { cause });
    });
    if (answer.code === Status.serverErrorOperationNotSupported)
      throw new Failure('not-able', 'the printer has no way to show where it is (no Identify-Printer)');
    if (!isSuccessful(answer.code)) throw new PrinterFailure(troubleOfAnswer('Identify-Printer', answer));
    return actions;
  }

  async print(job: PrintJob, signal: AbortSignal): Promise<PrintResult> {
    const unknown = await this.#becomeKnown(job, signal);
    if (unknown !== undefined) return { outcome: 'not-printed', trouble: unknown };
    const { told } = this.#session;
    const ticket = ticketFor(job.ticket, told);
    const repeats = repeatsOf(job.ticket, told);
    const missing = job.required.filter(
      (name) => !isPromised(name, ticket, told) && (name !== 'copies' || repeats === 1),
    );
    if (missing.length > 0) return refused(`the printer does not say that it can do ${missing.join(', ')}`);
    if (repeats > MOST_REPEATS)
      return refused(`the printer makes no copies by itself, and ${repeats} are too many to send one by one`);
    const result = await printRepeatedly(job, repeats, (copy) => this.#printOnce(copy, ticket, signal));
    return this.#withoutRoom(result, signal);
  }

  #printOnce(job: PrintJob, ticket: Attributes, signal: AbortSignal): Promise<PrintResult> {
    const { clock, stallTime, log = silentLog } = this.#options;
    const attempt = { session: this.#session, ticket, clock, log, stallTime };
    const required = job.required.filter((name) => ticket.has(name));
    return new PrintAttempt(attempt, required, job, signal).run();
  }

  /** Nothing of a ticket goes to a printer that never told what it can do. @returns why it cannot be asked */
  async #becomeKnown(job: PrintJob, signal: AbortSignal): Promise<Trouble | undefined> {
    if (this.#session.told !== undefined || (job.required.length === 0 && job.ticket.size === 0))
      return undefined;
    try {
      await this.status(signal);
      return undefined;
    } catch (error) {
      if (!(error instanceof PrinterFailure)) return troubleOfError('Get-Printer-Attributes', error);
      // One that answers, and will not tell of itself, may print all the same.
      return error.code === 'refused' || error.code === 'protocol' ? undefined : error.trouble;
    }
  }

  /** A printer with no room for a job just now is a busy one; it says only that it accepts none. */
  async #withoutRoom(result: PrintResult, signal: AbortSignal): Promise<PrintResult> {
    if (result.outcome !== 'not-printed' || result.trouble.reason !== 'not-accepting') return result;
    const status = await this.status(signal).catch(() => undefined);
    const full = status?.reasons.some((reason) => reason.startsWith('spool-area-full')) ?? false;
    return full ? { ...result, trouble: { ...result.trouble, reason: 'busy' } } : result;
  }

  #ladder(signal: AbortSignal): Ladder {
    const { clock, log = silentLog } = this.#options;
    return new Ladder({ session: this.#session, userName: '', clock, log, signal });
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}

/** Ways to be found that cost no paper. */
const isShown = (action: string): boolean => ['display', 'flash', 'sound'].includes(action);

/** The printer could not be asked. */
export class PrinterFailure extends Failure {
  readonly trouble: Trouble;

  constructor(trouble: Trouble, options: FailureOptions = {}) {
    super(trouble.reason, trouble.detail, options);
    this.trouble = trouble;
  }
}

function refused(detail: string): PrintResult {
  return { outcome: 'not-printed', trouble: { reason: 'refused', detail } };
}
