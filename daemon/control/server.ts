/** The control socket: who may open it (its group) may run the commands. */
import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Failure, systemCode } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { ControlConnection, type RunCommand } from './connection.ts';

export interface ControlServerOptions {
  readonly path: string;
  readonly run: RunCommand;
  readonly log: Log;
}

/** Connections at a time; administrators are few. */
const MOST_CONNECTIONS = 50;
/** Owner and group. */
const MODE = 0o660;

export class ControlServer {
  readonly #server: Server;
  readonly #connections = new Set<ControlConnection>();

  private constructor(options: ControlServerOptions) {
    this.#server = createServer((socket) => {
      const connection = new ControlConnection(socket, options.run, options.log);
      this.#connections.add(connection);
      socket.once('close', () => this.#connections.delete(connection));
    });
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  /** @throws Failure `already-running`, `cannot-listen` */
  static async open(options: ControlServerOptions): Promise<ControlServer> {
    await removeStale(options.path);
    const control = new ControlServer(options);
    await new Promise<void>((resolve, reject) => {
      control.#server.once('error', (cause) => {
        reject(cannotListen(options.path, cause));
      });
      control.#server.listen(options.path, resolve);
    });
    await chmod(options.path, MODE);
    return control;
  }

  /** Takes no more commands, lets those under way end, and removes the socket. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.endWhenIdle();
    await closed;
  }
}

/** A socket that nobody answers at was left behind by a gateway that was killed. */
async function removeStale(path: string): Promise<void> {
  if (await isAnswered(path)) {
    throw new Failure('already-running', `a gateway answers at ${path} already`, {
      advice: 'Stop it first, or set gateway.control-socket',
    });
  }
  await rm(path, { force: true });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      const code = systemCode(error);
      if (code === 'ENOENT' || code === 'ECONNREFUSED') resolve(false);
      else reject(cannotListen(path, error));
    });
  });
}

function cannotListen(path: string, cause: Error): Failure {
  return new Failure('cannot-listen', `cannot open the control socket ${path}: ${cause.message}`, { cause });
}
