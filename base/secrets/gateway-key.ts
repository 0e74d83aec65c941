/** The file with the gateway's key, under which its secrets are wrapped. */
import { dirname } from 'node:path';
import { Failure } from '../errors.ts';
import type { FilePort } from '../files/port.ts';
import { readSmallFile, writeSmallFile } from '../files/small-files.ts';
import { KEY_LENGTH, type Key, newKey } from './sealing.ts';
import { Secret } from './secret.ts';

/** The file is one line of 64 hexadecimal digits, so that it can be copied into a safe by hand. */
const FORM = /^([0-9a-f]{64})\n?$/;

/** Undefined when there is no such file. @throws Failure `gateway-key-damaged` */
export async function readKeyFile(files: FilePort, path: string): Promise<Key | undefined> {
  const content = await readSmallFile(files, path, 1024);
  if (content === undefined) return undefined;
  const digits = FORM.exec(content.toString('latin1'))?.[1];
  if (digits !== undefined) return new Secret(Buffer.from(digits, 'hex'));
  throw new Failure(
    'gateway-key-damaged',
    `${path} is not a gateway key (${KEY_LENGTH * 2} hexadecimal digits)`,
    { advice: 'Restore it from your backup' },
  );
}

/** A new key in a new file, readable by its owner only; both are on disk when the promise resolves. */
export async function newKeyFile(files: FilePort, path: string): Promise<Key> {
  const key = newKey();
  await files.makeFolder(dirname(path));
  await writeSmallFile(files, path, Buffer.from(`${key.reveal().toString('hex')}\n`));
  return key;
}

export function keyFileMissing(path: string): Failure {
  return new Failure('gateway-key-missing', `the gateway's key ${path} is missing`, {
    advice:
      'Jobs and codes are sealed under it: restore it from your backup, or start with an empty state directory',
  });
}
