/** One IPP request over HTTP: its message read and checked, its document handed on, its answer sent. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import type { RequestExchange } from '../../base/http/routes.ts';
import { decodeMessage, readHeader } from '../codec/decode.ts';
import { encodeMessage } from '../codec/encode.ts';
import { DecodeFailure } from '../codec/errors.ts';
import { type CodecLimits, REQUEST_LIMITS } from '../codec/limits.ts';
import { MessageScanner, type ScannedMessage } from '../codec/scanner.ts';
import type { Message } from '../model.ts';
import { answer } from '../vocabulary/messages.ts';
import { hasNoDocument } from '../vocabulary/operations.ts';
import { Status } from '../vocabulary/status.ts';
import { BodyFailure, RequestBody } from './body.ts';
import { BODY_BOUNDS, type BodyBounds } from './bounds.ts';
import { statusOf } from './failure-status.ts';
import { HttpRefusal } from './http-refusal.ts';
import { MEDIA_TYPE, replyIpp, replyText } from './reply.ts';

export interface IppRequest {
  readonly message: Message;
  /**
   * What follows the attributes, as it comes in; the sender waits while nothing is asked for. Can be iterated once, and
   * need not be. Rejects with a `BodyFailure` when the client is gone, stalls, or sends too much.
   */
  readonly document: AsyncIterable<Uint8Array>;
}

/**
 * Answers a request. May answer before it has read the document: the answer leaves at once, the connection is closed
 * after it. A `BodyFailure` of the document may be let through: it is answered with its status; so may an `HttpRefusal`.
 */
export type IppHandler = (request: IppRequest, exchange: RequestExchange) => Promise<Message>;

/** Why a request could not be read. */
export type RequestFailure = DecodeFailure | BodyFailure;

export interface IppServerOptions {
  /** Looks at the request before its body is asked for. May throw an {@link HttpRefusal}. */
  admit?(): Promise<void> | void;
  readonly clock: Clock;
  /** {@link REQUEST_LIMITS} unless told. */
  readonly limits?: CodecLimits;
  /** {@link BODY_BOUNDS} unless told. */
  readonly bounds?: BodyBounds;
  /** Told of a request that could not be read to its end, before it is answered. */
  onFailure?(failure: RequestFailure): void;
}

/** The `handle` of a POST route that speaks IPP. */
export function ippRoute(
  options: IppServerOptions,
  handler: IppHandler,
): (exchange: RequestExchange) => Promise<void> {
  return (exchange) => new IppExchange(options, handler, exchange).run();
}

const MAX_REQUEST_ID = 2 ** 31 - 1;

class IppExchange {
  readonly #exchange: RequestExchange;
  readonly #handler: IppHandler;
  readonly #admit: IppServerOptions['admit'];
  readonly #onFailure: IppServerOptions['onFailure'];
  readonly #clock: Clock;
  readonly #limits: CodecLimits;
  readonly #bounds: BodyBounds;
  readonly #body: RequestBody;
  readonly #scanner: MessageScanner;

  constructor(options: IppServerOptions, handler: IppHandler, exchange: RequestExchange) {
    this.#exchange = exchange;
    this.#handler = handler;
    this.#admit = options.admit;
    this.#onFailure = options.onFailure;
    this.#clock = options.clock;
    this.#limits = options.limits ?? REQUEST_LIMITS;
    this.#bounds = options.bounds ?? BODY_BOUNDS;
    this.#body = new RequestBody(exchange.request, options.clock, this.#bounds);
    this.#scanner = new MessageScanner(this.#limits);
  }

  /** Rejects only with a defect of the handler. */
  async run(): Promise<void> {
    const { request, response } = this.#exchange;
    const trouble = headerTrouble(request.headers) ?? this.#sizeTrouble(request.headers);
    if (trouble !== undefined) return replyText(response, this.#body, trouble.status, trouble.text);
    let result: Message;
    try {
      await this.#admit?.();
      this.#exchange.proceed();
      result = await this.#answer();
    } catch (error) {
      if (error instanceof HttpRefusal) {
        return replyText(response, this.#body, error.status, error.message, error.headers);
      }
      const expected = error instanceof DecodeFailure || error instanceof BodyFailure;
      if (!expected) throw error;
      this.#onFailure?.(error);
      return this.#refuse(error);
    }
    await replyIpp(response, this.#body, encodeMessage(result));
  }

  /** Who asks before sending a body hears at once that it is too large; others hear it in IPP. */
  #sizeTrouble({ expect, ...headers }: IncomingHttpHeaders): HeaderTrouble | undefined {
    const most = this.#limits.messageOctets + this.#bounds.documentOctets;
    if (expect === undefined || Number(headers['content-length'] ?? 0) <= most) return undefined;
    return { status: 413, text: `the request is larger than ${most} octets` };
  }

  async #answer(): Promise<Message> {
    const deadline = this.#clock.monotonic() + this.#bounds.messageTime;
    const scanned = await this.#readMessage(deadline);
    const message = decodeMessage(scanned.message, { limits: this.#limits });
    if (hasNoDocument(message.code) && !(await this.#endsNow(scanned.rest, deadline))) {
      return answer(message, Status.clientErrorBadRequest, {
        message: 'a document behind an operation that has none',
      });
    }
    return this.#handler({ message, document: this.#document(scanned) }, this.#exchange);
  }

  async #readMessage(deadline: number): Promise<ScannedMessage> {
    for (;;) {
      const chunk = await this.#body.next(deadline);
      if (chunk === undefined) this.#scanner.end();
      const scanned = this.#scanner.push(chunk);
      if (scanned !== undefined) return scanned;
    }
  }

  /** Reads the end of the body too, which may come after its last octet (an empty chunk), so that the connection stays. */
  async #endsNow(rest: Uint8Array, deadline: number): Promise<boolean> {
    return rest.length === 0 && (await this.#body.next(deadline)) === undefined;
  }

  async *#document({ message, rest }: ScannedMessage): AsyncGenerator<Uint8Array, void, void> {
    const most = this.#bounds.documentOctets;
    const declared = Number(this.#exchange.request.headers['content-length'] ?? 0) - message.length;
    const deadline = this.#clock.monotonic() + this.#bounds.documentTime;
    let octets = 0;
    for (let chunk: Buffer | undefined = rest; chunk !== undefined; chunk = await this.#body.next(deadline)) {
      octets += chunk.length;
      if (Math.max(octets, declared) > most) {
        this.#body.fail('document-too-large', `the document is larger than ${most} octets`);
      }
      if (chunk.length > 0) yield chunk;
    }
  }

  /** An IPP answer where the request id could be read, else plain HTTP. */
  #refuse(failure: RequestFailure): Promise<void> {
    const { response } = this.#exchange;
    const header = readHeader(this.#scanner.received);
    if (header === undefined || header.requestId > MAX_REQUEST_ID) {
      const late = failure instanceof BodyFailure;
      return replyText(response, this.#body, late ? 408 : 400, failure.message);
    }
    const octets = encodeMessage(answer(header, statusOf(failure), { message: failure.message }));
    return replyIpp(response, this.#body, octets);
  }
}

interface HeaderTrouble {
  readonly status: number;
  readonly text: string;
}

/** Checked before the client is asked for its body. */
function headerTrouble(headers: IncomingHttpHeaders): HeaderTrouble | undefined {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== MEDIA_TYPE) return { status: 400, text: `only ${MEDIA_TYPE} can be posted here` };
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (coding !== 'identity') return { status: 415, text: 'no Content-Encoding can be taken here' };
  return undefined;
}
