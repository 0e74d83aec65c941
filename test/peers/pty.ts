// A serial port without hardware: socat ties two pseudo-terminals together; the test holds the reader's end.
import { type ChildProcess, spawn } from 'node:child_process';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { SerialPort } from 'serialport';
import { temporaryFolder } from '../temporary-folder.ts';
import { programPath } from './require-peer.ts';

export class Pty {
  /** What the gateway opens. */
  readonly path: string;
  readonly #device: string;
  #socat: ChildProcess | undefined;
  #port: SerialPort | undefined;
  /** Whatever the gateway sent, Latin-1. */
  received = '';
  onReceived: (text: string) => void = () => {};

  private constructor(folder: string) {
    this.path = join(folder, 'gateway');
    this.#device = join(folder, 'device');
  }

  static async open(t: ExecutionContext): Promise<Pty> {
    const pty = new Pty(await temporaryFolder(t));
    await pty.plugIn();
    t.teardown(() => pty.unplug());
    return pty;
  }

  async plugIn(): Promise<void> {
    const end = (path: string) => `pty,raw,echo=0,link=${path}`;
    this.#socat = spawn(programPath('socat'), [end(this.#device), end(this.path)], { stdio: 'ignore' });
    while (!(await isThere(this.path)) || !(await isThere(this.#device))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const port = new SerialPort({ path: this.#device, baudRate: 9600, autoOpen: false });
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    port.on('data', (octets: Buffer) => {
      const text = octets.toString('latin1');
      this.received += text;
      this.onReceived(text);
    });
    port.on('error', () => {});
    this.#port = port;
  }

  says(text: string): void {
    this.#port?.write(Buffer.from(text, 'latin1'));
  }

  async unplug(): Promise<void> {
    const [socat, port] = [this.#socat, this.#port];
    this.#socat = undefined;
    this.#port = undefined;
    if (port?.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    if (socat === undefined) return;
    const ended = new Promise((resolve) => socat.once('exit', resolve));
    socat.kill();
    await ended;
  }
}

const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );
