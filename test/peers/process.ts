/** A real program started for one test: its output kept, waited for by condition, ended by its own pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, connect as openSocket } from 'node:net';

/** How long a peer may take to start or to stop before the test gives up. */
const PATIENCE = 15_000;
/** Between two looks at a condition. */
const INTERVAL = 20;
/** The end of the output that is kept for messages, in UTF-16 units. */
const KEPT_OUTPUT = 64 * 1024;

// Each program adds a listener for the end of the test's own process.
process.setMaxListeners(100);

export class PeerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #ended: Promise<void>;
  #output = '';

  private constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.#ended = new Promise((resolve) => {
      child.once('close', () => resolve());
      child.once('error', (error) => {
        this.#output += `\n${error.message}`;
        resolve();
      });
    });
    // The test's process may end without its teardowns.
    const killAtExit = () => child.kill('SIGKILL');
    process.once('exit', killAtExit);
    void this.#ended.then(() => process.off('exit', killAtExit));
  }

  static start(
    path: string,
    parameters: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): PeerProcess {
    const child = spawn(path, parameters, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    return new PeerProcess(path, child);
  }

  /** What it wrote so far, both streams together; the end of it when that is much. */
  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves with the exit code; null when a signal ended it. */
  async exit(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  /** Waits until `holds` is true. @throws Error with the output when the program ends first, or in {@link PATIENCE}. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!(await holds())) {
      if (!this.running) throw new Error(`${this.#name} ended before ${what}:\n${this.#output}`);
      if (performance.now() > deadline)
        throw new Error(`${this.#name}: no ${what} in time:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  }

  /** At once, as by a power cut. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** SIGTERM, and SIGKILL when it does not end by that. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE);
    await this.#ended;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** A TCP port of 127.0.0.1 that was free a moment ago, for programs that cannot take port 0. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** True when something accepts TCP connections there. */
export function listens(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openSocket(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
