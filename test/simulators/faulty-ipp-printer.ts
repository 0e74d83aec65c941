/** An IPP printer that takes jobs and goes wrong at Send-Document the way real ones do. It keeps no document. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { decodeMessage } from '../../ipp/codec/decode.ts';
import { encodeMessage } from '../../ipp/codec/encode.ts';
import { REQUEST_LIMITS } from '../../ipp/codec/limits.ts';
import { MessageScanner } from '../../ipp/codec/scanner.ts';
import { Attributes, type Group, groupOf, type Message } from '../../ipp/model.ts';
import { type AttributesInput, attributes } from '../../ipp/vocabulary/build.ts';
import { JobState, PrinterState } from '../../ipp/vocabulary/enums.ts';
import { answer } from '../../ipp/vocabulary/messages.ts';
import { Operation } from '../../ipp/vocabulary/operations.ts';
import { readLeniently } from '../../ipp/vocabulary/read.ts';
import { Status } from '../../ipp/vocabulary/status.ts';
import { challenge, type HttpRefusal, isLoggedIn, type WantedLogin } from './wanted-login.ts';

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
  /** Reads requests of this operation and never answers. */
  readonly hangAt?: Operation;
  /** Answers it with HTTP headers and never with a body. */
  readonly hangInAnswerTo?: Operation;
  /** HTTP/1.0: takes no chunks, keeps no connection. */
  readonly http10?: boolean;
  /** Answers a document in chunks with HTTP 411. */
  readonly noChunks?: boolean;
  /** Operations that it does not know, as the status says. */
  readonly unknown?: readonly Operation[];
  /** The only IPP version that it answers, such as `1.1`. */
  readonly version?: string;
  /** Refuses user names with other characters than letters and digits. */
  readonly plainUsers?: boolean;
  /** The first answers to an operation, one status after another. */
  readonly first?: { readonly at: Operation; readonly statuses: readonly Status[] };
  /** Gives no `job-id`; with `job-uri`, that instead. */
  readonly noJobId?: 'job-uri' | 'nothing';
  /** Knows no job any more as soon as it has its document. */
  readonly vanishes?: boolean;
  /** At the first looks at a job it is at work, and has counted so many pages; after them its end is told. */
  readonly counts?: readonly number[];
  /** Closes a connection when the second request comes on it: the first connection only, or each. */
  readonly stale?: 'first' | 'each';
  /** After so many octets of the document it is gone for good. */
  readonly diesAfter?: number;
  /** Told instead of what the standard would have: of itself, and of the job beside its number. */
  readonly odd?: { readonly printer: Attributes; readonly job: Attributes };
  /** More of its own attributes. */
  readonly attributes?: AttributesInput;
  /** More of each job's attributes. */
  readonly jobAttributes?: AttributesInput;
  /** `job-template` attributes that it refuses a job for, named among the unsupported or not. */
  readonly refusesTicket?: 'named' | 'unnamed';
  /** Takes a format only as octet-stream. */
  readonly onlyOctetStream?: boolean;
  /** Wants these for everything; `once`: each nonce is good for one request. */
  readonly login?: WantedLogin;
  /** Speaks ipps with this key and certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

const JOB_ID = 7;
const DOCUMENTS: readonly number[] = [Operation.sendDocument, Operation.printJob];
const CREATING: readonly number[] = [Operation.createJob, Operation.printJob];
/** Told for nobody ever to answer. */
const HANGS = new Promise<never>(() => {});
const CUT = new Error('cut');

export class FaultyIppPrinter {
  readonly #server: Server | SecureServer;
  readonly #faults: IppFaults;
  /** The operations asked for, in order. */
  readonly operations: Operation[] = [];
  /** The requests, in the same order. */
  readonly requests: Message[] = [];
  /** Octets of each document that was taken as a whole, in order. */
  readonly printed: number[] = [];
  readonly #served = new WeakMap<object, number>();
  #nonces = 0;
  #connections = 0;
  #firsts = 0;
  #gone = false;
  #looks = 0;
  #job = new Attributes();
  readonly #hash = createHash('sha256');
  /** Octets of documents, over all tries. */
  octets = 0;
  /** `printer-state-reasons` */
  reasons: readonly string[] = ['none'];
  readonly #freed = Promise.withResolvers<void>();

