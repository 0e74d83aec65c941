/** Files as a port whose durability can be tested: nothing counts as kept before it was synced. */
import type { Bytes } from '../units.ts';

/** All paths are absolute. Errors are Node's own (`code` is `ENOENT`, `ENOSPC` …). */
export interface FilePort {
  /** Opens a new file for writing, readable by its owner only. Rejects with EEXIST when there is one. */
  create(path: string): Promise<OpenFile>;
  /** Opens an existing file. Rejects with ENOENT when there is none. */
  open(path: string, access: 'read' | 'read-write'): Promise<OpenFile>;
  /** Names in a folder, without `.` and `..`, in no particular order. */
  list(folder: string): Promise<string[]>;
  /** Removes a file; no error when there is none. */
  remove(path: string): Promise<void>;
  /** Replaces `to` when it exists, at once. */
  rename(from: string, to: string): Promise<void>;
  /** Makes the folder, readable by its owner only, and the ones above it. No error when there is one. */
  makeFolder(path: string): Promise<void>;
  /** Makes what was created, renamed or removed in this folder survive a power cut. */
  syncFolder(path: string): Promise<void>;
  /** Free space of the file system that holds `path`, for unprivileged users. */
  freeSpace(path: string): Promise<Bytes>;
}

export interface OpenFile {
  /** Writes all of `data` at `position`. */
  write(data: Uint8Array, position: number): Promise<void>;
  /** Fills `target` from `position`; resolves to the octets read, fewer only at the end of the file. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Makes what was written survive a power cut. */
  sync(): Promise<void>;
  size(): Promise<Bytes>;
  close(): Promise<void>;
}
