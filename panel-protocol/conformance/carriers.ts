/** The three transports that carry JSON, from the panel's side. */
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { MESSAGE_BURST } from '../bounds.ts';
import type { Carrier, CarrierEvents, Connect, Message, Target } from './wire.ts';

const bearer = ({ key }: Target): Record<string, string> =>
  key === undefined ? {} : { Authorization: `Bearer ${key}` };

export const webSocket: Connect = ({ url, ca, ...target }, events) =>
  new Promise((resolve, reject) => {
    const address = new URL(`${url.pathname}/socket`, url);
    address.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address, { ca, headers: bearer({ url, ...target }) });
    socket.on('message', (data) => events.message(JSON.parse(String(data))));
    socket.on('close', () => events.closed());
    socket.on('error', reject);
    socket.on('open', () =>
      resolve({
        send: (message) => socket.send(JSON.stringify(message)),
        cut: () => socket.terminate(),
      }),
    );
  });

/** Begins with the hello: the first question would wait for it. */
export const longPoll: Connect = async (target, events) => new Poll(target, events);

class Poll implements Carrier {
  readonly #target: Target;
  readonly #events: CarrierEvents;
  readonly #abort = new AbortController();
  readonly #unsent: Message[] = [];
  #connection: string | undefined;
  #read = 0;
  #waiting: AbortController | undefined;

  constructor(target: Target, events: CarrierEvents) {
    this.#target = target;
    this.#events = events;
  }

  send(message: Message): void {
    this.#unsent.push(message);
    if (this.#connection === undefined && this.#unsent.length === 1) void this.#run();
    else if (this.#connection !== undefined) this.#waiting?.abort();
  }

  cut(): void {
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    try {
      while (!(await this.#ask())) {}
    } catch {
      // Told by the end of the connection.
    }
    this.#events.closed();
  }

  /** @returns true when it was the last */
  async #ask(): Promise<boolean> {
    const messages = this.#unsent.slice(0, MESSAGE_BURST);
    this.#waiting = new AbortController();
    const signal = AbortSignal.any([this.#abort.signal, this.#waiting.signal]);
    const asked = { connection: this.#connection, acknowledged: this.#read, messages };
    const answer = await post(this.#target, asked, signal).catch((error: unknown) => {
      if (this.#abort.signal.aborted || !signal.aborted) throw error;
      return undefined;
    });
    if (answer === undefined) return false;
    this.#unsent.splice(0, messages.length);
    this.#connection = answer.connection;
    const first = answer.last - answer.messages.length + 1;
    for (const [index, message] of answer.messages.entries()) {
      if (first + index > this.#read) this.#events.message(message);
    }
    this.#read = Math.max(this.#read, answer.last);
    return answer.over === true;
  }
}

interface PollAnswer {
  readonly connection: string;
  readonly last: number;
  readonly over?: boolean;
  readonly messages: readonly Message[];
}

function post(target: Target, body: unknown, signal: AbortSignal): Promise<PollAnswer> {
  const { url, ca } = target;
  const address = new URL(`${url.pathname}/poll`, url);
  const request = url.protocol === 'https:' ? requestTls : requestPlain;
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', ...bearer(target) };
    const sent = request(address, { method: 'POST', headers, signal, ca }, async (response) => {
      try {
        const chunks = await response.toArray();
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${text}`);
        resolve(JSON.parse(text));
      } catch (error) {
        reject(error);
      }
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

/** The suite's hello gets the key put in: here is no header for it. */
export const lines: Connect = ({ url, ca, key }, events) =>
  new Promise((resolve, reject) => {
    const address = url.hostname.replace(/^\[|\]$/g, '');
    const socket = connectTls({
      host: address,
      port: Number(url.port || 443),
      // An address is no server name (RFC 6066 §3).
      ...(isIP(address) === 0 ? { servername: address } : {}),
      ALPNProtocols: ['holdfast-panel'],
      ca,
    });
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) events.message(JSON.parse(line));
    });
    socket.on('close', () => events.closed());
    socket.on('error', reject);
    socket.on('secureConnect', () =>
      resolve({
        send: (message) => {
          const whole = message['type'] === 'hello' && key !== undefined ? { ...message, key } : message;
          socket.write(`${JSON.stringify(whole)}\n`);
        },
        cut: () => socket.destroy(),
      }),
    );
  });
