/** The terminal's side of lines over TLS: connects, says hello, pings, and connects again when it was cut. */
import { connect, type TLSSocket } from 'node:tls';
import type { Clock, Timer } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Milliseconds, Seconds } from '../../base/units.ts';
import type { Role } from '../../panel-protocol/client-messages.ts';
import type { ServerMessage } from '../../panel-protocol/server-messages.ts';
import { LINE_PROTOCOL } from '../../panel-protocol/transports/lines.ts';
import type { TerminalIdentity } from './identity-file.ts';
import { checkGateway, type Trust, tlsOptions } from './trust.ts';

export interface LineConnectionOptions {
  readonly identity: TerminalIdentity;
  readonly trust: Trust;
  readonly role: Role;
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined: the connection was lost. */
  hear(message: ServerMessage | undefined): void;
}

const PING_EVERY = Seconds(20);
/** Without a line, an answer to a ping among them. */
const SILENCE = Seconds(45);
const FIRST_WAIT = Seconds(1);
const LONGEST_WAIT = Seconds(30);
/** UTF-16 units; the gateway sends nothing longer. */
const LONGEST_LINE = 1024 * 1024;

export class LineConnection {
  readonly #options: LineConnectionOptions;
  /** Connected or about to be. */
  #current: TLSSocket | undefined;
  /** The same, once its gateway is known for what it is. */
  #socket: TLSSocket | undefined;
  #id = 0;
  #rest = '';
  #wait: number = FIRST_WAIT;
  #next: Timer | undefined;
  #pings: Timer | undefined;
  #silence: Timer | undefined;
  /** Another screen is the panel now: this one comes back only when somebody asks for it here. */
  #takenOver = false;
  #closed = false;

  constructor(options: LineConnectionOptions) {
    this.#options = options;
    this.#connect();
  }

  /** @returns the message's id; undefined: there is no connection now */
  send(message: Readonly<Record<string, unknown>>): number | undefined {
    if (this.#socket === undefined) return undefined;
    this.#socket.write(`${JSON.stringify({ id: ++this.#id, ...message })}\n`);
    return this.#id;
  }

  /** Takes the panel back from the screen that took it over. */
  comeBack(): void {
    if (!this.#takenOver || this.#current !== undefined || this.#closed) return;
    this.#takenOver = false;
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#next?.cancel();
    this.#pings?.cancel();
    this.#silence?.cancel();
    this.#current?.destroy();
  }

  #connect(): void {
    const { identity, trust, role, log } = this.#options;
    const { hostname, port } = new URL(identity.gateway);
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 443),
      ALPNProtocols: [LINE_PROTOCOL],
      ...(/^[\d.]+$|:/.test(hostname) ? {} : { servername: hostname }),
      ...tlsOptions(trust),
    });
    this.#current = socket;
    socket.setEncoding('utf8');
    socket.setNoDelay(true);
    this.#listen(socket);
    socket.on('secureConnect', () => {
      try {
        checkGateway(socket, trust);
      } catch (error) {
        socket.destroy(error as Error);
        return;
      }
      this.#socket = socket;
      this.#id = 0;
      this.#rest = '';
      this.send({ type: 'hello', versions: [1], client: 'holdfast-terminal', role, key: identity.key });
      this.#pingLater();
    });
    socket.on('data', (text: string) => this.#take(socket, text));
    socket.on('error', (error) => log.warn('no connection to the gateway', { error: messageOf(error) }));
    socket.on('close', () => {
      this.#silence?.cancel();
      this.#pings?.cancel();
      const wasThere = this.#socket === socket;
      this.#socket = undefined;
      this.#current = undefined;
      if (wasThere) this.#options.hear(undefined);
      if (!this.#takenOver) this.#again();
    });
  }

  #take(socket: TLSSocket, text: string): void {
    this.#listen(socket);
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LONGEST_LINE) socket.destroy();
    for (const line of lines) {
      let message: ServerMessage;
      try {
        message = JSON.parse(line);
      } catch {
        socket.destroy(new Error('the gateway sent what is no message'));
        return;
      }
      if (message.type === 'welcome') this.#wait = FIRST_WAIT;
      if (message.type === 'bye') this.#takenOver = message.reason === 'taken-over';
      this.#options.hear(message);
    }
  }

  #pingLater(): void {
    this.#pings = this.#options.clock.after(PING_EVERY, () => {
      this.send({ type: 'ping' });
      this.#pingLater();
    });
  }

  #again(): void {
    if (this.#closed) return;
    // Forty terminals whose gateway was started anew do not come at once.
    const wait = this.#wait * (0.5 + Math.random() / 2);
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    this.#next = this.#options.clock.after(Milliseconds(wait), () => this.#connect());
  }

  #listen(socket: TLSSocket): void {
    this.#silence?.cancel();
    this.#silence = this.#options.clock.after(SILENCE, () => socket.destroy());
  }
}
