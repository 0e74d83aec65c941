/** Connections to one printer: kept open between requests, and one opened ahead when somebody is about to print. */
import { createHash, type X509Certificate } from 'node:crypto';
import { Agent } from 'node:http';
import { isIP, connect as openTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as openTls, TLSSocket } from 'node:tls';
import { Failure } from '../../base/errors.ts';
import type { Milliseconds } from '../../base/units.ts';
import type { PrinterAddress } from './printer-uri.ts';

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
  /** For `http.request`; its sockets are encrypted where the address says so. */
  readonly agent: Agent;
  readonly #options: ConnectionsOptions;
  readonly #ready = new WeakMap<Socket, Promise<void>>();
  /** Sockets that stood idle: the printer may have closed them in the meantime. */
  readonly #stoodIdle = new WeakSet<Socket>();
  #warm: Socket | undefined;
  #session: Buffer | undefined;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.agent = new Agent({ keepAlive: true, maxSockets: options.most, timeout: options.idle });
    this.agent.createConnection = () => this.#takeWarm() ?? this.#open();
  }

  /** Opens one ahead, unless one stands idle. Failing is left to the request that would have used it. */
  warm(): void {
    const idle = Object.values(this.agent.freeSockets).some((sockets) => (sockets?.length ?? 0) > 0);
    if (idle || this.#warm !== undefined) return;
    const socket = this.#open();
    this.#warm = socket;
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      if (this.#warm === socket) this.#warm = undefined;
    });
    // The time counts from when it can be used, not from when it was asked for.
    void this.ready(socket).then(() => {
      socket.setTimeout(this.#options.idle, () => {
        if (this.#warm === socket) socket.destroy();
      });
    });
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
    for (const sockets of Object.values(this.agent.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
    this.#warm?.destroy();
    this.#warm = undefined;
  }

  /** Cuts all of them, in use or not. */
  close(): void {
    this.dropIdle();
    this.agent.destroy();
  }

  #takeWarm(): Socket | undefined {
    const socket = this.#warm;
    this.#warm = undefined;
    if (socket === undefined || socket.destroyed) return undefined;
    this.#stoodIdle.add(socket);
    return socket;
  }

  #open(): Socket {
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
