/** One try of one request: connect, send, read the answer, each step with its bound. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Failure, messageOf, systemCode } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import { formatDuration, type Milliseconds } from '../../base/units.ts';
import { decodeMessage } from '../codec/decode.ts';
import { DecodeFailure } from '../codec/errors.ts';
import type { Message } from '../model.ts';
import { AnswerReader } from './answer-reader.ts';
import { type ClientCode, type ClientFailureOptions, IppClientFailure } from './client-failure.ts';
import type { DocumentSource } from './document-source.ts';
import { type ExchangeContext, openRequest, type Sending } from './open-request.ts';
import { hostAndPort } from './printer-uri.ts';

/** What a wait gives when there is nothing more to tell. */
const DONE = true;

export class ClientExchange {
  readonly #context: ExchangeContext;
  readonly #sending: Sending;
  readonly #request: ClientRequest;
  #socket: Socket | undefined;
  #bytesReadBefore = 0;
  #connected = false;
  #continued = false;
  #response: IncomingMessage | undefined;
  #failure: IppClientFailure | undefined;
  #stale = false;
  #wake: () => void = () => {};

  constructor(context: ExchangeContext, sending: Sending) {
    this.#context = context;
    this.#sending = sending;
    this.#request = this.#open();
  }

  /** After a failure: a connection that had stood idle broke before any octet of an answer came. */
  get stale(): boolean {
    return this.#stale;
  }

