/** The connections of a listener, counted: how many there are, and how many of each address (`addressKey`). */
import type { Socket } from 'node:net';
import { addressKey } from '../networks.ts';

/** IPv4 as such, also when it came in over a dual-stack socket. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

export interface ConnectionLimits {
  /** Over all addresses of the listener. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
}

export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #sockets = new Map<string, Set<Socket>>();
  #size = 0;

  /** @param limits asked at every connection */
  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** @returns the limit that it would pass; the connection is closed then. */
  admit(socket: Socket): keyof ConnectionLimits | undefined {
    const address = addressKey(socket.remoteAddress ?? '');
    const sockets = this.#sockets.get(address) ?? new Set();
    const { connections, connectionsPerAddress } = this.#limits;
    const tooMany = sockets.size >= connectionsPerAddress;
    if (tooMany || this.#size >= connections) {
      socket.destroy();
      return tooMany ? 'connectionsPerAddress' : 'connections';
    }
    this.#sockets.set(address, sockets.add(socket));
    this.#size++;
    socket.once('close', () => {
      this.#size--;
      sockets.delete(socket);
      if (sockets.size === 0) this.#sockets.delete(address);
    });
    return undefined;
  }

  destroyAll(): void {
    for (const sockets of this.#sockets.values()) for (const socket of sockets) socket.destroy();
  }
}
