/** The connections of a listener, counted: how many there are, and how many of each address. */
import type { Socket } from 'node:net';

/** IPv4 as such, also when it came in over a dual-stack socket. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

export class Connections {
  readonly #perAddress: number;
  readonly #sockets = new Map<string, Set<Socket>>();
  #size = 0;

  /** @param perAddress the most of one address, ≥ 1 */
  constructor(perAddress: number) {
    this.#perAddress = perAddress;
  }

  get size(): number {
    return this.#size;
  }

  /** False when its address has as many as it may; the connection is closed then. */
  admit(socket: Socket): boolean {
    const address = plainAddress(socket.remoteAddress ?? '');
    const sockets = this.#sockets.get(address) ?? new Set();
    if (sockets.size >= this.#perAddress) {
      socket.destroy();
      return false;
    }
    this.#sockets.set(address, sockets.add(socket));
    this.#size++;
    socket.once('close', () => {
      this.#size--;
      sockets.delete(socket);
      if (sockets.size === 0) this.#sockets.delete(address);
    });
    return true;
  }

  destroyAll(): void {
    for (const sockets of this.#sockets.values()) for (const socket of sockets) socket.destroy();
  }
}
