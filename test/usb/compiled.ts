/** What Node makes of our files, made on the host: stripping their types takes the emulated machine ten times as long. */
import { chmod, cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compileCache, ENVIRONMENT } from '../daemon/gateway-process.ts';

/** Node keeps it in a folder for each user, whose number its name ends with. @param folder readable for all of them */
export async function compiledFor(users: readonly number[], folder: string): Promise<string> {
  await compileCache();
  const made = ENVIRONMENT.NODE_COMPILE_CACHE;
  const target = join(folder, 'compiled');
  await chmod(folder, 0o755);
  for (const name of await readdir(made)) {
    if (!name.endsWith(`-${process.getuid?.()}`)) continue;
    for (const user of users) {
      const copy = join(target, name.replace(/\d+$/, String(user)));
      await cp(join(made, name), copy, { recursive: true });
      await Promise.all((await readdir(copy)).map((file) => chmod(join(copy, file), 0o644)));
    }
  }
  return target;
}
