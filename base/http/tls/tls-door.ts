/** TLS on the port of plain HTTP: a client is told by its first octet; the handshake is bounded like headers are. */
import { constants } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { messageOf, systemCode } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { Milliseconds } from '../../units.ts';
import { plainAddress } from '../connections.ts';
import type { TlsIdentity } from './identity.ts';
import { asRead, SWITCHING } from './upgrade.ts';

export interface TlsDoorOptions {
  /** The listener's, for the log and the metrics. */
  readonly name: string;
  readonly identity: TlsIdentity;
  /** From the connection to the end of its handshake. */
  readonly time: Milliseconds;
  /** What else than HTTP a client may choose in its handshake. */
  readonly protocols?: Protocols;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** By the name that a client gives in its handshake (ALPN, RFC 7301); each takes a connection that is secure already. */
export type Protocols = Readonly<Record<string, (socket: Socket, address: string) => void>>;

/** Takes a connection on which HTTP begins: as it came, or what TLS carries. */
export type OnHttp = (socket: Socket) => void;

/** What is spoken on a connection; `upgraded`: first plain, then TLS (RFC 2817). */
type Way = 'plain' | 'tls' | 'upgraded';

/** RFC 7301 §6 */
const HTTP = 'http/1.1';

/** ContentType of the TLS record that a ClientHello comes in (RFC 8446 §5.1); no HTTP method begins with it. */
const HANDSHAKE = 0x16;

export class TlsDoor {
  readonly #options: TlsDoorOptions;
  #context: SecureContext;
  /** Connections that have not come as far as HTTP. */
  readonly #waiting = new Set<Socket>();
  readonly #accepted;
  readonly #failures;

  constructor(options: TlsDoorOptions) {
    this.#options = options;
    this.#context = contextOf(options.identity);
    const { name, metrics } = options;
    this.#accepted = metrics.counter(
      `http_${name}_accepted_total`,
      `Connections to the ${name} port by what was spoken: plain, tls, or upgraded from the one to the other`,
      ['protocol'],
    );
    this.#failures = metrics.counter(
      `http_${name}_handshake_failures_total`,
      `TLS handshakes at the ${name} port that came to nothing`,
    );
  }

  /** New connections are shown this one; those that are open keep theirs. */
  replaceIdentity(identity: TlsIdentity): void {
    this.#context = contextOf(identity);
  }

  /** Takes a new connection. One that says nothing, or never ends its handshake, is cut. */
  take(socket: Socket, onHttp: OnHttp): void {
    const cut = this.#wait(socket);
    // Half-open connections are for those that have asked something.
    const onEnd = () => socket.destroy();
    socket.on('error', ignore);
    socket.once('end', onEnd);
    socket.once('data', (chunk: Buffer) => {
      socket.off('end', onEnd);
      socket.pause();
      socket.unshift(chunk);
      if (chunk[0] === HANDSHAKE) return this.#handshake(socket, 'tls', onHttp);
      clearTimeout(cut);
      this.#pass(socket, 'plain');
      onHttp(socket);
      // Node's parser reads what was put back only when it is told to go on.
      socket.resume();
    });
  }

  /** Goes on in TLS where a request asked for it; that request is answered there. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer, onHttp: OnHttp): void {
    this.#wait(socket);
    socket.on('error', ignore);
    socket.write(SWITCHING);
    if (head.length > 0) socket.unshift(head);
    this.#handshake(socket, 'upgraded', (tls) => {
      tls.unshift(asRead(request));
      onHttp(tls);
    });
  }

  /** Cuts what has not come as far as HTTP. */
  cutWaiting(): void {
    for (const socket of this.#waiting) socket.destroy();
  }

  #handshake(raw: Socket, way: Way, onHttp: OnHttp): void {
    const socket = new TLSSocket(raw, {
      isServer: true,
      secureContext: this.#context,
      ALPNProtocols: [HTTP, ...Object.keys(this.#options.protocols ?? {})],
    });
    let failure: Error | undefined;
    const onError = (error: Error) => {
      failure = error;
    };
    const onEnd = () => socket.destroy();
    const onClose = () => this.#failed(raw, failure);
    socket.on('error', onError);
    socket.once('end', onEnd);
    socket.once('close', onClose);
    socket.once('secure', () => {
      socket.off('error', onError);
      socket.off('end', onEnd);
      socket.off('close', onClose);
      this.#pass(raw, way);
      const other = this.#options.protocols?.[socket.alpnProtocol || HTTP];
      if (other === undefined) onHttp(socket);
      else other(socket, plainAddress(raw.remoteAddress ?? ''));
    });
  }

  #pass(raw: Socket, way: Way): void {
    this.#waiting.delete(raw);
    raw.off('error', ignore);
    this.#accepted.inc({ protocol: way });
  }

  #wait(socket: Socket): NodeJS.Timeout {
    this.#waiting.add(socket);
    const cut = setTimeout(() => {
      if (this.#waiting.has(socket)) socket.destroy();
    }, this.#options.time);
    socket.once('close', () => {
      clearTimeout(cut);
      this.#waiting.delete(socket);
    });
    return cut;
  }

  #failed(raw: Socket, failure: Error | undefined): void {
    this.#failures.inc();
    this.#options.log.debug('no TLS connection came about', {
      listener: this.#options.name,
      address: raw.remoteAddress,
      code: systemCode(failure),
      reason: failure === undefined ? 'the connection was closed' : messageOf(failure),
    });
    raw.destroy();
  }
}

/** Errors are told by the connection's end; without a listener they would end the program. */
const ignore = () => {};

/**
 * For TLS 1.2: forward secrecy and authenticated encryption, all else of what RFC 9325 §4.2 advises against is left out.
 * macOS and iOS since 2015, Windows since 8.1 (with an ECDSA key; 10 with RSA too), Android since 5 and CUPS with GnuTLS or
 * OpenSSL have at least one of them. TLS 1.3 has no others.
 */
const CIPHERS = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305']
  .flatMap((cipher) => [`ECDHE-ECDSA-${cipher}`, `ECDHE-RSA-${cipher}`])
  .join(':');
const CIPHERS_1_3 = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';

/** TLS 1.2 and 1.3. No renegotiation: it costs us a handshake each time that a client asks for it. */
function contextOf({ certificate, key }: TlsIdentity): SecureContext {
  return createSecureContext({
    cert: certificate,
    key: key.reveal(),
    minVersion: 'TLSv1.2',
    ciphers: `${CIPHERS_1_3}:${CIPHERS}`,
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  });
}
