/** One job at an IPP printer: Validate-Job, Create-Job, Send-Document, and the printer's word for the end. */
import { type Clock, sleep } from '../../../base/clock.ts';
import { messageOf } from '../../../base/errors.ts';
import { displayable } from '../../../base/text.ts';
import { type Milliseconds, Seconds } from '../../../base/units.ts';
import { type Attributes, groupOf, type Message } from '../../../ipp/model.ts';
import type { AttributesInput } from '../../../ipp/vocabulary/build.ts';
import { Operation, operationName } from '../../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../../ipp/vocabulary/read.ts';
import { isSuccessful, Status } from '../../../ipp/vocabulary/status.ts';
import { intentOf } from '../intent.ts';
import type { PrintJob, PrintProgress, PrintResult, Trouble } from '../port.ts';
import { PrinterTroubles } from './printer-troubles.ts';
import type { PrinterSession } from './session.ts';
import { ticketFor } from './ticket.ts';
import { troubleAfterDocument, troubleOfAnswer, troubleOfError } from './trouble.ts';
import { lookOnce, watchJob } from './watch-job.ts';

export interface AttemptOptions {
  readonly session: PrinterSession;
  /** What the printer told of itself last. */
  readonly printer: Attributes | undefined;
  readonly clock: Clock;
  readonly stallTime: Milliseconds;
}

/** For clean-up at a printer that may just have gone away. */
const CLEAN_UP = { connect: Seconds(3), response: Seconds(3) };
/** So long without taking an octet of the document, a printer is asked what is wrong; and so often. */
const STUCK = Seconds(2);
/** `job-name` and `requesting-user-name` are names of at most 255 octets; printers' displays are shorter. */
const LONGEST_NAME = 120;

/** What became of the request that carries the document. */
type Sending =
  /** The printer has all of it, and says so. */
  | { readonly kind: 'taken' }
  /** The printer says that it does not take it. */
  | { readonly kind: 'refused'; readonly answer: Message }
  /** It said nothing. */
  | { readonly kind: 'cut'; readonly trouble: Trouble };

/** The printer's answer to a request, or why there is none. */
type Asked = { readonly answer: Message } | { readonly trouble: Trouble };

export class PrintAttempt {
  readonly #options: AttemptOptions;
  readonly #job: PrintJob;
  readonly #signal: AbortSignal;
  readonly #userName: string;
  /** True once an octet of the document has left. */
  #started = false;
  /** True once the printer has answered that it has all of it. What the system took may never have reached it. */
  #acknowledged = false;
  readonly #ticket: Attributes;
  readonly #troubles: PrinterTroubles;
  /** Octets that the connection has taken. */
  #sent = 0;
  /** True once the connection has taken the document's end too. */
  #whole = false;

  constructor(options: AttemptOptions, job: PrintJob, signal: AbortSignal) {
    this.#options = options;
    this.#job = job;
    this.#signal = signal;
    this.#ticket = ticketFor(job.ticket, options.printer);
    this.#troubles = new PrinterTroubles(options.session, (progress) => job.onProgress(progress));
    this.#userName = displayable(job.userName, LONGEST_NAME) || 'anonymous';
  }

