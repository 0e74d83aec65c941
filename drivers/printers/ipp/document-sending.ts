/** The one request that carries the document: how far it came, and what the printer does meanwhile. */
import { type Clock, sleep } from '../../../base/clock.ts';
import { Failure } from '../../../base/errors.ts';
import { Seconds } from '../../../base/units.ts';
import { IppClientFailure } from '../../../ipp/http/client-failure.ts';
import type { Message } from '../../../ipp/model.ts';
import { operationName } from '../../../ipp/vocabulary/operations.ts';
import { isSuccessful } from '../../../ipp/vocabulary/status.ts';
import { intentOf } from '../intent.ts';
import type { PrintJob, Trouble } from '../port.ts';
import type { Ladder } from './ladder.ts';
import type { PrinterTroubles } from './printer-troubles.ts';
import type { Quirk } from './quirks.ts';
import type { SessionRequest } from './session.ts';
import { CLEAN_UP } from './timeouts.ts';
import { troubleOfError } from './trouble.ts';

export interface DocumentSendingOptions {
  readonly job: PrintJob;
  readonly ladder: Ladder;
  readonly troubles: PrinterTroubles;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What became of the request. */
export type Sent =
  /** The printer has all of it, and says so. */
  | { readonly kind: 'taken'; readonly answer: Message }
  /** The printer says that it does not take it. */
  | { readonly kind: 'refused'; readonly answer: Message }
  /** Refused before an octet of the document left, in a way that another step of the ladder may help. */
  | { readonly kind: 'changed'; readonly quirk: Quirk }
  /** It said nothing of IPP. */
  | { readonly kind: 'cut'; readonly trouble: Trouble; readonly httpStatus?: number };

/** So long without taking an octet of the document, a printer is asked what is wrong; and so often. */
const STUCK = Seconds(2);
/** Octets of a document that is kept in memory, because its length is not known and the printer takes no chunks. */
const LARGEST_UNCHUNKED = 16 * 1024 * 1024;

/** To be used once. */
export class DocumentSending {
  readonly #options: DocumentSendingOptions;
  #started = false;
  /** Octets that the connection has taken. */
  #sent = 0;
  /** True once the connection has taken the document's end too. */
  #whole = false;

  constructor(options: DocumentSendingOptions) {
    this.#options = options;
  }

  /** True once an octet of the document has left. */
  get started(): boolean {
    return this.#started;
  }

  /** Never rejects. */
  async run(request: SessionRequest): Promise<Sent> {
    const { job, ladder, signal } = this.#options;
    const name = operationName(request.operation);
    const over = new AbortController();
    try {
      const framing = ladder.habits.framing === 'length' ? await this.#ofKnownLength() : this.#chunked();
      const trying = ladder.try({
        ...request,
        options: {
          ...framing,
          expectContinue: ladder.habits.asksFirst,
          signal,
          onDocumentStart: () => {
            this.#started = true;
          },
        },
      });
      // Behind it: what goes to the printer comes first.
      void this.#lookWhileStuck(over.signal);
      const step = await trying;
      if ('changed' in step) return { kind: 'changed', quirk: step.changed };
      const { answer } = step;
      if (!isSuccessful(answer.code)) return { kind: 'refused', answer };
      if (this.#whole && this.#sent === (job.octets ?? this.#sent)) return { kind: 'taken', answer };
      const detail = `${name}: ok after ${this.#sent} of ${job.octets ?? 'unknown'} octets`;
      return { kind: 'cut', trouble: { reason: 'protocol', detail } };
    } catch (error) {
      if (error instanceof Failure && error.code === 'too-large')
        return { kind: 'cut', trouble: { reason: 'refused', detail: error.message } };
      const trouble = troubleOfError(name, error);
      const httpStatus = error instanceof IppClientFailure ? error.httpStatus : undefined;
      return { kind: 'cut', trouble, ...(httpStatus === undefined ? {} : { httpStatus }) };
    } finally {
      over.abort();
    }
  }

  #chunked() {
    return { document: this.#counted(() => this.#options.job.open()) };
  }

  /** @throws Failure `too-large` */
  async #ofKnownLength() {
    const { job } = this.#options;
    if (job.octets !== undefined) return { ...this.#chunked(), contentLength: job.octets };
    await intentOf(job);
    const chunks = await allOf(job.open());
    const contentLength = chunks.reduce((sum, { length }) => sum + length, 0);
    return { document: this.#counted(() => chunks), contentLength };
  }

  /**
   * Begins when the release intent is kept: until then the request is made and sent as far as the document. Counts a chunk
   * when the next one is asked for: then the connection has taken it.
   */
  async *#counted(open: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    await intentOf(this.#options.job);
    for await (const chunk of open()) {
      yield chunk;
      this.#sent += chunk.length;
      this.#options.job.onProgress({ kind: 'sent', octets: this.#sent });
    }
    this.#whole = true;
  }

  /** A printer without paper takes no more of a document, and says why only when it is asked. */
  async #lookWhileStuck(signal: AbortSignal): Promise<void> {
    const { troubles, clock } = this.#options;
    for (let before = -1; !signal.aborted; ) {
      const isStuck = this.#started && before === this.#sent;
      if (isStuck || troubles.any) await troubles.look(signal, CLEAN_UP);
      before = this.#sent;
      await sleep(clock, STUCK, signal).catch(() => {});
    }
  }
}

/** In memory: plain text never lies on a disk. */
async function allOf(document: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of document) {
    octets += chunk.length;
    if (octets > LARGEST_UNCHUNKED) {
      const detail = `the printer takes no chunks, and the converted document has more than ${LARGEST_UNCHUNKED} octets`;
      throw new Failure('too-large', detail);
    }
    chunks.push(new Uint8Array(chunk));
  }
  return chunks;
}
