/** Tests against real programs: skipped, saying so, where a program is missing; failed when CI says that it must be there. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ExecutionContext, Implementation } from 'ava';

/** Where daemons lie that are not on an ordinary user's PATH. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of an installed program, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** @throws Error when it is not installed; for recipes, whose tests asked {@link peerTest} before. */
export function programPath(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What this file needs of AVA's `test` and of its `test.serial`. */
export interface Declare<Context> {
  (title: string, implementation: Implementation<[], Context>): void;
  skip(title: string, implementation: Implementation<[], Context>): void;
}

/**
 * `test` itself when all these programs are installed. Else a `test` that skips and names what is missing, or, with
 * `REQUIRE_PEERS=1` in the environment, fails.
 *
 *     const peer = peerTest(test, ['ipptool', 'ippeveprinter', 'dbus-daemon']);
 *     peer('our client reads its attributes', async (t) => { … });
 */
export function peerTest<Context>(
  test: Declare<Context>,
  programs: readonly string[],
): (title: string, implementation: Implementation<[], Context>) => void {
  const missing = programs.filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return test;
  const note = `not installed: ${missing.join(', ')}`;
  if (process.env['REQUIRE_PEERS'] === '1') {
    return (title) => test(title, (t: ExecutionContext<Context>) => t.fail(note));
  }
  return (title, implementation) => test.skip(`${title} (${note})`, implementation);
}