  /** Never rejects. */
  async run(): Promise<PrintResult> {
    const missing = this.#job.required.filter((name) => !this.#ticket.has(name));
    if (missing.length > 0) {
      const detail = `the printer does not say that it can do ${missing.join(', ')}`;
      return { outcome: 'not-printed', trouble: { reason: 'refused', detail } };
    }
    const refusal = await this.#validate();
    if (refusal !== undefined) return { outcome: 'not-printed', trouble: refusal };
    const created = await this.#create();
    if (typeof created !== 'number') return { outcome: 'not-printed', trouble: created };
    try {
      await intentOf(this.#job);
    } catch (error) {
      // The printer's job is empty; left there it might hold up others.
      await this.#cancel(created);
      return { outcome: 'not-printed', trouble: { reason: 'document-unreadable', detail: messageOf(error) } };
    }
    const sending = await this.#send(created);
    if (sending.kind !== 'taken') return this.#afterTrouble(created, sending);
    const result = await this.#watch(created);
    return result.outcome === 'unknown' ? this.#lastWord(created, result.trouble) : result;
  }

  /** @returns what is in the way. A printer without Validate-Job says the same at Create-Job. */
  async #validate(): Promise<Trouble | undefined> {
    const asked = await this.#ask(Operation.validateJob, {
      ...this.#jobAttributes(),
      'document-format': this.#job.format,
    });
    if ('trouble' in asked) return asked.trouble;
    const { code } = asked.answer;
    const ignored = this.#ignored('Validate-Job', asked.answer);
    if (ignored !== undefined) return ignored;
    if (isSuccessful(code) || code === Status.serverErrorOperationNotSupported) return undefined;
    return troubleOfAnswer('Validate-Job', asked.answer);
  }

  /** @returns the printer's job-id, or what is in the way. */
  async #create(): Promise<number | Trouble> {
    const asked = await this.#ask(Operation.createJob, this.#jobAttributes());
    if ('trouble' in asked) return asked.trouble;
    if (!isSuccessful(asked.answer.code)) return troubleOfAnswer('Create-Job', asked.answer);
    const jobId = readLeniently(groupOf(asked.answer, 'job'), 'job-id');
    const ignored = this.#ignored('Create-Job', asked.answer);
    if (ignored !== undefined) {
      if (jobId !== undefined) await this.#cancel(jobId);
      return ignored;
    }
    return jobId ?? { reason: 'protocol', detail: 'Create-Job: the printer gave no job-id' };
  }

  /** A printer takes a job though it will not do all of its ticket, and says so (RFC 8011 §4.1.7). */
  #ignored(operation: string, answer: Message): Trouble | undefined {
    const unsupported = groupOf(answer, 'unsupported');
    const names = this.#job.required.filter((name) => unsupported.has(name));
    if (names.length === 0) return undefined;
    return { reason: 'refused', detail: `${operation}: the printer would ignore ${names.join(', ')}` };
  }

  async #send(jobId: number): Promise<Sending> {
    const { session } = this.#options;
    const { format, octets } = this.#job;
    const over = new AbortController();
    void this.#lookWhileStuck(over.signal);
    try {
      const answer = await session.ask({
        operation: Operation.sendDocument,
        attributes: {
          'job-id': jobId,
          'requesting-user-name': this.#userName,
          'document-format': format,
          'last-document': true,
        },
        options: {
          document: this.#counted(),
          signal: this.#signal,
          onDocumentStart: () => {
            this.#started = true;
          },
        },
      });
      if (!isSuccessful(answer.code)) return { kind: 'refused', answer };
      this.#acknowledged = this.#whole && this.#sent === (octets ?? this.#sent);
      if (this.#acknowledged) return { kind: 'taken' };
      const detail = `Send-Document: ok after ${this.#sent} of ${octets ?? 'unknown'} octets`;
      return { kind: 'cut', trouble: { reason: 'protocol', detail } };
    } catch (error) {
      return { kind: 'cut', trouble: troubleOfError('Send-Document', error) };
    } finally {
      over.abort();
    }
  }

  /** A printer without paper takes no more of a document, and says why only when it is asked. */
  async #lookWhileStuck(signal: AbortSignal): Promise<void> {
    for (let before = -1; !signal.aborted; ) {
      const isStuck = this.#started && before === this.#sent;
      if (isStuck || this.#troubles.any) await this.#troubles.look(signal, CLEAN_UP);
      before = this.#sent;
      await sleep(this.#options.clock, STUCK, signal).catch(() => {});
    }
  }

  /** Counts a chunk when the next one is asked for: then the connection has taken it. */
  async *#counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#job.open()) {
      yield chunk;
      this.#sent += chunk.length;
      this.#job.onProgress({ kind: 'sent', octets: this.#sent });
    }
    this.#whole = true;
  }

  /** Only as long as no octet of the document has left is it certain that nothing was printed. */
  async #afterTrouble(jobId: number, sending: Exclude<Sending, { kind: 'taken' }>): Promise<PrintResult> {
    if (this.#started && sending.kind === 'cut') return this.#lastWord(jobId, sending.trouble);
    await this.#cancel(jobId);
    if (sending.kind === 'cut') return { outcome: 'not-printed', trouble: sending.trouble };
    if (this.#started) return troubleAfterDocument(sending.answer);
    return { outcome: 'not-printed', trouble: troubleOfAnswer('Send-Document', sending.answer) };
  }

  /** The connection broke, or the caller gave up; the printer may still say how the job ended. */
  async #lastWord(jobId: number, trouble: Trouble): Promise<PrintResult> {
    if (this.#signal.aborted || !this.#acknowledged) await this.#cancel(jobId);
    // Whatever a printer makes of half a document, and calls it, it is not the document.
    if (!this.#acknowledged) return { outcome: 'unknown', trouble };
    const end = await lookOnce(this.#options.session, jobId, CLEAN_UP).catch(() => undefined);
    if (end === undefined) return { outcome: 'unknown', trouble };
    return this.#signal.aborted && end.outcome === 'aborted' ? { ...end, trouble } : end;
  }

  #watch(jobId: number): Promise<PrintResult> {
    const { session, clock, stallTime } = this.#options;
    const onProgress = (progress: PrintProgress) => this.#job.onProgress(progress);
    return watchJob({ session, jobId, clock, stallTime, onProgress, troubles: this.#troubles }, this.#signal);
  }

  /** What the printer makes of it changes nothing for us. */
  async #cancel(jobId: number): Promise<void> {
    const asked = { 'job-id': jobId, 'requesting-user-name': this.#userName };
    await this.#options.session
      .ask({ operation: Operation.cancelJob, attributes: asked, options: { timeouts: CLEAN_UP } })
      .catch(() => {});
  }

  async #ask(operation: Operation, attributes: AttributesInput): Promise<Asked> {
    const job = this.#ticket;
    const options = { signal: this.#signal };
    try {
      return { answer: await this.#options.session.ask({ operation, attributes, job, options }) };
    } catch (error) {
      return { trouble: troubleOfError(operationName(operation), error) };
    }
  }

  #jobAttributes(): AttributesInput {
    const name = displayable(this.#job.name, LONGEST_NAME) || 'Untitled';
    return { 'requesting-user-name': this.#userName, 'job-name': name };
  }
}
