/** A server that does on each connection what the test says: for printers that no real server would be. */
import { createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';
import { encodeMessage } from '../../../ipp/codec/encode.ts';
import { answer } from '../../../ipp/vocabulary/messages.ts';
import { Status } from '../../../ipp/vocabulary/status.ts';

export interface ReceivedRequest {
  /** Request line and headers. */
  readonly head: string;
  /** Whole and unchunked; empty when it was not read. */
  readonly body: Buffer;
}

const ANSWER = encodeMessage(answer({ version: { major: 1, minor: 1 }, requestId: 1 }, Status.successfulOk));

/** An IPP answer as HTTP; `more` are headers with their line ends. */
export function okOctets(more = '', octets: Buffer = ANSWER): Buffer {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: ${octets.length}\r\n${more}\r\n`;
  return Buffer.concat([Buffer.from(head), octets]);
}

export class PrinterConnection {
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  readonly #closed: Promise<void>;
  #ended = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('error', () => {});
    this.#closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#ended = true;
        this.#wake();
        resolve();
      });
    });
  }

  /** The next request's head. @throws Error when the client closes before */
  async head(): Promise<string> {
    await this.#until(() => this.#received.includes('\r\n\r\n'));
    const end = this.#received.indexOf('\r\n\r\n') + 4;
    const head = this.#received.toString('latin1', 0, end);
    this.#received = this.#received.subarray(end);
    return head;
  }

  /** The next request with its body. */
  async request(): Promise<ReceivedRequest> {
    const head = await this.head();
    return { head, body: await this.body(head) };
  }

  async body(head: string): Promise<Buffer> {
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    if (length !== undefined) return this.#take(Number(length));
    const chunks: Buffer[] = [];
    for (;;) {
      await this.#until(() => this.#received.includes('\r\n'));
      const end = this.#received.indexOf('\r\n');
      const size = Number.parseInt(this.#received.toString('latin1', 0, end), 16);
      await this.#take(end + 2);
      chunks.push((await this.#take(size + 2)).subarray(0, size));
      if (size === 0) return Buffer.concat(chunks);
    }
  }

  write(octets: string | Uint8Array): void {
    this.socket.write(octets);
  }

  /** Resolves when the client has closed, or we have. */
  closed(): Promise<void> {
    return this.#closed;
  }

  /** Closes with a reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  async #take(octets: number): Promise<Buffer> {
    await this.#until(() => this.#received.length >= octets);
    const taken = this.#received.subarray(0, octets);
    this.#received = this.#received.subarray(octets);
    return taken;
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#ended) throw new Error('the client closed the connection');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

export interface RawPrinter {
  readonly port: number;
  /** `http://127.0.0.1:PORT/ipp/print` */
  readonly uri: string;
  /** How many connections came. */
  readonly connections: () => number;
}

/** @param serve is called for each connection, with its number from 1; what it rejects with is ignored */
export async function startRawPrinter(
  t: ExecutionContext,
  serve: (connection: PrinterConnection, number: number) => Promise<void>,
): Promise<RawPrinter> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(new PrinterConnection(socket), ++connections).catch(() => {});
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    uri: `http://127.0.0.1:${address.port}/ipp/print`,
    connections: () => connections,
  };
}
