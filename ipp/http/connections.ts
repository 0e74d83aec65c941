/** Connections to one printer: kept open between requests; one request opened ahead when somebody is about to print. */
import { createHash, type X509Certificate } from 'node:crypto';
import { Agent, type ClientRequest, request } from 'node:http';
import { isIP, connect as openTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as openTls, TLSSocket } from 'node:tls';
import { Failure } from '../../base/errors.ts';
import type { Milliseconds } from '../../base/units.ts';
import { hostHeader, type PrinterAddress } from './printer-uri.ts';
import { MEDIA_TYPE } from './reply.ts';

export interface ConnectionsOptions {
  readonly address: PrinterAddress;
  /** For node:tls. */
  readonly tls: ConnectionOptions;
  /** SHA-256 of the SubjectPublicKeyInfo that the printer must show, in hexadecimal; any unless told. */
  readonly key: string | undefined;
  /** At once; further requests wait for one of them. */
  readonly most: number;
  /** After so long without use a connection is closed. */
  readonly idle: Milliseconds;
}

export class Connections {
  readonly #options: ConnectionsOptions;
  /** For `http.request`; its sockets are encrypted where the address says so. */
  readonly #agent: Agent;
  readonly #ready = new WeakMap<Socket, Promise<void>>();
  /** Sockets that stood idle: the printer may have closed them in the meantime. */
  readonly #stoodIdle = new WeakSet<Socket>();
  #ahead: ClientRequest | undefined;
  #session: Buffer | undefined;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#agent = new Agent({ keepAlive: true, maxSockets: options.most, timeout: options.idle });
    this.#agent.createConnection = () => this.#connect();
  }

  /** A request with a connection of its own, of which nothing is sent yet: the head's other fields can still be set. */
  open(): ClientRequest {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead === undefined || ahead.destroyed ? this.#request() : ahead;
  }

  /**
   * Opens a request ahead: what Node makes for one takes longer than what is sent by it. Failing is left to the request that
   * would have used its connection.
   */
  warm(): void {
    if (this.#ahead !== undefined) return;
    const request = this.#request();
    this.#ahead = request;
    const drop = () => {
      if (this.#ahead !== request) return;
      this.#ahead = undefined;
      request.destroy();
    };
    request.on('socket', (socket) => {
      this.#stoodIdle.add(socket);
      // One that was kept has its time already, perhaps a shorter one that the printer told.
      if (!request.reusedSocket) request.setTimeout(this.#options.idle);
    });
    request.on('timeout', drop);
    // Nothing was asked: a server that calls this too slow (408) says so and may leave the connection open.
    request.on('response', drop);
    request.on('close', drop);
  }

  /** Resolves when the socket of a request can be written to, its TLS handshake done; never when it fails before. */
  ready(socket: Socket): Promise<void> {
    return this.#ready.get(socket) ?? Promise.resolve();
  }

  stoodIdle(socket: Socket): boolean {
    return this.#stoodIdle.has(socket);
  }

  /** Closes those that stand idle, so that the next request gets a new one. */
  dropIdle(): void {
    for (const sockets of Object.values(this.#agent.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
    this.#ahead?.destroy();
    this.#ahead = undefined;
  }

  /** Cuts all of them, in use or not. */
  close(): void {
    this.dropIdle();
    this.#agent.destroy();
  }

  #request(): ClientRequest {
    const { address } = this.#options;
    const made = request({
      agent: this.#agent,
      host: address.host,
      port: address.port,
      path: address.path,
      method: 'POST',
      headers: { Host: hostHeader(address), 'User-Agent': 'Holdfast', 'Content-Type': MEDIA_TYPE },
    });
    // Whoever uses it hears of its errors; of one that is used no more nobody has to.
    made.on('error', () => {});
    return made;
  }

  #connect(): Socket {
    const { address } = this.#options;
    const socket = address.secure
      ? this.#openTls()
      : openTcp({ host: address.host, port: address.port, noDelay: true });
    this.#ready.set(
      socket,
      new Promise((resolve) =>
        socket.once(address.secure ? 'secureConnect' : 'connect', () => {
          if (this.#isRight(socket)) resolve();
        }),
      ),
    );
    return socket;
  }

  /** Destroys a connection that shows another key than it must. Nothing has been written to it before it is ready. */
  #isRight(socket: Socket): boolean {
    const { key } = this.#options;
    if (key === undefined || !(socket instanceof TLSSocket)) return true;
    // It shows no certificate again; only who had the key of the session's first connection can go on with it.
    if (socket.isSessionReused()) return true;
    const shown = fingerprintOf(socket.getPeerX509Certificate());
    if (shown === key) return true;
    socket.destroy(new Failure('wrong-key', `shows the key ${shown} and not ${key}`));
    return false;
  }

  #openTls(): TLSSocket {
    const { address, tls } = this.#options;
    const { host, port } = address;
    const name = isIP(host) === 0 ? { servername: host } : {};
    const session = this.#session === undefined ? {} : { session: this.#session };
    const socket = openTls({ ...name, ...session, ...tls, host, port });
    socket.setNoDelay(true);
    socket.on('session', (ticket) => {
      // A session of a connection that showed the wrong key is never gone on with.
      void this.ready(socket).then(() => {
        this.#session = ticket;
      });
    });
    return socket;
  }
}

/** SHA-256 of a certificate's SubjectPublicKeyInfo in lower-case hexadecimal; `none` without one. */
export function fingerprintOf(certificate: X509Certificate | undefined): string {
  if (certificate === undefined) return 'none';
  return createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
