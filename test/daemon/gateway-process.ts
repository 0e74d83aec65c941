/** The real program in a process of its own, on free ports of loopback, with the configuration that a test wants. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';

const ROOT = resolve(import.meta.dirname, '../..');
export const LAUNCHER = join(ROOT, 'daemon/launcher.mjs');
const FILL = join(ROOT, 'daemon/fill-compile-cache.ts');
/** As in systemd/holdfast.service. */
export const FLAGS = ['--max-semi-space-size=1', '--no-concurrent-array-buffer-sweeping', '--v8-pool-size=1'];
export const SETTINGS = {
  UV_THREADPOOL_SIZE: '16',
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};
/** With these the program is one process, which a signal reaches. */
export const ENVIRONMENT = {
  ...process.env,
  ...SETTINGS,
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(ROOT, 'node_modules/.cache/holdfast'),
};
/** How long it may take to start, or to be printed to, before the test gives up: CUPS tries again after 30 s. */
const PATIENCE = 60_000;

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class GatewayProcess {
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #lines: LogLine[] = [];
  readonly #ended: Promise<number | null>;
  #rest = '';
  #over = false;
  #waiting: (() => void)[] = [];
  /** All that it wrote, both streams. */
  output = '';

  private constructor(folder: string, child: ChildProcess) {
    this.folder = folder;
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.output += chunk.toString();
    });
    this.#ended = new Promise((done) => {
      // Not `exit`: its last lines may still be in the pipe then.
      child.once('close', (code) => {
        this.#over = true;
        done(code);
        this.#wake();
      });
    });
    const killAtExit = () => child.kill('SIGKILL');
    process.once('exit', killAtExit);
    void this.#ended.then(() => process.off('exit', killAtExit));
  }

  /**
   * Starts `holdfast serve`. The configuration is that of the test, with a `gateway` section of free ports and of this
   * folder (the test's own lines for it come first, indented by two, and its `ipp:`, `web:` and `log:` take the place of these); a folder that was used before has its state.
   *
   * @param flags of Node
   * @param enclosure a program that runs it, with its parameters
   */
  static async start(
    t: Pick<ExecutionContext, 'teardown'>,
    folder: string,
    config: string,
    flags: readonly string[] = [],
    enclosure: readonly string[] = [],
  ): Promise<GatewayProcess> {
    const file = join(folder, 'holdfast.yaml');
    await writeFile(file, configOf(folder, config));
    if (process.env['NODE_COMPILE_CACHE'] === undefined) await compileCache();
    const serve = [process.execPath, ...FLAGS, ...flags, LAUNCHER, 'serve', '--config', file];
    const [program = '', ...parameters] = [...enclosure, ...serve];
    const child = spawn(program, parameters, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // One process, as under systemd, so that a signal reaches the gateway itself.
      env: ENVIRONMENT,
    });
    const gateway = new GatewayProcess(folder, child);
    t.teardown(() => gateway.kill('SIGKILL'));
    await gateway.logged('holdfast is up');
    return gateway;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get socket(): string {
    return join(this.folder, 'control.sock');
  }

  /** `localhost:PORT` of the print clients' port. */
  get ipp(): string {
    return this.#address('ipp');
  }

  get web(): string {
    return this.#address('web');
  }

  get log(): readonly LogLine[] {
    return this.#lines;
  }

  /** Waits for a line of the log, one that was written before counts too. @throws Error with the output at its end. */
  async logged(event: string, holds: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const line = this.#lines.find((each) => each.event === event && holds(each));
      if (line !== undefined) return line;
      if (this.#over || performance.now() > deadline) {
        throw new Error(`no "${event}" in the log:\n${this.output}`);
      }
      await new Promise<void>((wake) => {
        this.#waiting.push(wake);
        setTimeout(wake, 500);
      });
    }
  }

  /** Resolves to the exit code; null when a signal ended it. */
  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<number | null> {
    this.#child.kill(signal);
    return this.#ended;
  }

  signal(signal: 'SIGHUP' | 'SIGTERM'): void {
    this.#child.kill(signal);
  }

  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Runs one of its commands. */
  holdfast(...words: string[]): Promise<CommandResult> {
    return holdfast(words, { HOLDFAST_SOCKET: this.socket });
  }

  /** Runs one of its commands with something on standard input. */
  holdfastGiven(input: string, ...words: string[]): Promise<CommandResult> {
    return holdfast(words, { HOLDFAST_SOCKET: this.socket }, input);
  }

  #address(name: 'ipp' | 'web'): string {
    const up = this.#lines.find((line) => line.event === 'holdfast is up');
    const [address = ''] = (up?.[name] as string[] | undefined) ?? [];
    return `localhost:${address.split(':').at(-1)}`;
  }

  #take(text: string): void {
    this.output += text;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) this.#lines.push(JSON.parse(line));
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Runs the command line to its end. @param enclosure a program that runs it, with its parameters */
export async function holdfast(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  input = '',
  enclosure: readonly string[] = [],
): Promise<CommandResult> {
  const options = { env: { ...ENVIRONMENT, ...environment } };
  const [program = '', ...parameters] = [...enclosure, process.execPath, ...FLAGS, LAUNCHER, ...words];
  try {
    const running = promisify(execFile)(program, parameters, options);
    running.child.stdin?.end(input);
    const { stdout, stderr } = await running;
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

let filled: Promise<unknown> | undefined;

/** As the launcher does it before the first start; here for what was edited since, too. */
export function compileCache(): Promise<unknown> {
  filled ??= promisify(execFile)(process.execPath, [...FLAGS, FILL], { env: ENVIRONMENT });
  return filled;
}

function configOf(folder: string, config: string): string {
  return `
gateway:
  state-directory: ${join(folder, 'state')}
  control-socket: ${join(folder, 'control.sock')}
${/^ {2}ipp:/m.test(config) ? '' : '  ipp: { listen: ["127.0.0.1:0"] }'}
${/^ {2}web:/m.test(config) ? '' : '  web: { listen: ["127.0.0.1:0"] }'}
${/^ {2}log:/m.test(config) ? '' : '  log: { level: debug }'}
${config}
`;
}
