/** Hears what every keyboard of the machine says to the console: the events of evdev. */
import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';

/** Octets of an input_event on 64 bits; its type stands at 16, and 1 is a key. */
const EVENT = 24;
const KEY = 1;

export class KeyListener {
  readonly #files = new Map<string, FileHandle>();
  heard = 0;

  /** Opens what is there now, and counts what has come. */
  async listen(): Promise<void> {
    for (const name of await readdir('/dev/input')) {
      if (!name.startsWith('event') || this.#files.has(name)) continue;
      const file = await open(`/dev/input/${name}`, constants.O_RDONLY | constants.O_NONBLOCK).catch(
        () => undefined,
      );
      if (file !== undefined) this.#files.set(name, file);
    }
    for (const [name, file] of [...this.#files]) await this.#read(name, file);
  }

  close(): void {
    for (const file of this.#files.values()) void file.close();
    this.#files.clear();
  }

  async #read(name: string, file: FileHandle): Promise<void> {
    const octets = Buffer.alloc(EVENT * 64);
    for (;;) {
      const read = await file.read(octets, 0, octets.length).catch(({ code }: NodeJS.ErrnoException) => code);
      // Nothing more, or the device is gone.
      if (typeof read !== 'object') {
        if (read !== 'EAGAIN') {
          this.#files.delete(name);
          await file.close();
        }
        return;
      }
      for (let at = 0; at < read.bytesRead; at += EVENT) {
        if (octets.readUInt16LE(at + 16) === KEY) this.heard++;
      }
    }
  }
}
