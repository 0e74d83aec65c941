/** Asks one printer, over connections that stay open. */
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import { type Milliseconds, Seconds } from '../../base/units.ts';
import { encodeMessage } from '../codec/encode.ts';
import { LENIENT, type Leniency } from '../codec/leniency.ts';
import { type CodecLimits, RESPONSE_LIMITS } from '../codec/limits.ts';
import type { Message } from '../model.ts';
import { Authentication, type Login } from './authentication.ts';
import { ClientExchange } from './client-exchange.ts';
import { IppClientFailure } from './client-failure.ts';
import { Connections } from './connections.ts';
import { DocumentSource } from './document-source.ts';
import type { ExchangeContext } from './open-request.ts';
import { parsePrinterUri } from './printer-uri.ts';
import { CLIENT_TIMEOUTS, type ClientTimeouts } from './timeouts.ts';

export interface IppClientOptions {
  /** `ipp:`, `ipps:`, `http:` or `https:` */
  readonly uri: string;
  readonly clock: Clock;
  /** {@link CLIENT_TIMEOUTS} unless told. */
  readonly timeouts?: ClientTimeouts;
  /** {@link RESPONSE_LIMITS} unless told. */
  readonly limits?: CodecLimits;
  /** {@link LENIENT} unless told. */
  readonly leniency?: Leniency;
  /** For node:tls; its own defaults unless told. */
  readonly tls?: ConnectionOptions;
  /**
   * The key that an `ipps:` printer must show: SHA-256 of its SubjectPublicKeyInfo in lower-case hexadecimal. A connection
   * that shows another carries nothing.
   */
  readonly key?: string;
  /** For printers that want a user name and a password. */
  readonly login?: Login;
  /** Connections at once; further requests wait. 4 unless told. */
  readonly connections?: number;
  /** After so long without use a connection is closed. 30 s unless told. */
  readonly idle?: Milliseconds;
}

export interface IppRequestOptions {
  /**
   * Follows the message. Asked for its next chunk when the system has taken the one before, whose memory it may then use
   * again; returned when the request ends before it does.
   */
  readonly document?: AsyncIterable<Uint8Array>;
  /** Octets of the document, for printers that take no chunks (HTTP/1.0). Chunked unless told. */
  readonly contentLength?: number;
  /** Sends `Expect: 100-continue`, so that a printer can refuse before the document leaves. */
  readonly expectContinue?: boolean;
  readonly signal?: AbortSignal;
  /** Instead of the client's. */
  readonly timeouts?: Partial<ClientTimeouts>;
  /** Called before the first octet of the document is handed to the connection. */
  onDocumentStart?(): void;
}

/** Of one request. */
const MOST_CHALLENGES = 2;

export class IppClient {
  readonly #connections: Connections;
  readonly #context: ExchangeContext;
  readonly #timeouts: ClientTimeouts;
  readonly #authentication: Authentication | undefined;

  /** @throws Failure `bad-uri`, also where a key is wanted of a printer that shows none */
  constructor(options: IppClientOptions) {
    const address = parsePrinterUri(options.uri);
    if (options.key !== undefined && !address.secure)
      throw new Failure('bad-uri', `a printer without TLS shows no key: ${address.host}`);
    this.#connections = new Connections({
      address,
      tls: options.tls ?? {},
      key: options.key,
      most: options.connections ?? 4,
      idle: options.idle ?? Seconds(30),
    });
    this.#timeouts = options.timeouts ?? CLIENT_TIMEOUTS;
    this.#authentication = options.login && new Authentication(options.login, address.secure);
    this.#context = {
      address,
      connections: this.#connections,
      clock: options.clock,
      limits: options.limits ?? RESPONSE_LIMITS,
      leniency: options.leniency ?? LENIENT,
      printer: { speaksHttp10: false },
    };
  }

  /**
   * The printer's answer, whatever its status. A printer may answer before it has taken the whole document; then the rest
   * is not sent.
   *
   * @throws IppClientFailure, which tells whether an octet of the document had left
   * @throws EncodeFailure when the message cannot be sent at all
   */
  async request(message: Message, options: IppRequestOptions = {}): Promise<Message> {
    const octets = encodeMessage(message);
    const onStart = () => options.onDocumentStart?.();
    const document = options.document && new DocumentSource(options.document, options.contentLength, onStart);
    try {
      return await this.#try(octets, document, options);
    } finally {
      document?.release();
    }
  }

  /** A try that failed with no harm done is repeated: without `Expect` after a 417, once after a stale connection. */
  async #try(
    octets: Buffer,
    document: DocumentSource | undefined,
    options: IppRequestOptions,
  ): Promise<Message> {
    const timeouts = { ...this.#timeouts, ...options.timeouts };
    const { signal } = options;
    // A proof that is too old, say, is to be refused before the document leaves.
    const login = this.#authentication;
    let expectContinue =
      options.expectContinue === true || (document !== undefined && login?.active === true);
    let mayBeStale = true;
    let challenges = 0;
    for (;;) {
      const exchange = new ClientExchange(this.#context, {
        octets,
        document,
        timeouts,
        expectContinue,
        authorization: login?.header('POST', this.#context.address.path),
        signal,
      });
      try {
        return await exchange.run();
      } catch (error) {
        if (!(error instanceof IppClientFailure)) throw error;
        const isAnswered = await this.#prove(error, challenges++);
        if (error.documentStarted) throw error;
        if (isAnswered) expectContinue ||= document !== undefined;
        else if (expectContinue && error.httpStatus === 417) expectContinue = false;
        else if (mayBeStale && exchange.stale) {
          mayBeStale = false;
          this.#connections.dropIdle();
        } else throw error;
      }
    }
  }

  /**
   * Whether a request that was refused for want of a proof can be made again with one. The first proof may be too old, the
   * password of the one after it is read anew.
   */
  async #prove(error: IppClientFailure, before: number): Promise<boolean> {
    const { challenge, documentStarted } = error;
    const login = this.#authentication;
    if (challenge === undefined || login === undefined) return false;
    const refused = (why: string, cause: unknown) =>
      new IppClientFailure('http-status', `${error.message}: ${why}`, {
        cause,
        httpStatus: 401,
        documentStarted,
      });
    if (before >= MOST_CHALLENGES) {
      if (login.doubt === undefined) return false;
      throw refused(login.doubt, error);
    }
    try {
      await login.take(challenge);
    } catch (cause) {
      throw refused(messageOf(cause), cause);
    }
    return true;
  }

  /** The printer has answered in HTTP/1.0: it takes no chunks. */
  get speaksHttp10(): boolean {
    return this.#context.printer.speaksHttp10;
  }

  /** Closes connections that stand idle; the next request opens one. */
  dropIdle(): void {
    this.#connections.dropIdle();
  }

  /** Opens a connection ahead, when somebody is about to print. Never throws. */
  warm(): void {
    this.#connections.warm();
  }

  /** Cuts all connections; a request under way fails with `cut`. */
  close(): void {
    this.#connections.close();
  }
}
