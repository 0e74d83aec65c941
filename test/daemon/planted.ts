/** Looks for secrets that a test planted in everything that a gateway leaves behind. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

export async function everyFile(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  return new Map(await Promise.all(files.map(async (path) => [path, await readFile(path)] as const)));
}

/** In the forms in which it would stand somewhere. */
function formsOf(secret: string): Buffer[] {
  const octets = Buffer.from(secret);
  const card = /^[0-9A-F]{8,}$/.test(secret)
    ? [Buffer.from(secret, 'hex'), Buffer.from(secret.toLowerCase())]
    : [];
  return [octets, Buffer.from(octets.toString('hex')), Buffer.from(secret, 'utf16le'), ...card].concat(
    Buffer.from(octets.toString('base64').replace(/=+$/, '')),
  );
}

/** @param secrets by what they are @param places by their names: what stands there */
export function mustBeNowhere(
  t: ExecutionContext,
  secrets: Readonly<Record<string, string>>,
  places: ReadonlyMap<string, Buffer>,
): void {
  for (const [name, secret] of Object.entries(secrets)) {
    t.true(secret.length >= 6, `${name} is long enough to be nowhere by chance`);
    for (const [place, content] of places) {
      for (const form of formsOf(secret)) t.false(content.includes(form), `${name} stands in ${place}`);
    }
  }
}

export async function waitFor(t: ExecutionContext, holds: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 300; turns++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  t.fail('it never came');
}
