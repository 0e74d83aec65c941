/** The port that readers connect to which send lines over TCP: the first line is the key, each after it is a card. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock, Timer } from '../../base/clock.ts';
import { Failure, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { SparingLog } from '../../base/sparing-log.ts';
import { Seconds } from '../../base/units.ts';
import type { NetworkReader } from './network-reader.ts';
import { framed } from './protocols/framed.ts';
import { LINES } from './protocols/frames.ts';
import { mayComeFrom, type ReaderProof, type WrongKeys } from './reader-keys.ts';

export interface LineReader extends ReaderProof {
  readonly name: string;
  readonly reader: NetworkReader;
}

export interface LineServerOptions {
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** Asked at every connection. */
  readers(): readonly LineReader[];
  readonly wrongKeys: WrongKeys;
  readonly clock: Clock;
  readonly log: Log;
}

const MOST_CONNECTIONS = 256;
/** From the connection to the key. */
const KEY_TIME = Seconds(10);
/** Of one card; what came without an end is not put before the next card. */
const LINE_TIME = Seconds(5);
/** A converter that was switched off says no goodbye. */
const KEEP_ALIVE = Seconds(30);

export class LineServer {
  readonly #options: LineServerOptions;
  readonly #log: SparingLog;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  /** The one that speaks for a reader; a newer one takes its place. */
  readonly #speaking = new Map<string, Socket>();
  readonly #protocol = framed(LINES);

  private constructor(options: LineServerOptions) {
    this.#options = options;
    this.#log = new SparingLog(options.log, options.clock);
  }

  /** @throws Failure `reader-port` when it cannot listen */
  static async open(options: LineServerOptions): Promise<LineServer> {
    const lines = new LineServer(options);
    try {
      for (const { host, port } of options.addresses) {
        const server = createServer((socket) => lines.#take(socket));
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject);
          server.listen({ host, port, ipv6Only: host.includes(':') }, resolve);
        });
        lines.#servers.push(server);
      }
    } catch (error) {
      await lines.close();
      throw new Failure('reader-port', `the port for readers cannot be opened: ${messageOf(error)}`, {
        advice: 'Change gateway.reader-lines.listen, or stop the program that has the port',
        cause: error,
      });
    }
    return lines;
  }

  get ports(): number[] {
    return this.#servers.map((server) => {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    });
  }

  /** Cuts who may no longer speak for a reader. */
  cut(name: string): void {
    const socket = this.#speaking.get(name);
    this.#speaking.delete(name);
    socket?.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  #take(socket: Socket): void {
    const { clock, wrongKeys } = this.#options;
    const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    socket.on('error', () => socket.destroy());
    const candidates = this.#options.readers().filter((each) => mayComeFrom(each, address));
    if (this.#sockets.size >= MOST_CONNECTIONS || candidates.length === 0 || wrongKeys.tooMany(address)) {
      this.#log.warn('reader was refused', {
        address,
        reason: candidates.length === 0 ? 'address' : 'too many',
      });
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.setKeepAlive(true, KEEP_ALIVE);
    let bound: LineReader | undefined;
    const bind = (to: LineReader) => {
      bound = to;
      late.cancel();
      this.#speaking.get(to.name)?.destroy();
      this.#speaking.set(to.name, socket);
      to.reader.status = { state: 'ready' };
      this.#options.log.info('network reader connected', { reader: to.name, address });
    };
    const late = clock.after(KEY_TIME, () => socket.destroy());
    const byAddress = candidates.find(({ key }) => key === undefined);
    // An address has nothing more to show; a key that it sends all the same is no card.
    if (byAddress !== undefined && candidates.length === 1) bind(byAddress);
    let { state } = this.#protocol.start();
    let half: Timer | undefined;
    socket.on('data', (octets: Buffer) => {
      half?.cancel();
      const step = this.#protocol.take(state, octets);
      ({ state } = step);
      bound?.reader.drop(step.dropped ?? 0);
      if (step.wait !== undefined) {
        half = clock.after(LINE_TIME, () => {
          const quiet = this.#protocol.quiet(state);
          ({ state } = quiet);
          bound?.reader.drop(quiet.dropped ?? 0);
        });
      }
      for (const swipe of step.swipes ?? []) {
        if (bound !== undefined) {
          void bound.reader.deliver(swipe);
          continue;
        }
        const text = swipe.kind === 'text' ? swipe.text : '';
        const keyed = candidates.find(({ key }) => key?.fits(text));
        if (keyed !== undefined) bind(keyed);
        else if (byAddress !== undefined) {
          bind(byAddress);
          void byAddress.reader.deliver(swipe);
        } else {
          wrongKeys.add(address);
          this.#log.warn('reader was refused', { address, reason: 'key' });
          socket.destroy();
          return;
        }
      }
    });
    socket.on('close', () => {
      late.cancel();
      half?.cancel();
      this.#sockets.delete(socket);
      if (bound === undefined || this.#speaking.get(bound.name) !== socket) return;
      this.#speaking.delete(bound.name);
      bound.reader.status = NOT_CONNECTED;
      this.#options.log.warn('network reader disconnected', { reader: bound.name });
    });
  }
}

/** Of a reader that has not connected, or no more. */
export const NOT_CONNECTED = {
  state: 'away',
  reason: 'not-plugged-in',
  detail: 'it is not connected',
} as const;
