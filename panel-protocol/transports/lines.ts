/** Lines over TLS as a transport of the panel protocol, for small terminals: each line is one message. */
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../base/clock.ts';
import { CLOSING_TIME, LINE_SILENCE, MESSAGE_SIZE, UNSENT_BYTES } from '../bounds.ts';
import type { PanelConnection, Transport } from '../connection.ts';
import type { ByeReason } from '../server-messages.ts';

/** What a client asks for in its TLS handshake (ALPN), on the port that panels' pages come from. */
export const LINE_PROTOCOL = 'holdfast-panel';

export interface PanelLinesOptions {
  readonly clock: Clock;
  /** Somebody has connected, whose `hello` has to tell the key of a panel. */
  open(address: string, transport: Transport): PanelConnection;
}

const NEWLINE = 0x0a;

export class PanelLines {
  readonly #options: PanelLinesOptions;
  readonly #connections = new Map<Socket, PanelConnection>();

  constructor(options: PanelLinesOptions) {
    this.#options = options;
  }

  /** Connections now. */
  get size(): number {
    return this.#connections.size;
  }

  /** Says goodbye to every connection; resolves when all have ended. */
  async end(reason: ByeReason): Promise<void> {
    const sockets = [...this.#connections.keys()];
    const ends = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const connection of this.#connections.values()) connection.end(reason);
    await Promise.all(ends);
  }

  /** @param socket on which a TLS handshake has ended */
  take(socket: Socket, address: string): void {
    const { clock } = this.#options;
    let silence: Timer | undefined;
    const listen = () => {
      silence?.cancel();
      silence = clock.after(LINE_SILENCE, () => socket.destroy());
    };
    const connection = this.#options.open(address, {
      send: (text) => {
        socket.write(`${text}\n`);
        if (socket.writableLength > UNSENT_BYTES) socket.destroy();
      },
      close: () => {
        socket.end();
        silence?.cancel();
        silence = clock.after(CLOSING_TIME, () => socket.destroy());
      },
    });
    this.#connections.set(socket, connection);
    const lines = new Lines();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      listen();
      if (!lines.take(chunk, (line) => connection.receive(line))) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      this.#connections.delete(socket);
      silence?.cancel();
      connection.closed();
    });
    listen();
  }
}

/** Cuts what comes into lines, however it comes. */
class Lines {
  #parts: Buffer[] = [];
  #octets = 0;

  /** @returns false when a line passes its bound */
  take(chunk: Buffer, each: (line: string) => void): boolean {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      if (this.#octets + at - from > MESSAGE_SIZE) return false;
      const line = Buffer.concat([...this.#parts, chunk.subarray(from, at)])
        .toString('utf8')
        .trim();
      this.#parts = [];
      this.#octets = 0;
      from = at + 1;
      if (line !== '') each(line);
    }
    this.#octets += chunk.length - from;
    if (this.#octets > MESSAGE_SIZE) return false;
    if (from < chunk.length) this.#parts.push(Buffer.from(chunk.subarray(from)));
    return true;
  }
}
