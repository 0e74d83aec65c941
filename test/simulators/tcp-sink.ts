/** A raw-port printer that keeps what it gets, and can go wrong the way real ones do. */
import type { Socket } from 'node:net';
import { RawPort } from './raw-port.ts';

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

export class TcpSink extends RawPort {
  readonly #documents: Buffer[] = [];
  faults: SinkFaults;
  /** Octets read so far, of all connections. */
  received = 0;

  private constructor(faults: SinkFaults) {
    super();
    this.faults = faults;
  }

  static async start(faults: SinkFaults = {}): Promise<TcpSink> {
    const sink = new TcpSink(faults);
    await sink.listen();
    return sink;
  }

  /** One for each connection that ended cleanly. */
  get documents(): readonly Buffer[] {
    return this.#documents;
  }

  protected take(socket: Socket): void {
    const { cutAfter, stallAfter, neverCloses, closesAtOnce, halfClosesAtOnce } = this.faults;
    const chunks: Buffer[] = [];
    let received = 0;
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
