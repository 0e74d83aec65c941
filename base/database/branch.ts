/** The database as a thread beside the main one reaches it: by a port to the store worker, not through the event loop. */
import type { MessagePort } from 'node:worker_threads';
import { Failure } from '../errors.ts';
import { Calls, type DatabaseClient } from './calls.ts';
import type { FromWorker } from './messages.ts';
import type { Operation, TableClient, TableSet } from './tables.ts';

export class DatabaseBranch implements DatabaseClient {
  readonly #calls: Calls;

  /** @param port as `Database.branch` gave it, handed over to this thread */
  constructor(port: MessagePort) {
    this.#calls = new Calls((call) => port.postMessage(call));
    port.on('message', (message: FromWorker) => {
      if (message.kind === 'results') this.#calls.settle(message.results);
    });
    port.on('close', () => this.#calls.end(new Failure('database-closed', 'the database is closed')));
  }

  client<const Ops extends Readonly<Record<string, Operation>>>(tables: TableSet<Ops>): TableClient<Ops> {
    return this.#calls.client(tables);
  }
}
