/** Writes a file that is nobody else's to read. */
import { open } from 'node:fs/promises';
import { Failure, messageOf } from '../../base/errors.ts';

/** Readable by who typed the command only; a file that was there before too. @throws Failure `cannot-write` */
export async function writeForOwner(path: string, text: string): Promise<void> {
  try {
    await using file = await open(path, 'w', 0o600);
    if ((await file.stat()).isFile()) await file.chmod(0o600);
    await file.writeFile(text);
  } catch (cause) {
    throw new Failure('cannot-write', `${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}
