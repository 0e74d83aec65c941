/** A printer that speaks IPP (RFC 8011): most of those made since 2010. Its own word ends a job. */
import type { Clock } from '../../base/clock.ts';
import { Failure } from '../../base/errors.ts';
import { type Milliseconds, Minutes, Seconds } from '../../base/units.ts';
import { IppClient } from '../../ipp/http/client.ts';
import { type Attributes, groupOf } from '../../ipp/model.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { isSuccessful } from '../../ipp/vocabulary/status.ts';
import { STATUS_ATTRIBUTES, statusOf } from './ipp/description.ts';
import { PrintAttempt } from './ipp/print-attempt.ts';
import { PrinterSession } from './ipp/session.ts';
import { troubleOfAnswer, troubleOfError } from './ipp/trouble.ts';
import type { PrinterDriver, PrinterStatus, PrintJob, PrintResult } from './port.ts';

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
  #told: Attributes | undefined;

  /** @throws Failure `bad-uri` */
  constructor(options: IppPrinterOptions) {
    const { uri, answerTime, stallTime, clock, key } = options;
    this.#options = options;
    this.#client = new IppClient({
      uri,
      clock,
      timeouts: { connect: answerTime, continue: CONTINUE, sending: stallTime, response: answerTime },
      // A printer's certificate is its own; which key it must have is what a pin says.
      tls: { rejectUnauthorized: false },
      ...(key === undefined ? {} : { key: key.toLowerCase() }),
      idle: IDLE,
    });
    this.#session = new PrinterSession(this.#client, uri);
  }

  async status(signal: AbortSignal): Promise<PrinterStatus> {
    const answer = await this.#session
      .ask({
        operation: Operation.getPrinterAttributes,
        attributes: { 'requested-attributes': STATUS_ATTRIBUTES },
        options: { signal },
      })
      .catch((cause: unknown) => {
        const { reason, detail } = troubleOfError('Get-Printer-Attributes', cause);
        throw new Failure(reason, detail, { cause });
      });
    if (!isSuccessful(answer.code)) {
      const { reason, detail } = troubleOfAnswer('Get-Printer-Attributes', answer);
      throw new Failure(reason, detail);
    }
    this.#told = groupOf(answer, 'printer');
    return statusOf(this.#told);
  }

  warm(): void {
    this.#client.warm();
  }

  async print(job: PrintJob, signal: AbortSignal): Promise<PrintResult> {
    const { clock, stallTime } = this.#options;
    // Nothing of a ticket goes to a printer that never told what it can do.
    if (job.required.length > 0 && this.#told === undefined) await this.status(signal).catch(() => {});
    const attempt = new PrintAttempt(
      { session: this.#session, printer: this.#told, clock, stallTime },
      job,
      signal,
    );
    return attempt.run();
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}
