/** WebSocket as a transport of the panel protocol: one text frame, one message. */
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock, Timer } from '../../base/clock.ts';
import type { UpgradeExchange } from '../../base/http/routes.ts';
import { CLOSING_TIME, MESSAGE_SIZE, PING_INTERVAL, UNSENT_BYTES } from '../bounds.ts';
import type { PanelConnection, Transport } from '../connection.ts';
import type { ByeReason } from '../server-messages.ts';

/** RFC 6455 §7.4.1 */
const CLOSE_CODES = {
  'taken-over': 1000,
  reload: 1001,
  shutdown: 1001,
  'too-many-readers': 1008,
  'too-fast': 1008,
  'hello-late': 1008,
  'version-unsupported': 1008,
  'not-enrolled': 1008,
} as const satisfies Record<ByeReason, number>;
const UNSUPPORTED_DATA = 1003;

export interface PanelSocketsOptions {
  readonly clock: Clock;
  /** A panel has connected. */
  open(exchange: UpgradeExchange, transport: Transport): PanelConnection;
}

export class PanelSockets {
  readonly #options: PanelSocketsOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols: () => false,
    maxPayload: MESSAGE_SIZE,
    // A message fits in one frame; a peer that cuts it small only costs us memory.
    maxFragments: 16,
    maxBufferedChunks: 1024,
  });
  readonly #connections = new Map<WebSocket, PanelConnection>();

  constructor(options: PanelSocketsOptions) {
    this.#options = options;
  }

  /** Connections now. */
  get size(): number {
    return this.#connections.size;
  }

  upgrade(exchange: UpgradeExchange): void {
    this.#server.handleUpgrade(exchange.request, exchange.socket, exchange.head, (socket) => {
      this.#opened(socket, exchange);
    });
  }

  /** Says goodbye to every connection; resolves when all have ended. */
  async end(reason: ByeReason): Promise<void> {
    const ends = [...this.#connections.keys()].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    );
    for (const connection of this.#connections.values()) connection.end(reason);
    await Promise.all(ends);
  }

  #opened(socket: WebSocket, exchange: UpgradeExchange): void {
    const { clock } = this.#options;
    let closing: Timer | undefined;
    const close = (code: number, reason: string) => {
      socket.close(code, reason);
      closing = clock.after(CLOSING_TIME, () => socket.terminate());
    };
    let gathering = false;
    /**
     * What one step tells goes out together: a list comes with the session that it belongs to, and is drawn with it. Printers
     * are called in the same turn of the loop, before it.
     */
    const inOnePiece = () => {
      if (gathering) return;
      gathering = true;
      exchange.socket.cork();
      setImmediate(() => {
        gathering = false;
        exchange.socket.uncork();
      });
    };
    const connection = this.#options.open(exchange, {
      send: (text) => {
        inOnePiece();
        socket.send(text);
        if (socket.bufferedAmount > UNSENT_BYTES) socket.terminate();
      },
      close: (reason) => close(CLOSE_CODES[reason], reason),
    });
    const pings = new Pings(socket, clock);
    this.#connections.set(socket, connection);
    socket.on('message', (data, isBinary) => {
      if (!isBinary) return connection.receive(String(data));
      connection.closed();
      close(UNSUPPORTED_DATA, 'text only');
    });
    // `ws` answers what is not WebSocket with the close code that fits, and closes.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#connections.delete(socket);
      closing?.cancel();
      pings.stop();
      connection.closed();
    });
  }
}

/** Finds out that the other end is gone although nothing was said. */
class Pings {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  #answered = true;
  #timer: Timer;

  constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.on('pong', () => {
      this.#answered = true;
    });
    this.#timer = this.#next();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #next(): Timer {
    return this.#clock.after(PING_INTERVAL, () => {
      if (!this.#answered) return this.#socket.terminate();
      this.#answered = false;
      this.#socket.ping();
      this.#timer = this.#next();
    });
  }
}
