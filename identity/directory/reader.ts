/** The gateway's side of the sync worker: people of a directory as they come, or what was planned there, and how it ended. */
import type { Transferable, Worker } from 'node:worker_threads';
import { Failure } from '../../base/errors.ts';
import type { Turns } from '../import/turns.ts';
import type { PeopleDelta, PersonDraft } from '../people/draft.ts';
import { handOver, takeOver } from '../people/elsewhere.ts';
import type { ChangeExtras, PeopleElsewhere, PlannedElsewhere, StagedPlan } from '../people/plans.ts';
import { FEW, type FromSyncWorker, type ReadRequest, type ToSyncWorker } from './messages.ts';
import { unpackPeople } from './transit.ts';
import type { SyncWorkers } from './workers.ts';

export type Done = Extract<FromSyncWorker, { readonly kind: 'done' }>;

/** One reading. A worker whose reading did not come to its end is ended: nobody knows what it waits for. */
export class DirectoryReading implements AsyncDisposable {
  readonly #workers: SyncWorkers;
  readonly #worker: Worker;
  readonly #source: string;
  readonly #onProgress: (people: number) => void;
  readonly #waiting: FromSyncWorker[] = [];
  #wake = () => {};
  #broken: Error | undefined;
  #taken = 0;
  #done: Done | undefined;
  #answered = false;
  #disposed = false;
  #plansThere = false;
  readonly #onMessage = (message: FromSyncWorker) => {
    this.#waiting.push(message);
    this.#wake();
  };
  readonly #onError = (error: Error) => this.#end(error);
  readonly #onExit = () => this.#end(new Failure('sync-stopped', 'the sync was stopped'));

  constructor(
    workers: SyncWorkers,
    request: Omit<ReadRequest, 'kind'>,
    onProgress: (people: number) => void,
  ) {
    this.#workers = workers;
    this.#source = request.options.name;
    this.#onProgress = onProgress;
    this.#worker = workers.take();
    this.#worker.on('message', this.#onMessage).on('error', this.#onError).on('exit', this.#onExit);
    this.#send({ kind: 'read', ...request });
  }

  /**
   * What the engine plans with: people as they come; who is gone, and whether it is all, is known behind the last of them.
   * Its iteration throws when the reading does, so that half a picture is never planned with.
   */
  get delta(): PeopleDelta {
    const finished = () => this.result;
    return {
      source: this.#source,
      upserts: this.#people(),
      get removed() {
        return finished().removed;
      },
      get complete() {
        return finished().complete;
      },
      elsewhere: (people, turns) => this.#elsewhere(people, turns),
    };
  }

  /** @throws Error before the last person was taken */
  get result(): Done {
    if (this.#done === undefined) throw new Error('the reading has not ended');
    return this.#done;
  }

  /** Whether the directory answered at all, be it that the answer is none to go by. */
  get answered(): boolean {
    return this.#answered || this.#done !== undefined;
  }

  async *#people(): AsyncGenerator<PersonDraft> {
    for (;;) {
      const message = await this.#next();
      switch (message.kind) {
        case 'people':
          yield* unpackPeople(message.people);
          this.#taken += message.people.count;
          this.#onProgress(this.#taken);
          this.#send({ kind: 'more' });
          break;
        case 'done':
          this.#done = message;
          return;
        case 'many':
          this.#send({ kind: 'here' });
          break;
        default:
          throw this.#endOf(message);
      }
    }
  }

  /** Undefined when it is little, and is planned here. */
  async #elsewhere(people: PeopleElsewhere, turns: Turns): Promise<PlannedElsewhere | undefined> {
    const first = await this.#next();
    if (first.kind !== 'many' || Math.max(first.people, people.index.size) <= FEW) {
      this.#waiting.unshift(first);
      return undefined;
    }
    this.#plansThere = true;
    await handOver(people, (words) => this.#send({ kind: 'index', words }, [words.buffer]), turns);
    const { lastNumber, at } = people;
    const key = Uint8Array.from(people.key.reveal());
    const store = people.branch();
    const start = { source: this.#source, key, lastNumber, at, store };
    this.#send({ kind: 'plan', start }, [key.buffer, store]);
    for (;;) {
      const message = await this.#next();
      if (message.kind === 'progress') this.#onProgress(message.people);
      else if (message.kind === 'done' && message.plan !== undefined) {
        this.#done = message;
        return { plan: message.plan, stage: (extras) => this.#stage(extras) };
      } else throw this.#endOf(message);
    }
  }

  async #stage(extras: ChangeExtras): Promise<StagedPlan> {
    if (this.#disposed) throw new Failure('plan-outdated', 'the sync that made the plan has ended');
    this.#send({ kind: 'stage', extras });
    const message = await this.#next();
    if (message.kind !== 'staged') throw this.#endOf(message);
    return takeOver(message.staged);
  }

  #endOf(message: FromSyncWorker): Error {
    if (message.kind === 'broken') return new Error(`the sync worker failed: ${message.message}`);
    if (message.kind !== 'failed') return new Error(`the sync worker said ${message.kind} at the wrong time`);
    const { code, message: text, advice, answered } = message;
    this.#answered = answered;
    return new Failure(code, text, advice === undefined ? {} : { advice });
  }

  async #next(): Promise<FromSyncWorker> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) return message;
      if (this.#broken !== undefined) throw this.#broken;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #send(message: ToSyncWorker, transfer: readonly Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #end(error: Error): void {
    this.#broken ??= error;
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    // A worker that has planned keeps what that took: hundreds of octets for each person.
    if (this.#done === undefined || this.#broken !== undefined || this.#plansThere)
      await this.#worker.terminate();
    else {
      this.#worker.off('message', this.#onMessage).off('error', this.#onError).off('exit', this.#onExit);
      await this.#workers.giveBack(this.#worker);
    }
  }
}
