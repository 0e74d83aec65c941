/** A TCP connection as a line to a printer: its end counts only when the system knows that all was acknowledged first. */
import { connect, type Socket } from 'node:net';
import { type Clock, sleep } from '../../../base/clock.ts';
import { Failure } from '../../../base/errors.ts';
import { Milliseconds } from '../../../base/units.ts';
import { type ConnectionEnds, closingOf, endsOf } from '../clean-close.ts';
import type { OpenLink, RawLink } from './link.ts';

/** How often the system is asked whether all is acknowledged. */
const LOOK_AGAIN = Milliseconds(20);

/** @param host a name or a literal address */
export function tcpLink(host: string, port: number, clock: Clock): OpenLink {
  return async (onData, signal) => {
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    const link = new TcpLink(socket, `${host}:${port}`, clock);
    const onAbort = () => link.close();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', onData);
    try {
      signal.throwIfAborted();
      await Promise.race([once(socket, 'connect'), link.broken]);
      link.connected();
      return link;
    } catch (error) {
      link.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };
}

class TcpLink implements RawLink {
  readonly where: string;
  readonly broken: Promise<never>;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #closed: Promise<void>;
  #ends: ConnectionEnds | undefined;
  /** Ends the asking at the end of a job. */
  #over: AbortController | undefined;
  /** True once our own end is with the system. */
  #ended = false;

  constructor(socket: Socket, where: string, clock: Clock) {
    this.where = where;
    this.#socket = socket;
    this.#clock = clock;
    this.broken = new Promise<never>((_, reject) => socket.once('error', reject));
    this.broken.catch(() => {});
    socket.on('error', () => {});
    // Before we have closed our side the printer's end is no confirmation, but the end of it.
    this.#closed = once(socket, 'end').then(() => {
      if (!this.#ended) socket.destroy(new Failure('closed-early', 'the printer closed the connection'));
    });
  }

  connected(): void {
    this.#ends = endsOf(this.#socket);
  }

  write(octets: Uint8Array): Promise<void> {
    // An error is told by `broken`.
    return new Promise<void>((resolve) => this.#socket.write(octets, (error) => !error && resolve()));
  }

  async finish(): Promise<void> {
    this.#over = new AbortController();
    this.#socket.end();
    this.#ended = true;
    await this.#closed;
    await this.#confirm();
  }

  close(): void {
    this.#over?.abort();
    this.#socket.destroy(new Failure('closed', 'the connection was let go'));
  }

  /** The printer's end may have been on its way before ours: only the system knows what was acknowledged first. */
  async #confirm(): Promise<void> {
    for (;;) {
      const closing = this.#ends === undefined ? 'broken' : await closingOf(this.#ends);
      if (closing === 'clean') return;
      if (closing === 'broken') throw new Failure('closed-early', 'the printer closed before it had it all');
      await sleep(this.#clock, LOOK_AGAIN, this.#over?.signal);
    }
  }
}

function once(socket: Socket, event: 'connect' | 'end'): Promise<void> {
  return new Promise((resolve) => socket.once(event, () => resolve()));
}
