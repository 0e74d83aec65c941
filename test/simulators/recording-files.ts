/**
 * Files in memory that know what a power cut would leave: content counts from its sync, a name from the sync of its
 * folder. `powerCut()` gives the files as they would be found after it.
 */
import { dirname } from 'node:path';
import type { FilePort, OpenFile } from '../../base/files/port.ts';
import { Bytes, GiB } from '../../base/units.ts';

interface Node {
  content: Buffer;
  /** As of the last sync. */
  durable: Buffer;
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

export class RecordingFiles implements FilePort {
  /** Names as programs see them. */
  readonly #names = new Map<string, Node>();
  /** Names as of the last sync of their folder. */
  #durableNames = new Map<string, Node>();
  readonly #folders = new Set<string>(['/']);
  /** Set to make writes fail with this code. */
  failWrites: string | undefined;
  /** Open handles; a test that ends with some has found a leak. */
  openHandles = 0;

  /** What is left when the power goes now. */
  powerCut(): RecordingFiles {
    const after = new RecordingFiles();
    for (const folder of this.#folders) after.#folders.add(folder);
    for (const [path, node] of this.#durableNames) {
      const kept = { content: Buffer.from(node.durable), durable: Buffer.from(node.durable) };
      after.#names.set(path, kept);
      after.#durableNames.set(path, kept);
    }
    return after;
  }

  /** Everything that stands in any file now, synced or not. */
  everything(): Buffer {
    return Buffer.concat([...this.#names.values()].map((node) => node.content));
  }

  get paths(): string[] {
    return [...this.#names.keys()];
  }

  /** For tests that damage what is kept. */
  edit(path: string, change: (content: Buffer) => Buffer): void {
    const node = this.#names.get(path);
    if (node === undefined) throw systemError('ENOENT', path);
    node.content = change(node.content);
    node.durable = Buffer.from(node.content);
  }

  async create(path: string): Promise<OpenFile> {
    if (this.#names.has(path)) throw systemError('EEXIST', path);
    if (!this.#folders.has(dirname(path))) throw systemError('ENOENT', path);
    const node = { content: Buffer.alloc(0), durable: Buffer.alloc(0) };
    this.#names.set(path, node);
    return this.#handle(node, path);
  }

  async open(path: string): Promise<OpenFile> {
    const node = this.#names.get(path);
    if (node === undefined) throw systemError('ENOENT', path);
    return this.#handle(node, path);
  }

  async list(folder: string): Promise<string[]> {
    return this.paths.filter((path) => dirname(path) === folder).map((path) => path.slice(folder.length + 1));
  }

  async remove(path: string): Promise<void> {
    this.#names.delete(path);
  }

  async rename(from: string, to: string): Promise<void> {
    const node = this.#names.get(from);
    if (node === undefined) throw systemError('ENOENT', from);
    this.#names.delete(from);
    this.#names.set(to, node);
  }

  async makeFolder(path: string): Promise<void> {
    for (let each = path; each !== '/'; each = dirname(each)) this.#folders.add(each);
  }

  async syncFolder(path: string): Promise<void> {
    const elsewhere = [...this.#durableNames].filter(([name]) => dirname(name) !== path);
    const here = [...this.#names].filter(([name]) => dirname(name) === path);
    this.#durableNames = new Map([...elsewhere, ...here]);
  }

  async freeSpace(): Promise<Bytes> {
    return GiB(100);
  }

  #handle(node: Node, path: string): OpenFile {
    this.openHandles++;
    return {
      write: async (data, position) => {
        if (this.failWrites !== undefined) throw systemError(this.failWrites, path);
        const length = Math.max(node.content.length, position + data.length);
        const content = Buffer.alloc(length);
        content.set(node.content);
        content.set(data, position);
        node.content = content;
      },
      read: async (target, position) => {
        const part = node.content.subarray(position, position + target.length);
        target.set(part);
        return part.length;
      },
      sync: async () => {
        node.durable = Buffer.from(node.content);
      },
      size: async () => Bytes(node.content.length),
      close: async () => {
        this.openHandles--;
      },
    };
  }
}
