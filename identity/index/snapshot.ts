/**
 * The index as one file, from which a start has its people without reading every row. It holds what the database holds, names and
 * HMACs of credentials, and like it only its owner may read it; it is sealed as little. What is in it is believed only when
 * its checksum is right and it was written of the very generation of the database.
 */
import { createHash, type Hash } from 'node:crypto';
import type { FilePort, OpenFile } from '../../base/files/port.ts';
import type { Turns } from '../import/turns.ts';
import { PeopleIndex, type PersonNumber } from './people-index.ts';
import { WordReader } from './words.ts';

/** Changes with the form of the file; read in another byte order it is another number. */
const MAGIC = 0x4846_5033;
/** Magic, last number, and the generation as a double. */
const HEADER = 4;
const CHECKSUM = 32;
/** As much as one read gives; some nine million people. */
const LARGEST = 2 ** 31 - 4096;
/** Octets hashed at once: some 0.5 ms. */
const SLICE = 2 ** 18;
/** Octets in one write. */
const WRITE = 2 ** 20;

export interface Snapshot {
  readonly index: PeopleIndex;
  /** The highest number ever taken. */
  readonly lastNumber: PersonNumber;
}

/** Why there is nothing to start from. */
export type Unusable = 'missing' | 'damaged' | 'stale';

/** Replaces the file as a whole: a cut leaves the old one. The index must not be written to meanwhile, but forked. */
export async function writeSnapshot(
  files: FilePort,
  path: string,
  { index, lastNumber }: Snapshot,
  generation: number,
  turns: Turns,
): Promise<void> {
  const temporary = `${path}.new`;
  await files.remove(temporary);
  const file = await files.create(temporary);
  try {
    const writing = new Writing(file, turns);
    await writing.put(headerOf(lastNumber, generation));
    for (const words of index.dump()) {
      for (let from = 0; from < words.length; from += SLICE / 4) {
        await writing.put(words.subarray(from, from + SLICE / 4));
      }
    }
    await writing.end();
    await file.sync();
  } catch (error) {
    // A full disk needs the space more than this.
    await files.remove(temporary);
    throw error;
  } finally {
    await file.close();
  }
  await files.rename(temporary, path);
  await files.syncFolder(path.slice(0, path.lastIndexOf('/')));
}

/** @param generation that of the database now */
export async function readSnapshot(
  files: FilePort,
  path: string,
  generation: number,
  turns: Turns,
): Promise<Snapshot | Unusable> {
  const content = await contentOf(files, path);
  if (content === undefined) return 'missing';
  const end = content.length - CHECKSUM;
  if (end < HEADER * 4 || content.length % 4 !== 0) return 'damaged';
  const words = new Int32Array(content.buffer, content.byteOffset, end / 4);
  if (words[0] !== MAGIC) return 'damaged';
  const expected = Buffer.from(headerOf(words[1] ?? 0, generation).buffer);
  if (!expected.equals(content.subarray(0, HEADER * 4))) return 'stale';
  const hash = createHash('sha256');
  for (let from = 0; from < end; from += SLICE) {
    hash.update(content.subarray(from, Math.min(from + SLICE, end)));
    if (turns.due) await turns.next();
  }
  if (!hash.digest().equals(content.subarray(end))) return 'damaged';
  const reader = new WordReader(words.subarray(HEADER));
  const index = PeopleIndex.restore(reader);
  return reader.atEnd ? { index, lastNumber: words[1] ?? 0 } : 'damaged';
}

function headerOf(lastNumber: PersonNumber, generation: number): Int32Array {
  const header = new Int32Array(HEADER);
  header.set([MAGIC, lastNumber]);
  new Float64Array(header.buffer, 8, 1)[0] = generation;
  return header;
}

async function contentOf(files: FilePort, path: string): Promise<Buffer | undefined> {
  let file: OpenFile;
  try {
    file = await files.open(path, 'read');
  } catch {
    // There is the database to fall back on, whatever the reason.
    return undefined;
  }
  try {
    const size = await file.size();
    if (size > LARGEST) return Buffer.alloc(0);
    const content = Buffer.allocUnsafeSlow(size);
    return content.subarray(0, await file.read(content, 0));
  } finally {
    await file.close();
  }
}

/** Gathers small pieces into large writes, with the checksum of all. */
class Writing {
  readonly #file: OpenFile;
  readonly #turns: Turns;
  readonly #hash: Hash = createHash('sha256');
  #pieces: Buffer[] = [];
  #gathered = 0;
  #position = 0;

  constructor(file: OpenFile, turns: Turns) {
    this.#file = file;
    this.#turns = turns;
  }

  async put(words: Int32Array): Promise<void> {
    const piece = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
    this.#hash.update(piece);
    this.#pieces.push(piece);
    this.#gathered += piece.length;
    if (this.#gathered >= WRITE) await this.#flush();
    if (this.#turns.due) await this.#turns.next();
  }

  async end(): Promise<void> {
    this.#pieces.push(this.#hash.digest());
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#gathered = 0;
    await this.#file.write(all, this.#position);
    this.#position += all.length;
  }
}
