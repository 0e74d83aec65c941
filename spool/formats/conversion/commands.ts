/** The commands that run the converters: shut in by bubblewrap where that works, and bounded by prlimit. */
import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Bytes, MiB, type Milliseconds } from '../../../base/units.ts';
import { findProgram, findSandbox, limits, nodeCommand, type Sandbox } from '../pages/sandbox.ts';
import { ghostscriptParameters } from './ghostscript.ts';
import type { Tools } from './paths.ts';
import type { Drawing } from './plan.ts';

/** What one conversion may cost. */
export interface ConversionBounds {
  /** In which the converters must have come on, waiting for the printer aside. */
  readonly time: Milliseconds;
  /** Of each converter. */
  readonly memory: Bytes;
  /** Octets of a document that is converted; as much memory is used for it. */
  readonly document: Bytes;
  /** Octets that may come out. */
  readonly output: Bytes;
  /** Conversions at once. */
  readonly atOnce: number;
}

/** Where the programs are. */
export interface Programs {
  readonly ghostscript: string | undefined;
}

/** How they are shut in. */
export interface Enclosures {
  /** For our own converters, which are Node's programs. */
  readonly own: Sandbox;
  /** Without bubblewrap where it does not let Ghostscript run. */
  readonly ghostscript: Sandbox;
}

/** Unnamed files lie here, in memory: nothing of a document comes to a disk. */
export const MEMORY_FOLDER = '/dev/shm';
const OWN_PROGRAM = join(import.meta.dirname, 'raster', 'child.ts');
/** What Ghostscript reads of the system: itself, its libraries, fonts, colour profiles and character maps. */
const GHOSTSCRIPT_READS = [
  '/usr',
  '/etc/fonts',
  '/etc/ghostscript',
  '/var/lib/ghostscript',
  '/etc/papersize',
];
const PROBE_TIME = 10_000;

/** Looks for the programs; quick, as a gateway that starts waits for it. */
export async function findPrograms(): Promise<Programs> {
  const [ghostscript, memory] = await Promise.all([findProgram('gs'), isWritable(MEMORY_FOLDER)]);
  return { ghostscript: memory ? ghostscript : undefined };
}

/** Looks for what shuts the programs in, and tries whether they work inside. */
export async function findEnclosures({ ghostscript }: Programs): Promise<Enclosures> {
  const own = await findSandbox(ownPaths);
  const works =
    ghostscript === undefined || own.bubblewrap === undefined || (await answers(ghostscript, own));
  return { own, ghostscript: works ? own : { ...own, bubblewrap: undefined } };
}

const isWritable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );

export const toolsOf = ({ ghostscript }: Programs): Tools => ({ ghostscript: ghostscript !== undefined });

/** What is missing, and what that means; a sentence each. */
export function missingIn({ ghostscript }: Programs): string[] {
  if (ghostscript !== undefined) return [];
  return [
    'Ghostscript (gs) is not there: a printer that takes no PDF gets only what it takes itself ' +
      '(Debian: apt install ghostscript)',
  ];
}

/** Program, parameters and variables. */
export interface Command {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

export function ghostscriptCommand(
  { ghostscript = '' }: Programs,
  { ghostscript: sandbox }: Enclosures,
  drawing: Drawing,
  bounds: ConversionBounds,
): Command {
  // What it puts aside of a page lies in memory too.
  const folder = sandbox.bubblewrap === undefined ? MEMORY_FOLDER : '/tmp';
  return commandOf(
    [
      ...limits(sandbox, bounds),
      ...ghostscriptEnclosure(sandbox, bounds.memory),
      ghostscript,
      ...ghostscriptParameters(drawing),
    ],
    { TMPDIR: folder, LC_ALL: 'C' },
  );
}

/** @param step of raster/child.ts */
export function ownCommand(
  { own }: Enclosures,
  step: 'finish' | 'wrap-raster' | 'wrap-jpeg',
  drawing: Drawing,
  bounds: ConversionBounds,
): Command {
  return commandOf(nodeCommand(own, [OWN_PROGRAM, step, JSON.stringify(drawing)], bounds), {});
}

const commandOf = (
  [program = '', ...parameters]: readonly string[],
  variables: Command['variables'],
): Command => ({
  program,
  parameters,
  variables,
});

function ghostscriptEnclosure({ bubblewrap }: Sandbox, memory: Bytes): string[] {
  if (bubblewrap === undefined) return [];
  const tryBind = (path: string) => ['--ro-bind-try', path, path];
  return [
    bubblewrap,
    '--unshare-all',
    '--die-with-parent',
    '--clearenv',
    ...['--cap-drop', 'ALL'],
    ...[...GHOSTSCRIPT_READS, '/bin', '/lib', '/lib64', '/etc/ld.so.cache', '/etc/alternatives'].flatMap(
      tryBind,
    ),
    ...['--dev', '/dev', '--proc', '/proc'],
    ...['--size', String(memory), '--tmpfs', '/tmp'],
    ...['--setenv', 'TMPDIR', '/tmp', '--setenv', 'LC_ALL', 'C'],
    ...['--chdir', '/'],
    '--',
  ];
}

/** What Node may do inside, Ghostscript may not everywhere: it needs /proc. */
async function answers(ghostscript: string, sandbox: Sandbox): Promise<boolean> {
  const [program = '', ...parameters] = [...ghostscriptEnclosure(sandbox, MiB(64)), ghostscript, '--version'];
  try {
    await promisify(execFile)(program, parameters, { env: {}, timeout: PROBE_TIME });
    return true;
  } catch {
    return false;
  }
}

/** The converters, and what Node reads to know how to load them. */
async function ownPaths(): Promise<string[]> {
  const formats = resolve(import.meta.dirname, '..');
  const manifest = resolve(import.meta.dirname, '../../../package.json');
  return Promise.all([formats, manifest].map((path) => realpath(path)));
}
