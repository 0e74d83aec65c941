/**
 * The jobs' keys, wrapped, in a file of fixed slots. Not in the database: a deleted row stays readable in its log, while
 * a slot is overwritten in place, and with it goes all that was encrypted under the key.
 *
 *     slot (64 octets) = sealed key (60 octets: nonce, ciphertext, tag), four zeros; an empty slot is all zeros
 *
 * A slot lies within one sector, which a disk writes whole or not at all; a power cut while a slot is written cannot
 * touch its neighbours.
 */
import { Failure, systemCode } from '../../base/errors.ts';
import type { FilePort, OpenFile } from '../../base/files/port.ts';
import { sharedSync } from '../../base/files/shared-sync.ts';
import { KEY_LENGTH, type Key, SEALING_OVERHEAD, seal, unseal } from '../../base/secrets/sealing.ts';
import { Secret } from '../../base/secrets/secret.ts';
import type { JobId } from '../job.ts';

const SLOT = 64;
const SEALED_KEY = KEY_LENGTH + SEALING_OVERHEAD;
/** Slots read at a time when looking for keys that belong to no job. */
const BLOCK_OF_SLOTS = 1024;

export class KeySlots {
  readonly #file: OpenFile;
  readonly #wrapping: Key;
  readonly #sync: () => Promise<void>;
  #free: number[] = [];
  #count: number;

  private constructor(file: OpenFile, count: number, wrapping: Key) {
    this.#file = file;
    this.#count = count;
    this.#wrapping = wrapping;
    this.#sync = sharedSync(() => file.sync());
  }

  /** Opens the file, making it when there is none. The caller syncs the folder. @param wrapping key for job keys only. */
  static async open(files: FilePort, path: string, wrapping: Key): Promise<KeySlots> {
    const file = await files.open(path, 'read-write').catch((error) => {
      if (systemCode(error) === 'ENOENT') return files.create(path);
      throw error;
    });
    return new KeySlots(file, Math.ceil((await file.size()) / SLOT), wrapping);
  }

  /** Keeps a key; resolves to its slot once that is on disk. */
  async keep(job: JobId, key: Key): Promise<number> {
    const slot = this.#free.pop() ?? this.#count++;
    const content = Buffer.alloc(SLOT);
    content.set(seal(this.#wrapping, key.reveal(), contextOf(job)));
    try {
      await this.#file.write(content, slot * SLOT);
      await this.#sync();
    } catch (error) {
      // Whatever is on the disk now, no row points to it: the slot is overwritten at its next use or at the next start.
      this.#free.push(slot);
      throw error;
    }
    return slot;
  }

  /** Overwrites a key; resolves once it is in the file no more. */
  async destroy(slot: number): Promise<void> {
    await this.#file.write(Buffer.alloc(SLOT), slot * SLOT);
    await this.#sync();
    this.#free.push(slot);
  }

  /** @throws Failure `seal-broken` when the slot holds no key of this job. */
  async read(slot: number, job: JobId): Promise<Key> {
    const content = Buffer.alloc(SEALED_KEY);
    await this.#file.read(content, slot * SLOT);
    return new Secret(unseal(this.#wrapping, content, contextOf(job)));
  }

  /** Overwrites every slot that is not in `used`, and takes them as free. @returns how many held a key. */
  async sweep(used: ReadonlySet<number>): Promise<number> {
    this.#free = [];
    let destroyed = 0;
    const block = Buffer.alloc(SLOT * BLOCK_OF_SLOTS);
    for (let first = 0; first < this.#count; first += BLOCK_OF_SLOTS) {
      await this.#file.read(block, first * SLOT);
      for (let slot = Math.min(first + BLOCK_OF_SLOTS, this.#count) - 1; slot >= first; slot--) {
        if (used.has(slot)) continue;
        const content = block.subarray((slot - first) * SLOT, (slot - first + 1) * SLOT);
        if (content.some((octet) => octet !== 0)) {
          await this.#file.write(Buffer.alloc(SLOT), slot * SLOT);
          destroyed++;
        }
        this.#free.push(slot);
      }
      block.fill(0);
    }
    if (destroyed > 0) await this.#sync();
    return destroyed;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

const contextOf = (job: JobId): string => `job key ${job}`;

/**
 * Makes sure that the gateway's key is the one that everything here was sealed under, before anything is swept.
 * @param keep stores the value when there is none yet, and resolves to the stored one.
 * @throws Failure `gateway-key-wrong`
 */
export async function openWithRightKey(
  wrapping: Key,
  keep: (sealed: Uint8Array) => Promise<Uint8Array>,
): Promise<void> {
  try {
    unseal(wrapping, await keep(seal(wrapping, Buffer.from('holdfast'), 'key check')), 'key check');
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== 'seal-broken') throw cause;
    throw new Failure(
      'gateway-key-wrong',
      "the gateway's key is not the one that the jobs are sealed under",
      {
        advice: 'Restore the key that belongs to this state directory; nothing was changed',
        cause,
      },
    );
  }
}
