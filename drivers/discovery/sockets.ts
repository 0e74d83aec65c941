/** The sockets of multicast DNS: one an interface and family, beside those of other programs on port 5353. */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { messageOf } from '../../base/errors.ts';
import type { LocalInterface } from './interfaces.ts';
import { MDNS_PORT, type Origin } from './responder.ts';

export interface SocketsOptions {
  /** @param origin on the link of its interface. */
  onPacket(packet: Buffer, origin: Origin): void;
  /** The interfaces that are ready have changed. */
  onReady(interfaces: readonly LocalInterface[]): void;
  onTrouble(name: string, message: string): void;
}

const GROUP_IPV4 = '224.0.0.251';
const GROUP_IPV6 = 'ff02::fb';
/** RFC 6762 §11 */
const HOPS = 255;

interface Open {
  readonly key: string;
  readonly is: LocalInterface;
  readonly sockets: Map<'udp4' | 'udp6', Socket>;
}

export class Sockets {
  readonly #options: SocketsOptions;
  readonly #open = new Map<string, Open>();
  #sending = 0;
  #sent: (() => void) | undefined;

  constructor(options: SocketsOptions) {
    this.#options = options;
  }

  /** Opens what is new, closes what is gone; what failed is tried again by the next call. */
  sync(interfaces: readonly LocalInterface[]): void {
    const wanted = new Map(interfaces.map((each) => [each.name, each]));
    for (const [name, { key }] of this.#open) {
      const now = wanted.get(name);
      if (now === undefined || keyOf(now) !== key) this.#close(name);
    }
    for (const each of interfaces) {
      const open = this.#open.get(each.name) ?? { key: keyOf(each), is: each, sockets: new Map() };
      this.#open.set(each.name, open);
      if (each.ipv4 !== undefined && !open.sockets.has('udp4')) this.#listen(open, 'udp4', each.ipv4);
      if (each.ipv6 && !open.sockets.has('udp6')) this.#listen(open, 'udp6', `::%${each.name}`);
    }
    this.#options.onReady(this.#ready());
  }

  /** @param to one host, or the group when undefined. */
  send(packet: Buffer, on: string, to?: Origin): void {
    const sockets = this.#open.get(on)?.sockets ?? new Map<'udp4' | 'udp6', Socket>();
    for (const [type, socket] of sockets) {
      if (!isReady(socket)) continue;
      if (to === undefined) this.#send(socket, packet, MDNS_PORT, groupOf(type, on));
      else if (isIPv4(to.address) === (type === 'udp4')) this.#send(socket, packet, to.port, to.address);
    }
  }

  /** Resolves when what was sent has left. */
  async close(): Promise<void> {
    if (this.#sending > 0) await new Promise<void>((resolve) => (this.#sent = resolve));
    for (const name of [...this.#open.keys()]) this.#close(name);
  }

  #ready(): LocalInterface[] {
    return [...this.#open.values()]
      .filter(({ sockets }) => [...sockets.values()].some(isReady))
      .map(({ is }) => is);
  }

  #listen(open: Open, type: 'udp4' | 'udp6', membership: string): void {
    const { name } = open.is;
    // Other responders of this host have the port too.
    const socket = createSocket({ type, reuseAddr: true, ...(type === 'udp6' ? { ipv6Only: true } : {}) });
    open.sockets.set(type, socket);
    const fail = (error: unknown) => {
      if (open.sockets.get(type) === socket) open.sockets.delete(type);
      closeQuietly(socket);
      this.#options.onTrouble(name, messageOf(error));
    };
    socket.on('error', fail);
    socket.on('message', (packet, { address, port }) => {
      // The system hands every socket the packets of all interfaces.
      if (open.is.isOnLink(address)) this.#options.onPacket(packet, { interface: name, address, port });
    });
    socket.bind(MDNS_PORT, () => {
      try {
        socket.addMembership(type === 'udp4' ? GROUP_IPV4 : GROUP_IPV6, membership);
        socket.setMulticastInterface(membership);
        socket.setMulticastTTL(HOPS);
        socket.setMulticastLoopback(true);
        READY.add(socket);
        this.#options.onReady(this.#ready());
      } catch (error) {
        fail(error);
      }
    });
  }

  #send(socket: Socket, packet: Buffer, port: number, address: string): void {
    this.#sending++;
    // A network that is down for a moment hears it at the next announcement.
    socket.send(packet, port, address, () => {
      this.#sending--;
      if (this.#sending === 0) this.#sent?.();
    });
  }

  #close(name: string): void {
    const open = this.#open.get(name);
    this.#open.delete(name);
    for (const socket of open?.sockets.values() ?? []) closeQuietly(socket);
  }
}

/** Sockets that have joined their group. */
const READY = new WeakSet<Socket>();
const isReady = (socket: Socket): boolean => READY.has(socket);

const groupOf = (type: 'udp4' | 'udp6', on: string): string =>
  type === 'udp4' ? GROUP_IPV4 : `${GROUP_IPV6}%${on}`;

/** What the sockets and the answers were made with. */
const keyOf = ({ addresses, ipv4, ipv6 }: LocalInterface): string => JSON.stringify([addresses, ipv4, ipv6]);

function closeQuietly(socket: Socket): void {
  READY.delete(socket);
  try {
    socket.close();
  } catch {
    // It was closed by its own error.
  }
}
