/**
 * A file in memory that has no name: Ghostscript reads a PDF from its end, so it needs one. It is there for whoever holds it
 * open, nobody else can find it, and it is gone with the last of them.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../../../base/errors.ts';
import type { Bytes } from '../../../base/units.ts';
import { MEMORY_FOLDER } from './commands.ts';

/** Linux's, of every machine that Node runs on (asm-generic/fcntl.h); Node has no name for it. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/**
 * Filled and ready to be read. To be closed.
 * @throws Failure `too-large`, and whatever the document's source throws
 */
export async function scratchFile(
  document: AsyncIterable<Uint8Array>,
  most: Bytes,
  signal: AbortSignal,
): Promise<FileHandle> {
  const file = await open(MEMORY_FOLDER, O_TMPFILE | constants.O_RDWR, 0o600);
  try {
    let octets = 0;
    for await (const chunk of document) {
      signal.throwIfAborted();
      if (octets + chunk.length > most)
        throw new Failure('too-large', `the document has more than ${most} octets`);
      for (let at = 0; at < chunk.length; )
        at += (await file.write(chunk, at, chunk.length - at, octets + at)).bytesWritten;
      octets += chunk.length;
    }
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
