/** The page's files made small, once in a process: they do not change while it runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../base/errors.ts';
import { printable } from '../../base/text.ts';
import { Seconds } from '../../base/units.ts';

export interface Sources {
  readonly css: string;
  readonly plainCss: string;
  readonly script: string;
  /** Names of texts that may be shortened. */
  readonly keys: readonly string[];
}

export interface Compacted {
  readonly css: string;
  readonly plainCss: string;
  readonly script: string;
  readonly names: Readonly<Record<string, string>>;
}

const PATIENCE = Seconds(60);

let made: Promise<Compacted> | undefined;

/** @throws Failure `page-not-made` */
export function compacted(sources: Sources): Promise<Compacted> {
  made ??= make(sources);
  return made;
}

async function make(sources: Sources): Promise<Compacted> {
  const script = fileURLToPath(new URL('./make-compact.ts', import.meta.url));
  const { NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [script], {
    env: NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE },
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close');
  child.stdin.on('error', () => {}); // The exit code tells.
  child.stdin.end(JSON.stringify(sources));
  const [result, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) {
    throw new Failure('page-not-made', `the panel page could not be made: ${printable(complaint)}`);
  }
  return JSON.parse(result);
}