  private constructor(faults: IppFaults) {
    this.#faults = faults;
    const onRequest = (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      this.#serve(request)
        .then((octets) => this.#write(request, response, octets))
        // Cut as told; and a client that went away in the middle needs no answer.
        .catch(() => (socket instanceof TLSSocket ? socket.destroy() : socket.resetAndDestroy()));
    };
    const { tls } = faults;
    this.#server = tls === undefined ? createServer(onRequest) : createSecureServer(tls, onRequest);
    this.#server.on('checkContinue', onRequest);
  }

  static async start(faults: IppFaults = {}): Promise<FaultyIppPrinter> {
    const printer = new FaultyIppPrinter(faults);
    await new Promise<void>((resolve) => printer.#server.listen(0, '127.0.0.1', resolve));
    return printer;
  }

  get uri(): string {
    return `${this.#faults.tls ? 'ipps' : 'ipp'}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ipp/print`;
  }

  /** SHA-256 of all octets in hexadecimal; to be asked once. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  /** How often a document was sent, wholly or partly. */
  get sends(): number {
    return this.operations.filter((each) => DOCUMENTS.includes(each)).length;
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
  async #serve(request: IncomingMessage): Promise<Buffer | HttpRefusal> {
    const { http10, noChunks, stale, login } = this.#faults;
    const served = (this.#served.get(request.socket) ?? 0) + 1;
    this.#served.set(request.socket, served);
    this.#connections += served === 1 ? 1 : 0;
    if (served > 1 && (stale === 'each' || (stale === 'first' && this.#connections === 1))) throw CUT;
    if ((http10 || noChunks) && request.headers['transfer-encoding'] !== undefined) {
      return { status: 411, headers: [] };
    }
    if (login !== undefined && !isLoggedIn(request, login, this.#nonce()))
      return challenge(login, this.#nonce());
    if (login?.once) this.#nonces++;
    if (request.headers.expect !== undefined) request.socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    const { asked, document } = await this.#read(request);
    return encodeMessage(await this.#answer(asked, document));
  }

  #nonce(): string {
    return `f0e1d2c3b4a5-${this.#nonces}`;
  }

  async #read(request: IncomingMessage): Promise<{ asked: Message; document: number }> {
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
        this.requests.push(asked);
        more = scanned.rest.length;
        this.#hash.update(scanned.rest);
      } else this.#hash.update(chunk);
      document += more;
      this.octets += more;
      if (this.#isCut(asked, document)) throw CUT;
      if (document > (this.#faults.stuckAfter ?? Number.POSITIVE_INFINITY)) await this.#freed.promise;
    }
    if (asked === undefined) throw new Error('no message');
    return { asked, document };
  }

  #isCut({ code }: Message, document: number): boolean {
    const { cutAt, cutAfter, diesAfter } = this.#faults;
    if (code === cutAt) return true;
    if (!DOCUMENTS.includes(code)) return false;
    if (diesAfter !== undefined && document >= diesAfter) {
      void this.stop();
      return true;
    }
    return cutAfter !== undefined && document >= cutAfter;
  }

  async #answer(asked: Message, document: number): Promise<Message> {
    const { hangAt, cutInsteadOfAnswer, version } = this.#faults;
    const { code } = asked;
    if (code === hangAt) await HANGS;
    if (DOCUMENTS.includes(code) && cutInsteadOfAnswer) throw CUT;
    const { major, minor } = asked.version;
    const refusal =
      version !== undefined && version !== `${major}.${minor}`
        ? Status.serverErrorVersionNotSupported
        : this.#refusal(asked);
    if (refusal !== undefined) {
      const named = this.#faults.refusesTicket === 'named' && groupOf(asked, 'job');
      const groups: Group[] = named ? [{ kind: 'unsupported', attributes: named }] : [];
      return answer(asked, refusal, { groups });
    }
    if (DOCUMENTS.includes(code)) {
      this.printed.push(document);
      this.#gone = this.#faults.vanishes ?? false;
    }
    if (CREATING.includes(code)) this.#job = groupOf(asked, 'operation');
    return answer(asked, Status.successfulOk, { groups: this.#groups(code) });
  }

  #refusal(asked: Message): Status | undefined {
    const { unknown, plainUsers, first, sendStatus, refusesTicket, onlyOctetStream } = this.#faults;
    const { code } = asked;
    const operation = groupOf(asked, 'operation');
    if (unknown?.includes(code as Operation)) return Status.serverErrorOperationNotSupported;
    const user = readLeniently(operation, 'requesting-user-name');
    if (plainUsers && user !== undefined && /[^a-z0-9]/i.test(user)) return Status.clientErrorBadRequest;
    if (code === first?.at && this.#firsts < first.statuses.length) {
      const status = first.statuses[this.#firsts++];
      if (status !== Status.successfulOk) return status;
    }
    if (refusesTicket !== undefined && groupOf(asked, 'job').size > 0)
      return Status.clientErrorAttributesOrValuesNotSupported;
    const format = readLeniently(operation, 'document-format');
    if (onlyOctetStream && format !== undefined && format !== 'application/octet-stream')
      return Status.clientErrorDocumentFormatNotSupported;
    if (this.#gone && this.#counted === undefined && code === Operation.getJobAttributes)
      return Status.clientErrorNotFound;
    return DOCUMENTS.includes(code) ? sendStatus : undefined;
  }

  /** What it tells at this look, while it is at work. */
  get #counted(): number | undefined {
    return this.#faults.counts?.[this.#looks];
  }

  #groups(code: number): Group[] {
    const { jobState: state = JobState.completed, noJobId, attributes: more, jobAttributes } = this.#faults;
    const id = attributes({ 'job-id': JOB_ID });
    const named = attributes({ 'job-uri': `${this.uri}/${JOB_ID}` });
    const job = attributes({ 'job-state': state, 'job-state-reasons': ['none'], ...jobAttributes });
    const printer = attributes({
      'printer-state': PrinterState.idle,
      'printer-state-reasons': [...this.reasons],
      'printer-is-accepting-jobs': true,
      'document-format-supported': ['application/pdf', 'application/octet-stream'],
      ...more,
    });
    const { odd } = this.#faults;
    const whole = id.with(named).with(odd?.job ?? job);
    switch (code) {
      case Operation.createJob:
      case Operation.printJob:
        if (noJobId === 'nothing') return [{ kind: 'job', attributes: job }];
        return [{ kind: 'job', attributes: noJobId === 'job-uri' ? named.with(job) : whole }];
      case Operation.getJobAttributes: {
        const counted = this.#counted;
        this.#looks++;
        if (counted === undefined) return [{ kind: 'job', attributes: whole }];
        const atWork = { 'job-state': JobState.processing, 'job-impressions-completed': counted };
        return [{ kind: 'job', attributes: whole.with(attributes(atWork)) }];
      }
      case Operation.getJobs:
        return [{ kind: 'job', attributes: whole.with(this.#names()) }];
      case Operation.getPrinterAttributes:
        return [{ kind: 'printer', attributes: odd?.printer ?? printer }];
      default:
        return [];
    }
  }

  /** Of the job that it was given last, as Get-Jobs tells them. */
  #names(): Attributes {
    const name = readLeniently(this.#job, 'job-name');
    const user = readLeniently(this.#job, 'requesting-user-name');
    return attributes({ 'job-name': name, 'job-originating-user-name': user });
  }

  #write(request: IncomingMessage, response: ServerResponse, octets: Buffer | HttpRefusal): void {
    const { http10, hangInAnswerTo } = this.#faults;
    if (!Buffer.isBuffer(octets)) {
      response.writeHead(octets.status, octets.headers).end();
      return;
    }
    const head = { 'Content-Type': 'application/ipp', 'Content-Length': octets.length };
    if (http10) {
      const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
      request.socket.end(Buffer.concat([Buffer.from(`HTTP/1.0 200 OK\r\n${lines.join('')}\r\n`), octets]));
      return;
    }
    response.writeHead(200, head);
    if (this.operations.at(-1) === hangInAnswerTo) response.flushHeaders();
    else response.end(octets);
  }
}