  /** @throws IppClientFailure */
  async run(): Promise<Message> {
    const { signal } = this.#sending;
    const onAbort = () => this.#fail('canceled', 'was given up');
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) onAbort();
    try {
      await this.#connect();
      const response = await this.#send();
      return await this.#read(response);
    } catch (error) {
      this.#request.destroy();
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #open(): ClientRequest {
    const { connections } = this.#context;
    const request = openRequest(this.#context, this.#sending);
    const onSocket = (socket: Socket) => {
      this.#socket = socket;
      this.#bytesReadBefore = socket.bytesRead;
      void connections.ready(socket).then(() => {
        this.#connected = true;
        this.#wake();
      });
    };
    // One that was opened ahead has it already.
    if (request.socket === null) request.on('socket', onSocket);
    else onSocket(request.socket);
    request.on('continue', () => {
      this.#continued = true;
      this.#wake();
    });
    request.on('response', (response) => {
      this.#response = response;
      this.#context.printer.speaksHttp10 = response.httpVersion === '1.0';
      for (const event of ['readable', 'end', 'close', 'error']) response.on(event, () => this.#wake());
      this.#wake();
    });
    request.on('error', (error) => this.#onError(error));
    return request;
  }

  #connect(): Promise<true> {
    const { connect } = this.#sending.timeouts;
    return this.#until(connect, 'took no connection', () => this.#connected || undefined);
  }

  /** Sends all, or as much as the printer wants before it answers. */
  async #send(): Promise<IncomingMessage> {
    const { octets, document, timeouts, expectContinue } = this.#sending;
    if (expectContinue) await this.#awaitContinue();
    if (this.#response === undefined) {
      if (document === undefined) this.#request.end(octets);
      else {
        // Not waited for: it leaves together with the document's first octets where those are there already.
        this.#request.write(octets);
        await this.#sendDocument(document);
      }
    }
    return this.#until(timeouts.response, 'gave no answer', () => this.#response);
  }

  /** Until the printer asks for the body, answers without it, or says nothing for a while. */
  async #awaitContinue(): Promise<void> {
    const { clock } = this.#context;
    const timer = clock.after(this.#sending.timeouts.continue, () => {
      this.#continued = true;
      this.#wake();
    });
    this.#request.flushHeaders();
    try {
      await this.#until(undefined, '', () => this.#continued || this.#response !== undefined || undefined);
    } finally {
      timer.cancel();
    }
  }

  async #sendDocument(document: DocumentSource): Promise<void> {
    for (;;) {
      const next = await this.#peek(document);
      if (next === 'answered') return;
      if (next === undefined) break;
      document.handOver();
      if (!(await this.#write(next))) return;
    }
    this.#request.end();
  }

  /** The next chunk, unless the printer answers before it is there. */
  async #peek(document: DocumentSource): Promise<Uint8Array | undefined | 'answered'> {
    let chunk: Uint8Array | undefined;
    let there = false;
    document.peek().then(
      (value) => {
        chunk = value;
        there = true;
        this.#wake();
      },
      (error) => {
        if (this.#response === undefined) this.#failWith(error);
      },
    );
    await this.#until(undefined, '', () => there || this.#response !== undefined || undefined);
    return this.#response === undefined ? chunk : 'answered';
  }

  /**
   * Hands octets to the connection and waits until they are with the system, so that their source may use the memory
   * again. False when the printer answered meanwhile.
   */
  async #write(octets: Uint8Array): Promise<boolean> {
    let written = false;
    this.#request.write(octets, (error) => {
      written = !error;
      this.#wake();
    });
    const { sending } = this.#sending.timeouts;
    await this.#until(sending, 'took nothing', () => written || this.#response !== undefined || undefined);
    return this.#response === undefined;
  }

  /** The answer's message. The connection stays usable when both sides are through, else it is closed. */
  async #read(response: IncomingMessage): Promise<Message> {
    const { statusCode: httpStatus = 0 } = response;
    if (httpStatus !== 200) {
      const challenge = httpStatus === 401 ? response.headers['www-authenticate'] : undefined;
      const more = challenge === undefined ? {} : { challenge };
      throw this.#failed('http-status', `answered with HTTP ${httpStatus}`, { httpStatus, ...more });
    }
    const { limits, leniency } = this.#context;
    const reader = new AnswerReader(response, limits);
    const finished = (): true | undefined => {
      const whole = reader.take();
      if (response.readableEnded || (whole && !this.#request.writableEnded)) return DONE;
      if (response.destroyed) throw this.#failed('cut', 'cut the connection in the middle of its answer');
      return undefined;
    };
    try {
      await this.#until(this.#sending.timeouts.response, 'did not finish its answer', finished);
      await this.#leave();
      return decodeMessage(reader.message, { limits, leniency });
    } catch (error) {
      if (!(error instanceof DecodeFailure)) throw error;
      const type = printable(response.headers['content-type'] ?? 'no content type', 100);
      throw this.#failed('protocol', `gives an answer that is not IPP (${type}): ${error.message}`, {
        cause: error,
      });
    }
  }

  /**
   * After the answer: what was not sent is not sent any more, and a printer that does not take what was handed over gets
   * no longer for it than before. Else the connection is kept.
   */
  async #leave(): Promise<void> {
    const request = this.#request;
    if (!request.writableEnded) request.destroy();
    // With TLS the end of our own writing shows a turn after the answer; the next request can then use the connection.
    else if (!request.writableFinished) await setImmediate();
    if (request.writableFinished || request.destroyed) return;
    const timer = this.#context.clock.after(this.#sending.timeouts.sending, () => request.destroy());
    for (const event of ['finish', 'close']) request.once(event, () => timer.cancel());
  }

  /**
   * Waits until `done` gives something.
   *
   * @param most undefined: no bound of its own; something else ends the wait
   */
  async #until<Result>(
    most: Milliseconds | undefined,
    otherwise: string,
    done: () => Result | undefined,
  ): Promise<Result> {
    const timer =
      most &&
      this.#context.clock.after(most, () =>
        this.#fail('timeout', `${otherwise} within ${formatDuration(most)}`),
      );
    try {
      for (;;) {
        if (this.#failure !== undefined) throw this.#failure;
        const result = done();
        if (result !== undefined) return result;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      if (timer) timer.cancel();
    }
  }

  #onError(error: Error): void {
    // An answer that came counts, though the printer closes the connection on what we still send.
    if (this.#response !== undefined) return;
    const code = systemCode(error) ?? '';
    const reason = messageOf(error) || code;
    if (error instanceof Failure && error.code === 'wrong-key')
      return this.#fail('wrong-key', reason, { cause: error });
    if (!this.#connected) return this.#fail('unreachable', `cannot be reached: ${reason}`, { cause: error });
    if (code.startsWith('HPE_'))
      return this.#fail('protocol', `does not speak HTTP: ${reason}`, { cause: error });
    const socket = this.#socket;
    this.#stale =
      socket !== undefined &&
      (this.#request.reusedSocket || this.#context.connections.stoodIdle(socket)) &&
      socket.bytesRead === this.#bytesReadBefore;
    this.#fail('cut', `cut the connection: ${reason}`, { cause: error });
  }

  #fail(code: ClientCode, what: string, options: ClientFailureOptions = {}): void {
    this.#failWith(this.#failed(code, what, options));
  }

  #failWith(failure: IppClientFailure): void {
    this.#failure ??= failure;
    this.#request.destroy();
    this.#wake();
  }

  #failed(code: ClientCode, what: string, options: ClientFailureOptions = {}): IppClientFailure {
    const documentStarted = this.#sending.document?.started ?? false;
    return new IppClientFailure(code, `${hostAndPort(this.#context.address)} ${what}`, {
      ...options,
      documentStarted,
    });
  }
}
