/** The embedded database as its users see it: typed operations that resolve when they are on disk. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { Failure } from '../errors.ts';
import { Calls, type DatabaseClient } from './calls.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import type { Operation, TableClient, TableSet } from './tables.ts';

type Operations = Readonly<Record<string, Operation>>;

export interface DatabaseOptions {
  /** Made when missing. Holds `holdfast.db` and `lock`. */
  readonly folder: string;
  readonly tables: readonly TableSet<Operations>[];
}

export class Database implements DatabaseClient {
  readonly #worker: Worker;
  readonly #calls: Calls;
  #ended = false;
  /** True when this start made the database. */
  readonly created: boolean;
  /** Rejects when the worker dies by itself; the gateway cannot go on without it. */
  readonly died: Promise<never>;

  private constructor(worker: Worker, created: boolean) {
    this.#worker = worker;
    this.#calls = new Calls((call) => worker.postMessage(call satisfies ToWorker));
    this.created = created;
    const { promise, reject } = Promise.withResolvers<never>();
    this.died = promise;
    promise.catch(() => {});
    const end = (failure: Failure) => {
      this.#ended = true;
      if (this.#calls.end(failure)) reject(failure);
    };
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'results') this.#calls.settle(message.results);
    });
    worker.on('error', (cause) =>
      end(new Failure('database-died', 'the store worker ended by an error', { cause })),
    );
    worker.on('exit', () => end(new Failure('database-closed', 'the database is closed')));
  }

  /**
   * Opens the database in its worker and brings the tables up to date.
   * @throws Failure `state-directory-in-use`, `database-too-new`, `database-error`
   */
  static async open(options: DatabaseOptions): Promise<Database> {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    const start: WorkerStart = {
      file: join(options.folder, 'holdfast.db'),
      lock: join(options.folder, 'lock'),
      modules: options.tables.map((set) => set.module),
    };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: start, name: 'store' });
    const first = await new Promise<FromWorker>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    if (first.kind === 'opened') return new Database(worker, first.created);
    await worker.terminate();
    if (first.kind === 'refused') {
      throw new Failure(
        first.code,
        first.message,
        first.advice === undefined ? {} : { advice: first.advice },
      );
    }
    throw new Failure('database-error', 'the store worker did not start');
  }

  /** The operations of a room, each a function that resolves once its effect is on disk. */
  client<const Ops extends Operations>(tables: TableSet<Ops>): TableClient<Ops> {
    return this.#calls.client(tables);
  }

  /**
   * A port to the store worker for another thread, which makes a `DatabaseBranch` of it. What is asked there and here is
   * done in the order in which it comes; who waits for an answer before asking elsewhere keeps an order.
   */
  branch(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ branch: port1 } satisfies ToWorker, [port1]);
    return port2;
  }

  /** Finishes what was asked before, writes the log back, and lets go of the state directory. */
  async close(): Promise<void> {
    if (this.#ended) return;
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.postMessage('close' satisfies ToWorker);
    await exited;
  }
}
