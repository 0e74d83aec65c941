/** Takes a document chunk by chunk: a small one stays in memory for the row's own commit, a larger one goes to a file. */
import { Failure, messageOf, systemCode } from '../../base/errors.ts';
import type { FilePort, OpenFile } from '../../base/files/port.ts';
import { deriveKey, type Key, newKey } from '../../base/secrets/sealing.ts';
import { CHUNK, SEALED_CHUNK, sealChunk, TAG } from './chunk-cipher.ts';
import type { DocumentWriter } from './port.ts';

/** Where a document lies once it is finished. */
export type DocumentPlace =
  | { readonly kind: 'row'; readonly sealed: Uint8Array }
  | { readonly kind: 'file'; readonly path: string };

/**
 * Fills one chunk while the one before is being written: memory stays at two chunks a document, and the socket is read
 * no faster than the disk writes. A document of one chunk never sees a file.
 */
export class SealedDocumentWriter implements DocumentWriter {
  /** The job's own key: from it come the key of the document and that of the ticket. */
  readonly jobKey: Key = newKey();
  readonly #key = documentKey(this.jobKey);
  readonly #files: FilePort;
  readonly #path: string;
  #buffer = Buffer.alloc(0);
  #filled = 0;
  /** Takes the sealed chunk while it is being written. */
  #sealed: Buffer | undefined;
  #index = 0;
  #position = 0;
  #file: OpenFile | undefined;
  /** The file under the path is this document's. */
  #made = false;
  #writing: Promise<void> = Promise.resolve();
  #octets = 0;

  /** @param path of the file, should there have to be one. */
  constructor(files: FilePort, path: string) {
    this.#files = files;
    this.#path = path;
  }

  get octets(): number {
    return this.#octets;
  }

  async write(chunk: Uint8Array): Promise<void> {
    let taken = 0;
    while (taken < chunk.length) {
      if (this.#filled === CHUNK) await this.#flushFull();
      const part = chunk.subarray(taken, taken + CHUNK - this.#filled);
      this.#reserve(this.#filled + part.length);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
    }
    this.#octets += chunk.length;
  }

  /** Writes the last chunk. A file is synced, its folder is not: the caller does that once for all that wait. */
  async finish(): Promise<DocumentPlace> {
    if (this.#file === undefined)
      return { kind: 'row', sealed: this.#sealLast(Buffer.alloc(this.#filled + TAG)) };
    try {
      await this.#writing;
      const last = this.#sealLast(this.#sealed ?? Buffer.alloc(SEALED_CHUNK));
      await this.#file.write(last, this.#position);
      await this.#file.sync();
      await this.#close();
      return { kind: 'file', path: this.#path };
    } catch (error) {
      throw storeFailure(error);
    }
  }

  /** Takes away what was written, finished or not. */
  async discard(): Promise<void> {
    this.#buffer = Buffer.alloc(0);
    if (!this.#made) return;
    await this.#writing.catch(() => {});
    await this.#close();
    await this.#files.remove(this.#path);
  }

  #sealLast(target: Buffer): Buffer {
    const sealed = sealChunk(this.#key, this.#index, true, this.#buffer.subarray(0, this.#filled), target);
    this.#buffer = Buffer.alloc(0);
    return sealed;
  }

  /** Grows the buffer as the document grows, so that a thousand small documents don't hold a thousand full chunks. */
  #reserve(wanted: number): void {
    if (wanted <= this.#buffer.length) return;
    const larger = Buffer.alloc(Math.min(CHUNK, Math.max(wanted, this.#buffer.length * 2, 4096)));
    larger.set(this.#buffer.subarray(0, this.#filled));
    this.#buffer = larger;
  }

  async #flushFull(): Promise<void> {
    try {
      await this.#writing;
      this.#file ??= await this.#create();
    } catch (error) {
      throw storeFailure(error);
    }
    this.#sealed ??= Buffer.alloc(SEALED_CHUNK);
    const sealed = sealChunk(this.#key, this.#index, false, this.#buffer, this.#sealed);
    this.#index++;
    this.#filled = 0;
    this.#writing = this.#file.write(sealed, this.#position);
    // It is awaited at the next chunk; until then a rejection must not count as unhandled.
    this.#writing.catch(() => {});
    this.#position += sealed.length;
  }

  async #create(): Promise<OpenFile> {
    const file = await this.#files.create(this.#path);
    this.#made = true;
    return file;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}

/** Documents and tickets have keys of their own, so that they cannot share a nonce. */
export const documentKey = (jobKey: Key): Key => deriveKey(jobKey, 'document');

/** What the disk says, in the gateway's words. */
export function storeFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (systemCode(error) === 'ENOSPC' || systemCode(error) === 'EDQUOT') {
    return new Failure('disk-full', 'the disk that holds the spool is full', { cause: error });
  }
  return new Failure('store-failed', `the spool could not be written: ${messageOf(error)}`, { cause: error });
}
