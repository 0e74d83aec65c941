/** An IPP printer that takes jobs and goes wrong at Send-Document the way real ones do. It keeps no document. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeMessage } from '../../ipp/codec/decode.ts';
import { encodeMessage } from '../../ipp/codec/encode.ts';
import { REQUEST_LIMITS } from '../../ipp/codec/limits.ts';
import { MessageScanner } from '../../ipp/codec/scanner.ts';
import type { Group, Message } from '../../ipp/model.ts';
import { attributes } from '../../ipp/vocabulary/build.ts';
import { JobState, PrinterState } from '../../ipp/vocabulary/enums.ts';
import { answer } from '../../ipp/vocabulary/messages.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { Status } from '../../ipp/vocabulary/status.ts';

export interface IppFaults {
  /** Resets the connection at the first request of this operation, without an answer. */
  readonly cutAt?: Operation;
  /** Resets it after so many octets of the document; 0 is when Send-Document itself is there. */
  readonly cutAfter?: number;
  /** Reads the whole document, then resets it without an answer. */
  readonly cutInsteadOfAnswer?: boolean;
  /** The answer to Send-Document, after the whole document. */
  readonly sendStatus?: Status;
  /** What Get-Job-Attributes tells; `completed` unless told. */
  readonly jobState?: JobState;
  /** Takes no more of the document after so many octets, until {@link FaultyIppPrinter.goOn}. */
  readonly stuckAfter?: number;
}

const JOB_ID = 7;
const CUT = new Error('cut');

export class FaultyIppPrinter {
  readonly #server: Server;
  readonly #faults: IppFaults;
  /** The operations asked for, in order. */
  readonly operations: Operation[] = [];
  readonly #hash = createHash('sha256');
  /** Octets of documents, over all tries. */
  octets = 0;
  /** `printer-state-reasons` */
  reasons: readonly string[] = ['none'];
  readonly #freed = Promise.withResolvers<void>();

  private constructor(faults: IppFaults) {
    this.#faults = faults;
    this.#server = createServer((request, response) => {
      const { socket } = request;
      this.#serve(request)
        .then((octets) => {
          response.setHeader('Content-Type', 'application/ipp');
          response.end(octets);
        })
        // Cut as told; and a client that went away in the middle needs no answer.
        .catch(() => socket.resetAndDestroy());
    });
  }

  static async start(faults: IppFaults = {}): Promise<FaultyIppPrinter> {
    const printer = new FaultyIppPrinter(faults);
    await new Promise<void>((resolve) => printer.#server.listen(0, '127.0.0.1', resolve));
    return printer;
  }

  get uri(): string {
    return `ipp://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ipp/print`;
  }

  /** SHA-256 of all octets in hexadecimal; to be asked once. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  /** How often a document was sent, wholly or partly. */
  get sends(): number {
    return this.operations.filter((operation) => operation === Operation.sendDocument).length;
  }

  /** Takes the rest of a document that it was stuck in. */
  goOn(): void {
    this.#freed.resolve();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** The answer; rejects to cut the connection. */
  async #serve(request: IncomingMessage): Promise<Buffer> {
    // Else leaving the loop below would close the connection in its own, cleaner way.
    const body = request.iterator({ destroyOnReturn: false });
    const scanner = new MessageScanner(REQUEST_LIMITS);
    let asked: Message | undefined;
    let document = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      let more = chunk.length;
      if (asked === undefined) {
        const scanned = scanner.push(chunk);
        if (scanned === undefined) continue;
        asked = decodeMessage(scanned.message);
        this.operations.push(asked.code as Operation);
        more = scanned.rest.length;
        this.#hash.update(scanned.rest);
      } else this.#hash.update(chunk);
      document += more;
      this.octets += more;
      if (this.#isCut(asked, document)) throw CUT;
      if (document > (this.#faults.stuckAfter ?? Number.POSITIVE_INFINITY)) await this.#freed.promise;
    }
    if (asked === undefined) throw new Error('no message');
    const isSend = asked.code === Operation.sendDocument;
    if (isSend && this.#faults.cutInsteadOfAnswer) throw CUT;
    const status = (isSend ? this.#faults.sendStatus : undefined) ?? Status.successfulOk;
    return encodeMessage(answer(asked, status, { groups: this.#groups(asked.code) }));
  }

  #isCut({ code }: Message, document: number): boolean {
    const { cutAt, cutAfter } = this.#faults;
    if (code === cutAt) return true;
    return code === Operation.sendDocument && cutAfter !== undefined && document >= cutAfter;
  }

  #groups(code: number): Group[] {
    const state = this.#faults.jobState ?? JobState.completed;
    const job = attributes({
      'job-id': JOB_ID,
      'job-uri': `${this.uri}/${JOB_ID}`,
      'job-state': state,
      'job-state-reasons': ['none'],
    });
    const printer = attributes({
      'printer-state': PrinterState.idle,
      'printer-state-reasons': [...this.reasons],
      'printer-is-accepting-jobs': true,
      'document-format-supported': ['application/pdf'],
    });
    switch (code) {
      case Operation.createJob:
      case Operation.getJobAttributes:
        return [{ kind: 'job', attributes: job }];
      case Operation.getPrinterAttributes:
        return [{ kind: 'printer', attributes: printer }];
      default:
        return [];
    }
  }
}
