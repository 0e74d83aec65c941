/** XHR long-polling as a transport of the panel protocol: each POST brings messages, and waits for some. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock, Timer } from '../../base/clock.ts';
import { readBody } from '../../base/http/read-body.ts';
import { refuse } from '../../base/http/refusal.ts';
import { send } from '../../base/http/responses.ts';
import type { Exchange, RequestExchange } from '../../base/http/routes.ts';
import {
  LARGEST_ID,
  MESSAGE_BURST,
  POLL_CONNECTIONS,
  POLL_GAP,
  POLL_SIZE,
  POLL_WAIT,
  UNSENT_BYTES,
} from '../bounds.ts';
import type { PanelConnection, Transport } from '../connection.ts';
import type { ByeReason } from '../server-messages.ts';

export interface PanelPollsOptions {
  readonly clock: Clock;
  /** A panel has connected. */
  open(exchange: Exchange, transport: Transport): PanelConnection;
  /** It named a connection that is another's, or nobody's, or was its own and has ended. */
  onForged(exchange: Exchange): void;
  /** What had come before was passed over: an answer was lost on the way, or somebody replays. */
  onRepeated(exchange: Exchange): void;
}

/** What one POST says. */
const pollSchema = z.strictObject({
  /** Of the answer to the first; absent in the first. */
  connection: z.string().max(64).exactOptional(),
  /** `last` of the latest answer that came. */
  acknowledged: z.int().min(0).max(LARGEST_ID).default(0),
  messages: z.array(z.looseObject({})).max(MESSAGE_BURST).default([]),
});

export class PanelPolls {
  readonly #options: PanelPollsOptions;
  readonly #connections = new Map<string, PolledConnection>();

  constructor(options: PanelPollsOptions) {
    this.#options = options;
  }

  /** Connections now. */
  get size(): number {
    return this.#connections.size;
  }

  /**
   * Answers `{connection, last, messages}`, with `over` after the last. Without news the answer waits; the next POST of
   * the same connection, or news, ends the waiting. 410: there is no such connection, or no more.
   */
  async poll(exchange: RequestExchange): Promise<void> {
    const { request, response } = exchange;
    const wrong = (status: number, text: string) => refuse(request, response, status, text);
    // A form of another site cannot say this of itself.
    if (!isJson(request.headers['content-type'])) return wrong(415, 'application/json only');
    exchange.proceed();
    const body = await readBody(request, POLL_SIZE);
    if (!body.ok) return wrong(body.status, 'no whole body within its bounds');
    const asked = parsed(body.text);
    if (asked === undefined) return wrong(400, 'not {connection, acknowledged, messages}');
    const connection =
      asked.connection === undefined ? this.#open(exchange) : this.#find(exchange, asked.connection);
    if (connection === 'full') return wrong(503, 'too many connections of this panel');
    if (connection === undefined) {
      this.#options.onForged(exchange);
      return wrong(410, 'no such connection');
    }
    if (connection.take(asked.messages, asked.acknowledged)) this.#options.onRepeated(exchange);
    const gone = new Promise<void>((resolve) => response.once('close', resolve));
    const answer = await connection.news(gone);
    if (response.destroyed) connection.lost();
    else send(response, 200, 'application/json', answer);
  }

  /** Says goodbye to every connection; resolves when those that wait have their answer. */
  end(reason: ByeReason): void {
    for (const connection of [...this.#connections.values()]) connection.protocol.end(reason);
  }

  #find(exchange: Exchange, id: string): PolledConnection | undefined {
    const connection = this.#connections.get(id);
    return connection?.isOf(exchange) ? connection : undefined;
  }

  #open(exchange: Exchange): PolledConnection | 'full' {
    const others = [...this.#connections.values()].filter((each) => each.panel === panelOf(exchange));
    if (others.length >= POLL_CONNECTIONS) {
      // A page that was loaded again and again has left some behind.
      const left = others.find((each) => each.isLeft);
      if (left === undefined) return 'full';
      left.end();
    }
    const connection = new PolledConnection(exchange, this.#options, () =>
      this.#connections.delete(connection.id),
    );
    this.#connections.set(connection.id, connection);
    return connection;
  }
}

class PolledConnection {
  readonly id = randomBytes(16).toString('base64url');
  readonly panel: string;
  readonly #address: string;
  readonly protocol: PanelConnection;
  readonly #clock: Clock;
  readonly #forget: () => void;
  /** Sent, and not acknowledged; the first has the number after `#acknowledged`. */
  #unread: string[] = [];
  #octets = 0;
  #acknowledged = 0;
  /** Up to where answers have gone out. */
  #told = 0;
  /** The greatest id of a message that was taken. */
  #taken = 0;
  #over = false;
  /** Counts POSTs. */
  #asked = 0;
  #wake: () => void = () => {};
  #gap: Timer | undefined;

