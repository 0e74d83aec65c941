/** A raw-port printer that keeps what it gets, and can go wrong the way real ones do. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export interface SinkFaults {
  /** Resets the connection after so many octets. */
  readonly cutAfter?: number;
  /** Stops reading after so many octets, and stays open. */
  readonly stallAfter?: number;
  /** Never closes its side. */
  readonly neverCloses?: boolean;
  /** Closes as soon as it is called, and reads nothing. */
  readonly closesAtOnce?: boolean;
  /** Closes its own side as soon as it is called, and then reads to the end. */
  readonly halfClosesAtOnce?: boolean;
}

export class TcpSink {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #documents: Buffer[] = [];
  faults: SinkFaults;
  /** Connections taken so far. */
  connections = 0;
  /** Octets read so far, of all connections. */
  received = 0;

  private constructor(faults: SinkFaults) {
    this.faults = faults;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#take(socket));
  }

  static async start(faults: SinkFaults = {}): Promise<TcpSink> {
    const sink = new TcpSink(faults);
    await new Promise<void>((resolve) => sink.#server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** One for each connection that ended cleanly. */
  get documents(): readonly Buffer[] {
    return this.#documents;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #take(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    const { cutAfter, stallAfter, neverCloses, closesAtOnce, halfClosesAtOnce } = this.faults;
    const chunks: Buffer[] = [];
    let received = 0;
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    if (closesAtOnce) return void socket.end(() => socket.destroy());
    if (halfClosesAtOnce) socket.end();
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      received += chunk.length;
      this.received += chunk.length;
      if (cutAfter !== undefined && received >= cutAfter) socket.resetAndDestroy();
      if (stallAfter !== undefined && received >= stallAfter) socket.pause();
    });
    socket.on('end', () => {
      this.#documents.push(Buffer.concat(chunks));
      if (!neverCloses) socket.end();
    });
  }
}
