/** What makes a terminal a panel: its key, and the gateway that gave it. One file that only its owner reads. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Failure, systemCode } from '../../base/errors.ts';

const identity = z.strictObject({
  gateway: z.string(),
  panel: z.string(),
  key: z.string().regex(/^[\x21-\x7e]{1,128}$/),
  /** SHA-256 of the gateway's public key, in hexadecimal. */
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
});
export type TerminalIdentity = z.infer<typeof identity>;

/** Undefined when there is none yet. @throws Failure `identity-unreadable` */
export async function readIdentity(file: string): Promise<TerminalIdentity | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return identity.parse(JSON.parse(text));
  } catch {
    throw new Failure('identity-unreadable', `${file} is not the identity of a terminal`, {
      advice: 'Delete it and enrol the terminal again',
    });
  }
}

export async function writeIdentity(file: string, value: TerminalIdentity): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true });
  await rename(draft, file);
}
