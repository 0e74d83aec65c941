/**
 * Lets the database go on when the disk is full: its log and its file are made long enough beforehand that small changes
 * need no space, and a file sets space aside that is given up when they need some after all. For the store worker.
 */
import { randomFillSync } from 'node:crypto';
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { KiB, MiB } from '../units.ts';

/** More than SQLite's log grows to before it begins anew (1000 pages of 4 KiB with their headers). */
const STRETCH = MiB(5);
/** The log and the file may have to be stretched out of it. */
const SIZE = MiB(12);
/** It is not taken from a disk that is nearly full: then it would be what fills it. */
const LEAST_FREE = MiB(32);
const CHUNK = KiB(256);

export class DiskReserve {
  readonly #path: string;
  #isThere: boolean;

  constructor(path: string) {
    this.#path = path;
    this.#isThere = existsSync(path);
  }

  /** Gives the space up. @returns false when there was none. */
  spend(): boolean {
    if (!this.#isThere) return false;
    rmSync(this.#path, { force: true });
    this.#isThere = false;
    return true;
  }

  /** Sets the space aside, unless the disk is nearly full. Costs nothing while it is there. @returns whether it did. */
  fill(): boolean {
    if (this.#isThere) return false;
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    if (bavail * bsize < LEAST_FREE) return false;
    this.#isThere = true;
    try {
      this.#write();
    } catch {
      // Whoever filled the disk meanwhile needs it more.
      this.spend();
    }
    return this.#isThere;
  }

  /** Not zeros: a file system that compresses would set nothing aside. */
  #write(): void {
    const chunk = randomFillSync(Buffer.alloc(CHUNK));
    const file = openSync(this.#path, 'w', 0o600);
    try {
      for (let written = 0; written < SIZE; ) written += writeSync(file, chunk);
    } finally {
      closeSync(file);
    }
  }
}

/**
 * Writes the log once to the length at which it begins anew, which it then keeps, and leaves as much room in the file. As
 * long as it is open, the database needs no space for what changes jobs that are there.
 */
export function stretch(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS stretching (content BLOB NOT NULL) STRICT;
    INSERT INTO stretching VALUES (zeroblob(${STRETCH}));
    DROP TABLE stretching;`);
}

/** SQLITE_FULL, and the index of its log that could not grow (SQLITE_IOERR_SHMSIZE). */
const FULL = 13;
const SHMSIZE = 4874;

/** Whether SQLite failed because the disk is full. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  return (code & 0xff) === FULL || code === SHMSIZE;
}
