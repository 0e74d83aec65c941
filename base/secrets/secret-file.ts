/** A secret in a file of its own: its first line. */
import { Failure, messageOf, systemCode } from '../errors.ts';
import type { FilePort } from '../files/port.ts';
import { readSmallFile } from '../files/small-files.ts';
import { Secret } from './secret.ts';

/** Octets of the file. */
const LARGEST = 4096;

/**
 * @param shortest characters that the line must have at least
 * @throws Failure `secret-unreadable`, which names the file and never what stands in it
 */
export async function readSecretLine(files: FilePort, path: string, shortest = 1): Promise<Secret<string>> {
  const unreadable = (why: string, cause?: unknown) =>
    new Failure('secret-unreadable', `${path} ${why}`, { cause });
  const content = await readSmallFile(files, path, LARGEST).catch((cause: unknown) => {
    throw unreadable(`cannot be read (${systemCode(cause) ?? messageOf(cause)})`, cause);
  });
  if (content === undefined) throw unreadable('does not exist');
  const line = content.toString('utf8').split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw unreadable('has nothing in its first line');
  if (line.length < shortest) throw unreadable(`has no line of at least ${shortest} characters`);
  return new Secret(line);
}
