/** Calls that are on their way to the store worker through one port, and the clients that make them. */
import { Failure } from '../errors.ts';
import type { Call, CallResult } from './messages.ts';
import type { Operation, TableClient, TableSet } from './tables.ts';

/** More calls than this waiting means that the disk has stopped; a further one is refused, not queued. */
const MOST_PENDING = 10_000;

type Operations = Readonly<Record<string, Operation>>;

/** Whoever reaches the database: the main thread, or another one by a port of its own. */
export interface DatabaseClient {
  /** The operations of a room, each a function that resolves once its effect is on disk. */
  client<const Ops extends Operations>(tables: TableSet<Ops>): TableClient<Ops>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class Calls implements DatabaseClient {
  readonly #send: (call: Call) => void;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: Failure | undefined;

  constructor(send: (call: Call) => void) {
    this.#send = send;
  }

  client<const Ops extends Operations>(tables: TableSet<Ops>): TableClient<Ops> {
    const entries = Object.keys(tables.operations).map((name) => [
      name,
      (argument: unknown) => this.#call(tables.room, name, argument),
    ]);
    return Object.fromEntries(entries) as TableClient<Ops>;
  }

  settle(results: readonly CallResult[]): void {
    for (const result of results) {
      const pending = this.#pending.get(result.id);
      this.#pending.delete(result.id);
      if ('code' in result) pending?.reject(new Failure(result.code, result.message));
      else pending?.resolve(result.value);
    }
  }

  /** Fails what waits, and every call from now on. False when it has ended before. */
  end(failure: Failure): boolean {
    if (this.#ended !== undefined) return false;
    this.#ended = failure;
    for (const each of this.#pending.values()) each.reject(failure);
    this.#pending.clear();
    return true;
  }

  #call(room: string, operation: string, argument: unknown): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#pending.size >= MOST_PENDING) {
      return Promise.reject(new Failure('database-busy', 'too many writes are waiting for the disk'));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ id, room, operation, argument });
    });
  }
}
