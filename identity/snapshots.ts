/** Has the index from its snapshot at start, or else from the database, and writes a new one when changes have settled. */
import type { Clock, Timer } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { FilePort } from '../base/files/port.ts';
import type { Log } from '../base/log.ts';
import { Minutes } from '../base/units.ts';
import { Turns } from './import/turns.ts';
import { loadIndex } from './index/load.ts';
import { readSnapshot, type Snapshot, writeSnapshot } from './index/snapshot.ts';
import { FIRST_GENERATION, type IdentityStore } from './store.ts';

export interface SnapshotOptions {
  readonly store: IdentityStore;
  readonly files: FilePort;
  /** Absolute. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** After a change, so that a day of many small ones does not write all day. */
const SETTLED = Minutes(10);

export class Snapshots {
  readonly #options: SnapshotOptions;
  /** What is to be written; undefined when the file is up to date. */
  #unwritten: { readonly people: Snapshot; readonly generation: number } | undefined;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: SnapshotOptions) {
    this.#options = options;
  }

  /** Everybody, by the shorter way that there is. */
  async load(): Promise<Snapshot> {
    const { store, files, path, clock, log } = this.#options;
    const generation = await store.generation();
    const found =
      generation === FIRST_GENERATION
        ? 'missing'
        : await readSnapshot(files, path, generation, new Turns(clock));
    if (typeof found === 'object') {
      log.info('people read from their snapshot');
      return found;
    }
    const loaded = { index: await loadIndex(store), lastNumber: await store.lastNumber() };
    if (found !== 'missing')
      log.warn('snapshot of people not used: people read from the database', { found });
    if (generation !== FIRST_GENERATION) await this.changed(loaded);
    return loaded;
  }

  /** The people as they are now, on disk already. The caller sees to it that nothing changes until this resolves. */
  async changed(people: Snapshot): Promise<void> {
    try {
      this.#unwritten = { people, generation: await this.#options.store.generation() };
    } catch (error) {
      this.#notWritten(error);
      return;
    }
    this.#timer ??= this.#options.clock.after(SETTLED, () => this.#write());
  }

  /** Resolves when the file is up to date, or could not be written. */
  async close(): Promise<void> {
    this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const unwritten = this.#unwritten;
    if (unwritten === undefined) return;
    this.#unwritten = undefined;
    this.#writing = this.#writing.then(() => this.#writeOne(unwritten.people, unwritten.generation));
  }

  async #writeOne(people: Snapshot, generation: number): Promise<void> {
    const { files, path, clock, log } = this.#options;
    try {
      await writeSnapshot(files, path, people, generation, new Turns(clock));
      log.debug('snapshot of people written', { people: people.index.size });
    } catch (error) {
      this.#notWritten(error);
    }
  }

  /** Nothing is lost by it but time at the next start. */
  #notWritten(error: unknown): void {
    this.#options.log.warn('snapshot of people not written', { error: messageOf(error) });
  }
}
