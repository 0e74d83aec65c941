/** One job at an IPP printer: Validate-Job, Create-Job, Send-Document (or Print-Job), and the printer's word for the end. */
import type { Clock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import { displayable } from '../../../base/text.ts';
import type { Milliseconds } from '../../../base/units.ts';
import type { IppRequestOptions } from '../../../ipp/http/client.ts';
import { type Attributes, groupOf, type Message } from '../../../ipp/model.ts';
import type { AttributesInput } from '../../../ipp/vocabulary/build.ts';
import { Operation, operationName } from '../../../ipp/vocabulary/operations.ts';
import { isSuccessful, Status } from '../../../ipp/vocabulary/status.ts';
import type { PrintJob, PrintProgress, PrintResult, Trouble } from '../port.ts';
import { DocumentSending, type Sent } from './document-sending.ts';
import { findJob, jobIdOf } from './find-job.ts';
import { plainUserName } from './habits.ts';
import { Ladder } from './ladder.ts';
import { PrinterTroubles } from './printer-troubles.ts';
import type { PrinterSession, SessionRequest } from './session.ts';
import { countsBothSides, withoutRefused } from './ticket.ts';
import { CLEAN_UP } from './timeouts.ts';
import {
  madeNoJob,
  refusedByHttp,
  troubleAfterDocument,
  troubleOfAnswer,
  troubleOfError,
} from './trouble.ts';
import { lookOnce, watchJob } from './watch-job.ts';

export interface AttemptOptions {
  readonly session: PrinterSession;
  /** What of the job's ticket goes to the printer. */
  readonly ticket: Attributes;
  readonly clock: Clock;
  readonly log: Log;
  readonly stallTime: Milliseconds;
}

/** `job-name` and `requesting-user-name` are names of at most 255 octets; printers' displays are shorter. */
const LONGEST_NAME = 120;

/** The printer is to be asked again, otherwise: {@link Ladder}. */
type Again = 'again';
const TICKET_REFUSALS: readonly number[] = [
  Status.clientErrorAttributesOrValuesNotSupported,
  Status.clientErrorConflictingAttributes,
];

export class PrintAttempt {
  readonly #options: AttemptOptions;
  readonly #job: PrintJob;
  readonly #required: readonly string[];
  readonly #signal: AbortSignal;
  readonly #userName: string;
  readonly #name: string;
  readonly #ladder: Ladder;
  readonly #troubles: PrinterTroubles;
  #ticket: Attributes;
  /** True once nothing more is learned by Validate-Job. */
  #validated: boolean;
  /** True once the printer has answered that it has all of it. What the system took may never have reached it. */
  #acknowledged = false;

  /** @param required names of the ticket's attributes without which nothing may come out */
  constructor(options: AttemptOptions, required: readonly string[], job: PrintJob, signal: AbortSignal) {
    const { session, clock, log, ticket } = options;
    this.#options = options;
    this.#job = job;
    this.#required = required;
    this.#signal = signal;
    this.#ticket = ticket;
    this.#troubles = new PrinterTroubles(session, (progress) => job.onProgress(progress));
    this.#userName = displayable(job.userName, LONGEST_NAME) || 'anonymous';
    this.#name = displayable(job.name, LONGEST_NAME) || 'Untitled';
    // The printer's description has answered what Validate-Job asks beside Create-Job: somebody stands there. What was
    // just chosen is asked all the same.
    this.#validated = required.length === 0 && session.takes(job.format);
    this.#ladder = new Ladder({ session, userName: this.#userName, format: job.format, clock, log, signal });
  }

  /** Never rejects. Ends, because each step of the ladder is taken once and a ticket only loses attributes. */
  async run(): Promise<PrintResult> {
    for (;;) {
      const result = await this.#once();
      if (result !== 'again') return result;
    }
  }

  async #once(): Promise<PrintResult | Again> {
    const refusal = await this.#validate();
    if (refusal === 'again') return refusal;
    if (refusal !== undefined) return { outcome: 'not-printed', trouble: refusal };
    if (this.#ladder.habits.documents === 'print-job') return this.#sendIn(Operation.printJob);
    const created = await this.#create();
    if (created === 'again') return created;
    if (typeof created !== 'number') return { outcome: 'not-printed', trouble: created };
    return this.#sendIn(Operation.sendDocument, created);
  }

  /** @returns what is in the way. A printer without Validate-Job says the same later. */
  async #validate(): Promise<Trouble | Again | undefined> {
    if (this.#validated) return undefined;
    const answer = await this.#ask(Operation.validateJob, () =>
      this.#ladder.habits.validates
        ? { ...this.#jobAttributes(), 'document-format': this.#format() }
        : undefined,
    );
    if (answer === undefined) return undefined;
    if ('reason' in answer) return answer;
    const ignored = this.#ignored('Validate-Job', answer);
    if (ignored !== undefined) return ignored;
    if (this.#drops(answer)) return 'again';
    if (!isSuccessful(answer.code)) return troubleOfAnswer('Validate-Job', answer);
    this.#validated = true;
    return undefined;
  }

  /** @returns the printer's job-id, or what is in the way. */
  async #create(): Promise<number | Trouble | Again> {
    const answer = await this.#ask(Operation.createJob, () =>
      this.#ladder.habits.documents === 'create-job' ? this.#jobAttributes() : undefined,
    );
    if (answer === undefined) return 'again';
    if ('reason' in answer) return answer;
    if (this.#drops(answer)) return 'again';
    if (!isSuccessful(answer.code)) return troubleOfAnswer('Create-Job', answer);
    const jobId = await this.#findIn(answer);
    const ignored = this.#ignored('Create-Job', answer);
    if (ignored !== undefined) {
      await this.#cancel(jobId);
      return ignored;
    }
    return jobId ?? { reason: 'protocol', detail: 'Create-Job: the printer gave no job-id' };
  }

  /** The request with the document, and what comes after it. */
  async #sendIn(operation: Operation, created?: number): Promise<PrintResult | Again> {
    const { clock } = this.#options;
    const [job, ladder, troubles, signal] = [this.#job, this.#ladder, this.#troubles, this.#signal];
    const sending = new DocumentSending({ job, ladder, troubles, clock, signal });
    const sent = await sending.run(this.#documentRequest(operation, created));
    if (sent.kind !== 'taken') return this.#afterTrouble(operation, created, sent, sending.started);
    this.#acknowledged = true;
    const jobId = created ?? (await this.#findIn(sent.answer));
    // It said that it has all of it, and knows the job no more.
    if (jobId === undefined) return { outcome: 'delivered' };
    const result = await this.#watch(jobId);
    return result.outcome === 'unknown' ? this.#lastWord(jobId, result.trouble) : result;
  }

  #documentRequest(operation: Operation, created: number | undefined): SessionRequest {
    const format = this.#format();
    if (created === undefined) {
      const attributes = { ...this.#jobAttributes(), 'document-format': format };
      return { operation, attributes, job: this.#ticket };
    }
    return {
      operation,
      attributes: {
        'job-id': created,
        'requesting-user-name': this.#userName,
        'document-format': format,
        'last-document': true,
      },
    };
  }

  /** Only as long as no octet of the document has left, or the printer made no job of them, nothing was printed. */
  async #afterTrouble(
    operation: Operation,
    jobId: number | undefined,
    sent: Exclude<Sent, { kind: 'taken' }>,
    started: boolean,
  ): Promise<PrintResult | Again> {
    const { session } = this.#options;
    const notPrinted = !started || this.#isUntouched(operation, sent);
    if (sent.kind === 'cut' && !notPrinted) {
      // Perhaps it closes connections without a word; then that shows before the next document.
      session.learn({ ...session.habits, asksFirst: true });
      return this.#lastWord(jobId, sent.trouble);
    }
    await this.#cancel(jobId);
    if (sent.kind === 'changed') return 'again';
    if (sent.kind === 'cut') {
      const { httpStatus, trouble } = sent;
      const changed = httpStatus !== undefined && this.#ladder.refused(operation, { httpStatus });
      return changed ? 'again' : { outcome: 'not-printed', trouble };
    }
    const { answer } = sent;
    const quirk = this.#ladder.refused(operation, { status: answer.code });
    if (!notPrinted) {
      // Whatever became of this one, the next may go the other way.
      if (quirk !== undefined) session.learn(this.#ladder.habits);
      return troubleAfterDocument(operationName(operation), answer);
    }
    if (quirk !== undefined || this.#drops(answer)) return 'again';
    return { outcome: 'not-printed', trouble: troubleOfAnswer(operationName(operation), answer) };
  }

  #isUntouched(operation: Operation, sent: Exclude<Sent, { kind: 'taken' }>): boolean {
    if (sent.kind === 'refused') return madeNoJob(operation, sent.answer);
    return sent.kind === 'cut' && refusedByHttp(sent.httpStatus);
  }

  /** The connection broke, or the caller gave up; the printer may still say how the job ended. */
  async #lastWord(known: number | undefined, trouble: Trouble): Promise<PrintResult> {
    const aborted = this.#signal.aborted;
    const jobId = known ?? (aborted ? await this.#find({ timeouts: CLEAN_UP }) : undefined);
    if (aborted || !this.#acknowledged) await this.#cancel(jobId);
    // Whatever a printer makes of half a document, and calls it, it is not the document.
    if (!this.#acknowledged || jobId === undefined) return { outcome: 'unknown', trouble };
    const end = await lookOnce(this.#options.session, jobId, this.#bothSides(), CLEAN_UP).catch(
      () => undefined,
    );
    if (end === undefined) return { outcome: 'unknown', trouble };
    return aborted && end.outcome === 'aborted' ? { ...end, trouble } : end;
  }

  #watch(jobId: number): Promise<PrintResult> {
    const { session, clock, stallTime } = this.#options;
    const onProgress = (progress: PrintProgress) => this.#job.onProgress(progress);
    const [bothSides, troubles] = [this.#bothSides(), this.#troubles];
    const watched = { session, jobId, clock, stallTime, onProgress, bothSides, troubles };
    return watchJob(watched, this.#signal);
  }

  /** What the printer makes of it changes nothing for us. */
  async #cancel(jobId: number | undefined): Promise<void> {
    if (jobId === undefined) return;
    const asked = { 'job-id': jobId, 'requesting-user-name': this.#userName };
    await this.#options.session
      .ask({ operation: Operation.cancelJob, attributes: asked, options: { timeouts: CLEAN_UP } })
      .catch(() => {});
  }

  async #findIn(answer: Message): Promise<number | undefined> {
    return jobIdOf(answer) ?? (await this.#find({ signal: this.#signal }));
  }

  #find(options: IppRequestOptions): Promise<number | undefined> {
    const userNames = [this.#userName, plainUserName(this.#userName)];
    return findJob(this.#options.session, { name: this.#name, userNames }, options);
  }

  /** @param build undefined when the question is not to be asked any more */
  async #ask(
    operation: Operation,
    build: () => AttributesInput | undefined,
  ): Promise<Message | Trouble | undefined> {
    const options = { signal: this.#signal };
    try {
      return await this.#ladder.ask(() => {
        const attributes = build();
        return attributes && { operation, attributes, job: this.#ticket, options };
      });
    } catch (error) {
      return troubleOfError(operationName(operation), error);
    }
  }

  /** A printer takes a job though it will not do all of its ticket, and says so (RFC 8011 §4.1.7). */
  #ignored(operation: string, answer: Message): Trouble | undefined {
    const unsupported = groupOf(answer, 'unsupported');
    const names = this.#required.filter((name) => unsupported.has(name));
    if (names.length === 0) return undefined;
    return { reason: 'refused', detail: `${operation}: the printer would ignore ${names.join(', ')}` };
  }

  /** A printer that refuses a job for wishes of its ticket gets it without them. False when none is left to drop. */
  #drops(answer: Message): boolean {
    if (!TICKET_REFUSALS.includes(answer.code)) return false;
    const less = withoutRefused(this.#ticket, groupOf(answer, 'unsupported'), this.#required);
    const changed = less.size < this.#ticket.size;
    this.#ticket = less;
    return changed;
  }

  #bothSides(): boolean {
    return countsBothSides(this.#ticket, this.#options.session.told);
  }

  #format(): string {
    const { format } = this.#job;
    return this.#ladder.habits.asOctetStream.includes(format) ? 'application/octet-stream' : format;
  }

  #jobAttributes(): AttributesInput {
    return { 'requesting-user-name': this.#userName, 'job-name': this.#name };
  }
}
