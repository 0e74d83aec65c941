/** What needs memory or time once: a script of the program in a Node process of its own, which is gone when it has answered. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Failure } from './errors.ts';
import { printable } from './text.ts';
import { Seconds } from './units.ts';

const PATIENCE = Seconds(60);

/**
 * What the script wrote on standard output. It gets none of the environment, and may take a minute.
 * @param order comes on its standard input, as JSON
 * @param failed makes the error out of what it complained of, cleaned
 * @throws what `failed` gives
 */
export async function runOnce(
  script: URL,
  order: unknown,
  failed: (complaint: string) => Failure,
): Promise<string> {
  const { NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [fileURLToPath(script)], {
    env: NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE },
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close');
  child.stdin.on('error', () => {}); // The exit code tells.
  child.stdin.end(JSON.stringify(order));
  const [result, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw failed(printable(complaint));
  return result;
}
