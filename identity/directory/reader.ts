/** The gateway's side of the sync worker: people of a directory as they come, and how the reading ended. */
import { Worker } from 'node:worker_threads';
import { Failure } from '../../base/errors.ts';
import type { PeopleDelta, PersonDraft } from '../people/draft.ts';
import type { FromSyncWorker, ReadRequest, ToSyncWorker } from './messages.ts';

export type Done = Extract<FromSyncWorker, { readonly kind: 'done' }>;

/** One reading. A worker lives as long as one: what a directory made of its memory goes with it. */
export class DirectoryReading implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #source: string;
  readonly #onProgress: (people: number) => void;
  readonly #waiting: FromSyncWorker[] = [];
  #wake = () => {};
  #broken: Error | undefined;
  #taken = 0;
  #done: Done | undefined;

  constructor(request: Omit<ReadRequest, 'kind'>, onProgress: (people: number) => void) {
    this.#source = request.options.name;
    this.#onProgress = onProgress;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { name: 'sync' });
    this.#worker.on('message', (message: FromSyncWorker) => {
      this.#waiting.push(message);
      this.#wake();
    });
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Failure('sync-stopped', 'the sync was stopped')));
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
    };
  }

  /** @throws Error before the last person was taken */
  get result(): Done {
    if (this.#done === undefined) throw new Error('the reading has not ended');
    return this.#done;
  }

  async *#people(): AsyncGenerator<PersonDraft> {
    for (;;) {
      const message = await this.#next();
      switch (message.kind) {
        case 'people':
          yield* message.people;
          this.#taken += message.people.length;
          this.#onProgress(this.#taken);
          this.#send({ kind: 'more' });
          break;
        case 'done':
          this.#done = message;
          return;
        case 'failed': {
          const { code, message: text, advice } = message;
          throw new Failure(code, text, advice === undefined ? {} : { advice });
        }
        case 'broken':
          throw new Error(`the sync worker failed: ${message.message}`);
      }
    }
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

  #send(message: ToSyncWorker): void {
    this.#worker.postMessage(message);
  }

  #end(error: Error): void {
    this.#broken ??= error;
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
