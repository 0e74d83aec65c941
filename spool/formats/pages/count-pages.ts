/** Runs the counting child for one document: in bounded time and memory, and whatever becomes of it hurts nobody. */
import { spawn } from 'node:child_process';
import type { Clock } from '../../../base/clock.ts';
import { feed } from '../feed.ts';
import { MOST_PAGES, type PageCount } from './page-count.ts';
import { type CountBounds, commandOf, type Sandbox } from './sandbox.ts';

export interface Counted {
  readonly count: PageCount;
  /** For the log: why it is unknown. */
  readonly trouble?: 'document' | 'time' | 'child';
}

/** One line of JSON is far shorter. */
const MOST_OUTPUT = 1024;

/**
 * Never rejects. An aborted signal ends the child; the result is then `unknown`.
 * @param document read as fast as the child takes it. When it fails, the count is unknown.
 */
export function countPages(
  format: string,
  document: AsyncIterable<Uint8Array>,
  sandbox: Sandbox,
  bounds: CountBounds,
  clock: Clock,
  signal: AbortSignal,
): Promise<Counted> {
  const [program = '', ...parameters] = commandOf(sandbox, format, bounds);
  const child = spawn(program, parameters, {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    // A group of its own, so that it is ended with all that it started: bubblewrap has a child before it can guard it.
    detached: true,
  });
  const kill = () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  let output = '';
  let late = false;
  child.stdout.on('data', (chunk: Buffer) => {
    if (output.length > MOST_OUTPUT) kill();
    else output += chunk.toString('latin1');
  });
  let cut = false;
  feed(document, child.stdin).catch(() => {
    cut = true;
    kill();
  });
  const timer = clock.after(bounds.time, () => {
    late = true;
    kill();
  });
  return new Promise((resolve) => {
    // Told when it could not be started; `close` follows.
    child.once('error', () => {});
    child.once('close', (code) => {
      timer.cancel();
      signal.removeEventListener('abort', kill);
      const count = code === 0 && !cut ? readCount(output) : undefined;
      if (count !== undefined) resolve({ count });
      else resolve({ count: { kind: 'unknown' }, trouble: cut ? 'document' : late ? 'time' : 'child' });
    });
  });
}

/** The child has read what a stranger sent: what it says is checked like anything from outside. */
export function readCount(output: string): PageCount | undefined {
  let told: unknown;
  try {
    told = JSON.parse(output);
  } catch {
    return undefined;
  }
  if (typeof told !== 'object' || told === null || !('kind' in told)) return undefined;
  if (told.kind === 'password' || told.kind === 'damaged') return { kind: told.kind };
  if (told.kind !== 'counted' || !('pages' in told) || !Number.isInteger(told.pages)) return undefined;
  const pages = told.pages as number;
  return pages >= 1 && pages <= MOST_PAGES ? { kind: 'counted', pages } : undefined;
}
