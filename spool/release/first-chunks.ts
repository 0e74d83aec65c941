/** The beginnings of documents whose owner stands at a printer: read before a button is pressed, as the disk takes its time. */
import type { Clock } from '../../base/clock.ts';
import { Minutes } from '../../base/units.ts';
import type { Job, JobId } from '../job.ts';
import type { Jobs } from '../jobs.ts';
import type { JobStore } from '../store/port.ts';

/** Of a person, the newest; who has more presses one of the first most of the time. */
const JOBS_EACH = 4;
/** Chunks of 64 KiB in memory for all people together; past it nothing is read ahead. */
const MOST = 64;
/** By then most people have pressed, or gone. */
const KEPT = Minutes(1);

export interface FirstChunksOptions {
  readonly jobs: Jobs;
  readonly store: DocumentSource;
  readonly clock: Clock;
}

/** Where a document is read from. */
export type DocumentSource = Pick<JobStore, 'read'>;

export class FirstChunks implements DocumentSource {
  readonly #options: FirstChunksOptions;
  readonly #kept = new Map<JobId, Uint8Array | 'awaited'>();
  /** One after the other: at a panel nobody waits for it. */
  #reading: Promise<void> = Promise.resolve();

  constructor(options: FirstChunksOptions) {
    this.#options = options;
    options.jobs.on('changed', (job) => {
      if (job.state !== 'pending-held' && job.state !== 'pending' && job.state !== 'processing')
        this.#kept.delete(job.id);
    });
    options.jobs.on('forgotten', ({ id }) => this.#kept.delete(id));
  }

  /** Somebody has signed in whose jobs these are, the oldest first. */
  expect(jobs: readonly Job[]): void {
    const held = jobs.filter(({ state, document }) => state === 'pending-held' && document !== undefined);
    for (const { id } of held.slice(-JOBS_EACH).reverse()) {
      if (this.#kept.has(id) || this.#kept.size >= MOST) continue;
      this.#kept.set(id, 'awaited');
      this.#reading = this.#reading.then(() => this.#fetch(id));
    }
  }

  read(job: JobId, from = 0): AsyncIterable<Uint8Array> {
    const { jobs, store } = this.#options;
    const first = from === 0 ? this.#kept.get(job) : undefined;
    this.#kept.delete(job);
    if (first === undefined || first === 'awaited') return store.read(job, from);
    const isAll = first.length === jobs.get(job)?.document?.octets;
    return continued(first, () => (isAll ? undefined : store.read(job, first.length)));
  }

  async #fetch(id: JobId): Promise<void> {
    const first = await firstOf(this.#options.store, id);
    // Taken or dropped meanwhile.
    if (this.#kept.get(id) !== 'awaited') return;
    if (first === undefined) {
      this.#kept.delete(id);
      return;
    }
    this.#kept.set(id, first);
    this.#options.clock.after(KEPT, () => {
      if (this.#kept.get(id) === first) this.#kept.delete(id);
    });
  }
}

/** Undefined of an empty document, and of one that cannot be read: whoever releases it hears of that. */
async function firstOf(store: DocumentSource, id: JobId): Promise<Uint8Array | undefined> {
  try {
    for await (const chunk of store.read(id)) return chunk;
  } catch {}
  return undefined;
}

async function* continued(
  first: Uint8Array,
  rest: () => AsyncIterable<Uint8Array> | undefined,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest() ?? [];
}
