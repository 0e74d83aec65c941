/** Small files, read and replaced as a whole. */
import { dirname } from 'node:path';
import { Failure, systemCode } from '../errors.ts';
import type { FilePort } from './port.ts';

/** The whole file, or undefined when there is none. @throws Failure `file-too-large` past `limit` octets. */
export async function readSmallFile(
  files: FilePort,
  path: string,
  limit: number,
): Promise<Buffer | undefined> {
  try {
    const file = await files.open(path, 'read');
    try {
      const size = await file.size();
      if (size > limit)
        throw new Failure('file-too-large', `${path} has ${size} bytes; at most ${limit} are read`);
      const content = Buffer.alloc(size);
      return content.subarray(0, await file.read(content, 0));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the file so that a power cut leaves the old or the new content, never a part: temp, sync, rename, sync. */
export async function writeSmallFile(files: FilePort, path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  await files.remove(temporary);
  const file = await files.create(temporary);
  try {
    await file.write(content, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(temporary, path);
  await files.syncFolder(dirname(path));
}
