/** One panel's connection, whatever carries it: texts in, texts out, and all that is checked before a session hears. */
import type { Clock, Timer } from '../base/clock.ts';
import { HELLO_TIME, MESSAGE_BURST, MESSAGE_RATE } from './bounds.ts';
import {
  type ClientMessage,
  type Hello,
  readClientMessage,
  type SessionMessage,
  VERSIONS,
} from './client-messages.ts';
import type { ByeReason, ErrorCode, ServerMessage } from './server-messages.ts';
import type { PanelPeer } from './session/client.ts';

/** What carries the messages. */
export interface Transport {
  send(text: string): void;
  /** After the last message; `reason` is in that one too. */
  close(reason: ByeReason): void;
}

/** A connection's place at its panel. */
export interface Seat {
  ask(message: SessionMessage): void;
  leave(): void;
}

export interface ConnectionOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** At a good `hello`: its place at its panel, taken when that was answered. Undefined: it is no panel. */
  place(hello: Hello): ((peer: PanelPeer) => Seat) | undefined;
  /** A message was refused, or the connection was. */
  onRefused(reason: ErrorCode | ByeReason): void;
}

export class PanelConnection {
  readonly #options: ConnectionOptions;
  readonly #helloTimer: Timer;
  #seat: Seat | undefined;
  #lastId = 0;
  #over = false;
  /** Messages that may come at once, refilled by time. */
  #budget = MESSAGE_BURST;
  #budgetAt: number;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#budgetAt = options.clock.monotonic();
    this.#helloTimer = options.clock.after(HELLO_TIME, () => this.end('hello-late'));
  }

  receive(text: string): void {
    if (this.#over) return;
    if (!this.#withinBudget()) return this.end('too-fast');
    const reading = readClientMessage(text);
    if (!reading.ok) return this.#refuse(reading.id, 'bad-message', reading.field);
    const { message } = reading;
    if (message.id <= this.#lastId) return this.#refuse(message.id, 'id-repeated');
    this.#lastId = message.id;
    this.#handle(message);
  }

  /** The transport has ended. */
  closed(): void {
    this.#over = true;
    this.#helloTimer.cancel();
    this.#seat?.leave();
    this.#seat = undefined;
  }

  #handle(message: ClientMessage): void {
    if (message.type === 'hello') return this.#hello(message);
    if (this.#seat === undefined) return this.#refuse(message.id, 'hello-first');
    if (message.type === 'ping') return this.#send({ type: 'ok', re: message.id });
    this.#seat.ask(message);
  }

  #hello(hello: Hello): void {
    if (this.#seat !== undefined) return this.#refuse(hello.id, 'not-now');
    if (!VERSIONS.some((version) => hello.versions.includes(version))) {
      return this.#turnAway(hello.id, 'version-unsupported');
    }
    const join = this.#options.place(hello);
    if (join === undefined) return this.#turnAway(hello.id, 'not-enrolled');
    this.#helloTimer.cancel();
    this.#send({ type: 'ok', re: hello.id });
    const seat = join({
      send: (message) => this.#send(message),
      dismiss: (reason) => this.end(reason),
    });
    // One that was dismissed at once has left before it had its place.
    if (this.#over) seat.leave();
    else this.#seat = seat;
  }

  #turnAway(id: number, code: 'version-unsupported' | 'not-enrolled'): void {
    this.#refuse(id, code);
    this.end(code);
  }

  #send(message: ServerMessage): void {
    if (this.#over) return;
    if (message.type === 'error') this.#options.onRefused(message.code);
    this.#options.transport.send(JSON.stringify(message));
  }

  #refuse(re: number | null, code: ErrorCode, field?: string): void {
    this.#send({ type: 'error', re, code, ...(field === undefined ? {} : { field }) });
  }

  /** Says goodbye and closes. */
  end(reason: ByeReason): void {
    if (this.#over) return;
    this.#send({ type: 'bye', reason });
    this.#options.onRefused(reason);
    this.#options.transport.close(reason);
    this.closed();
  }

  #withinBudget(): boolean {
    const now = this.#options.clock.monotonic();
    this.#budget = Math.min(MESSAGE_BURST, this.#budget + ((now - this.#budgetAt) / 1000) * MESSAGE_RATE);
    this.#budgetAt = now;
    if (this.#budget < 1) return false;
    this.#budget--;
    return true;
  }
}
