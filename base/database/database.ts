/** The embedded database as its users see it: typed operations that resolve when they are on disk. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Failure } from '../errors.ts';
import type { Call, FromWorker, ToWorker, WorkerStart } from './messages.ts';
import type { Operation, TableClient, TableSet } from './tables.ts';

type Operations = Readonly<Record<string, Operation>>;

export interface DatabaseOptions {
  /** Made when missing. Holds `holdfast.db` and `lock`. */
  readonly folder: string;
  readonly tables: readonly TableSet<Operations>[];
}

/** More calls than this waiting means that the disk has stopped; a further one is refused, not queued. */
const MOST_PENDING = 10_000;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class Database {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: Failure | undefined;
  /** True when this start made the database. */
  readonly created: boolean;
  /** Rejects when the worker dies by itself; the gateway cannot go on without it. */
  readonly died: Promise<never>;

  private constructor(worker: Worker, created: boolean) {
    this.#worker = worker;
    this.created = created;
    const { promise, reject } = Promise.withResolvers<never>();
    this.died = promise;
    promise.catch(() => {});
    const end = (failure: Failure) => {
      if (this.#ended !== undefined) return;
      this.#ended = failure;
      for (const each of this.#pending.values()) each.reject(failure);
      this.#pending.clear();
      reject(failure);
    };
    worker.on('message', (message: FromWorker) => this.#settle(message));
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
    const entries = Object.keys(tables.operations).map((name) => [
      name,
      (argument: unknown) => this.#call(tables.room, name, argument),
    ]);
    return Object.fromEntries(entries) as TableClient<Ops>;
  }

  /** Finishes what was asked before, writes the log back, and lets go of the state directory. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.postMessage('close' satisfies ToWorker);
    await exited;
  }

  #call(room: string, operation: string, argument: unknown): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#pending.size >= MOST_PENDING) {
      return Promise.reject(new Failure('database-busy', 'too many writes are waiting for the disk'));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, room, operation, argument } satisfies Call);
    });
  }

  #settle(message: FromWorker): void {
    if (message.kind !== 'results') return;
    for (const result of message.results) {
      const pending = this.#pending.get(result.id);
      this.#pending.delete(result.id);
      if ('code' in result) pending?.reject(new Failure(result.code, result.message));
      else pending?.resolve(result.value);
    }
  }
}