  constructor(exchange: Exchange, { clock, open }: PanelPollsOptions, forget: () => void) {
    this.panel = panelOf(exchange);
    this.#address = exchange.address;
    this.#clock = clock;
    this.#forget = forget;
    this.protocol = open(exchange, {
      send: (text) => this.#send(text),
      close: () => this.#close(),
    });
  }

  /** A connection stays with the panel and the address that opened it: its name alone opens nothing. */
  isOf(exchange: Exchange): boolean {
    return exchange.address === this.#address && panelOf(exchange) === this.panel;
  }

  /**
   * Messages that came before are passed over: the answer to them was lost, and is repeated. What is out of order within
   * one question was never asked before, and is refused like everywhere.
   * @returns whether anything was passed over
   */
  take(messages: readonly Readonly<Record<string, unknown>>[], acknowledged: number): boolean {
    this.#gap?.cancel();
    this.#gap = undefined;
    const last = this.#acknowledged + this.#unread.length;
    const read = Math.min(acknowledged, last) - this.#acknowledged;
    if (read > 0) {
      for (const text of this.#unread.splice(0, read)) this.#octets -= text.length;
      this.#acknowledged += read;
    }
    // What was told and not acknowledged is told again.
    this.#told = this.#acknowledged;
    const before = this.#taken;
    let repeated = false;
    for (const message of messages) {
      const id = message['id'];
      if (typeof id === 'number' && id <= before) {
        repeated = true;
        continue;
      }
      if (typeof id === 'number') this.#taken = Math.max(this.#taken, id);
      this.protocol.receive(JSON.stringify(message));
    }
    return repeated;
  }

  /**
   * The body of the answer: at once when there is something to tell, else when there is. Asked again while an answer
   * waits, that one tells nothing: it has been given up, or stands in the way of this.
   */
  async news(gone: Promise<void>): Promise<string> {
    const asked = ++this.#asked;
    this.#wake();
    if (this.#last === this.#told && !this.#over) {
      const news = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const late = Promise.withResolvers<void>();
      const timer = this.#clock.after(POLL_WAIT, late.resolve);
      await Promise.race([news, late.promise, gone]);
      timer.cancel();
    }
    if (asked !== this.#asked)
      return `{"connection":"${this.id}","last":${this.#acknowledged},"messages":[]}`;
    const from = this.#told - this.#acknowledged;
    this.#told = this.#last;
    this.#awaitNext();
    const over = this.#over ? ',"over":true' : '';
    return `{"connection":"${this.id}","last":${this.#last}${over},"messages":[${this.#unread.slice(from).join(',')}]}`;
  }

  /** The answer did not reach anybody; the next asks for it again. */
  lost(): void {
    this.#told = this.#acknowledged;
  }

  get #last(): number {
    return this.#acknowledged + this.#unread.length;
  }

  #send(text: string): void {
    this.#unread.push(text);
    this.#octets += text.length;
    if (this.#octets > UNSENT_BYTES) {
      this.protocol.closed();
      this.#close();
    }
    this.#wake();
  }

  #close(): void {
    this.#over = true;
    this.#awaitNext();
    this.#wake();
  }

  /** Nobody is asking now. */
  get isLeft(): boolean {
    return this.#gap !== undefined;
  }

  end(): void {
    this.#gap?.cancel();
    this.#forget();
    this.protocol.closed();
  }

  /** Who asks no more is gone. */
  #awaitNext(): void {
    this.#gap?.cancel();
    this.#gap = this.#clock.after(POLL_GAP, () => this.end());
  }
}

/** As it is named in the address: by its name, or by its secret path. */
const panelOf = ({ parameters }: Exchange): string =>
  JSON.stringify([parameters['panel'], parameters['secret']]);

function isJson(type: string | undefined): boolean {
  return type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}

function parsed(text: string): z.output<typeof pollSchema> | undefined {
  try {
    return pollSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
