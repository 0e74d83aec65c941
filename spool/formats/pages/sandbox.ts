/** The commands that run programs of ours on documents, the counting child first: shut in by bubblewrap where that works, by Node's own permissions everywhere. */
import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Bytes, MiB, type Milliseconds } from '../../../base/units.ts';

/** Programs that lie here were put there by the administrator; PATH is not asked. */
const FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin'];
const PROGRAM = join(import.meta.dirname, 'child.ts');
/** What Node itself sets aside before the first octet is read (measured: 575 MB of mappings that are never touched). */
const NODE_DATA = MiB(768);
const PROBE_TIME = 10_000;

export interface Sandbox {
  /** Set when bubblewrap is there and works. */
  readonly bubblewrap: string | undefined;
  /** Set when prlimit (util-linux) is there: bounds the child's memory beyond V8's heap. */
  readonly prlimit: string | undefined;
  /** Files and folders that the child may read, beside the system's libraries. */
  readonly readable: readonly string[];
}

/** Looks for what shuts the child in, and tries whether it works: namespaces may be forbidden. */
export async function findSandbox(readablePaths: () => Promise<string[]> = counterPaths): Promise<Sandbox> {
  const [bubblewrap, prlimit, readable] = await Promise.all([
    findProgram('bwrap'),
    findProgram('prlimit'),
    readablePaths(),
  ]);
  const sandbox = { bubblewrap, prlimit, readable };
  return bubblewrap !== undefined && (await works(sandbox)) ? sandbox : { ...sandbox, bubblewrap: undefined };
}

/** What one document may cost. */
export interface CountBounds {
  /** By the clock on the wall, and of the processor too. */
  readonly time: Milliseconds;
  /** Of the child, beyond what Node itself takes. */
  readonly memory: Bytes;
}

/** Program and parameters. */
export const commandOf = (sandbox: Sandbox, format: string, bounds: CountBounds): string[] =>
  nodeCommand(sandbox, [PROGRAM, format], { ...bounds, output: Bytes(0) });

/** What a program may take. */
export interface ProgramBounds {
  /** Of the processor. */
  readonly time: Milliseconds;
  readonly memory: Bytes;
  /** Of a file that it writes. */
  readonly output: Bytes;
}

/**
 * The command that runs a program of ours in Node, shut in and bounded.
 * @param call the program's file, and its parameters
 * @param bounds memory beyond what Node itself takes
 */
export function nodeCommand(sandbox: Sandbox, call: readonly string[], bounds: ProgramBounds): string[] {
  const heap = Math.floor(bounds.memory / MiB(1));
  return [
    ...limits(sandbox, { ...bounds, memory: Bytes(NODE_DATA + bounds.memory) }),
    ...enclosure(sandbox),
    process.execPath,
    `--max-old-space-size=${heap}`,
    '--permission',
    ...sandbox.readable.map((path) => `--allow-fs-read=${path}`),
    ...call,
  ];
}

/** What stands before a program to bound it. The bound of processor time ends a child that outlives a killed gateway. */
export function limits({ prlimit }: Sandbox, { time, memory, output }: ProgramBounds): string[] {
  if (prlimit === undefined) return [];
  const seconds = Math.ceil(time / 1000);
  return [prlimit, `--data=${memory}`, `--cpu=${seconds}`, '--core=0', `--fsize=${output}`, '--'];
}

/** No network, no other process in sight, no file but the program's own and the system's libraries, no variables. */
function enclosure({ bubblewrap, readable }: Sandbox): string[] {
  if (bubblewrap === undefined) return [];
  const bind = (path: string) => ['--ro-bind', path, path];
  const tryBind = (path: string) => ['--ro-bind-try', path, path];
  return [
    bubblewrap,
    '--unshare-all',
    '--die-with-parent',
    '--clearenv',
    ...['--cap-drop', 'ALL'],
    ...['/usr/lib', '/usr/lib64', '/lib', '/lib64', '/etc/ld.so.cache'].flatMap(tryBind),
    ...['--dev', '/dev'],
    ...bind(process.execPath),
    ...readable.flatMap(bind),
    ...['--chdir', '/'],
    '--',
  ];
}

async function works(sandbox: Sandbox): Promise<boolean> {
  const [program, ...parameters] = [...enclosure(sandbox), process.execPath, '--version'];
  try {
    await promisify(execFile)(program ?? '', parameters, { env: {}, timeout: PROBE_TIME });
    return true;
  } catch {
    return false;
  }
}

/** Undefined when it is not there. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not there.
    }
  }
  return undefined;
}

/** The counters, the package that they use, and what Node reads to know how to load them. */
async function counterPaths(): Promise<string[]> {
  const formats = resolve(import.meta.dirname);
  const pdfjs = dirname(
    dirname(dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs')))),
  );
  const manifest = resolve(import.meta.dirname, '../../../package.json');
  return Promise.all([formats, pdfjs, manifest].map((path) => realpath(path)));
}
