/** The connections of a listener, counted: how many there are, of each address, and of each IPv6 network. */
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

/** Of all connections, for one IPv6 network: a whole site, or one computer that takes a new address each time. */
const NETWORK_SHARE = 0.5;

export class Connections {
  readonly #limits: ConnectionLimits;
  /** By address, and by the network of an IPv6 address. */
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
    const address = plainAddress(socket.remoteAddress ?? '');
    const passed = this.#limitPassed(address);
    if (passed !== undefined) {
      socket.destroy();
      return passed;
    }
    const keys = [...new Set([address, addressKey(address)])];
    for (const key of keys) this.#sockets.set(key, (this.#sockets.get(key) ?? new Set()).add(socket));
    this.#size++;
    socket.once('close', () => {
      this.#size--;
      for (const key of keys) {
        const sockets = this.#sockets.get(key);
        sockets?.delete(socket);
        if (sockets?.size === 0) this.#sockets.delete(key);
      }
    });
    return undefined;
  }

  #limitPassed(address: string): keyof ConnectionLimits | undefined {
    const { connections, connectionsPerAddress } = this.#limits;
    const of = (key: string) => this.#sockets.get(key)?.size ?? 0;
    if (of(address) >= connectionsPerAddress) return 'connectionsPerAddress';
    const network = addressKey(address);
    const isFull = network !== address && of(network) >= connections * NETWORK_SHARE;
    return isFull || this.#size >= connections ? 'connections' : undefined;
  }

  destroyAll(): void {
    for (const sockets of this.#sockets.values()) for (const socket of sockets) socket.destroy();
  }
}
