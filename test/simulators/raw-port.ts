/** A port of 127.0.0.1 that takes connections, and closes a side only when it is told to. */
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

export abstract class RawPort {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Connections taken so far. */
  connections = 0;

  protected constructor() {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
      this.take(socket);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts what is open. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  protected abstract take(socket: Socket): void;

  protected async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }
}
