/** The gateway's key: the root under which every other key is wrapped. It lives in a file of its own. */
import { dirname } from 'node:path';
import { Failure } from '../errors.ts';
import type { FilePort } from '../files/port.ts';
import { readSmallFile, writeSmallFile } from '../files/small-files.ts';
import { KEY_LENGTH, type Key, newKey } from './sealing.ts';
import { Secret } from './secret.ts';

/** The file is one line of 64 hexadecimal digits, so that it can be copied into a safe by hand. */
const FORM = /^([0-9a-f]{64})\n?$/;

/**
 * Reads the key; makes one when there is none and `mayCreate` says that nothing is sealed yet.
 * @throws Failure `gateway-key-missing`, `gateway-key-damaged`
 */
export async function loadGatewayKey(files: FilePort, path: string, mayCreate: boolean): Promise<Key> {
  const content = await readSmallFile(files, path, 1024);
  if (content === undefined) {
    if (!mayCreate) {
      throw new Failure('gateway-key-missing', `the gateway's key ${path} is missing`, {
        advice:
          'Jobs and codes are sealed under it: restore it from your backup, or start with an empty state directory',
      });
    }
    const key = newKey();
    await files.makeFolder(dirname(path));
    await writeSmallFile(files, path, Buffer.from(`${key.reveal().toString('hex')}\n`));
    return key;
  }
  const digits = FORM.exec(content.toString('latin1'))?.[1];
  if (digits === undefined) {
    throw new Failure(
      'gateway-key-damaged',
      `${path} is not a gateway key (${KEY_LENGTH * 2} hexadecimal digits)`,
      {
        advice: 'Restore it from your backup',
      },
    );
  }
  return new Secret(Buffer.from(digits, 'hex'));
}
