/** The requests under way on each connection: bounds pipelining, and knows whether an answer has begun to leave. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Requests that a client may send before the first is answered. No print client sends a second one. */
const MOST_AT_ONCE = 8;

export class Exchanges {
  readonly #underWay = new WeakMap<Duplex, Set<ServerResponse>>();

  /** False when the connection has as many as it may. */
  begin(connection: Duplex, response: ServerResponse): boolean {
    const responses = this.#underWay.get(connection) ?? new Set();
    if (responses.size >= MOST_AT_ONCE) return false;
    this.#underWay.set(connection, responses.add(response));
    response.once('close', () => responses.delete(response));
    return true;
  }

  /** True when the client has got a part of an answer and not all of it. */
  isAnswering(connection: Duplex): boolean {
    return [...(this.#underWay.get(connection) ?? [])].some((response) => response.headersSent);
  }
}
