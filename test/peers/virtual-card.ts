/** pcscd with a virtual reader (vsmartcard's vpcd), and cards that are laid on it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { PCSCD } from '../../drivers/readers/pcsc-opener.ts';
import { until } from '../contracts/reader.ts';

const DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
export const VIRTUAL_READER = 'Holdfast test';
const ATR = Buffer.from('3B8F8001804F0CA000000306030001000000006A', 'hex');
/** vpcd takes the slot's number to it; it listens on all addresses. */
const PORT = 35_964;

/** pcscd has one socket on a machine, so there is one of these at a time. */
export class Pcscd {
  readonly #config: string;
  #process: ChildProcess | undefined;

  private constructor(config: string) {
    this.#config = config;
  }

  static async start(folder: string): Promise<Pcscd> {
    const config = join(folder, 'reader.conf');
    const line = (key: string, value: string) => `${key} ${value}\n`;
    await writeFile(
      config,
      line('FRIENDLYNAME', `"${VIRTUAL_READER}"`) +
        line('DEVICENAME', `/dev/null:0x${PORT.toString(16)}`) +
        line('LIBPATH', DRIVER) +
        line('CHANNELID', `0x${PORT.toString(16)}`),
    );
    const pcscd = new Pcscd(config);
    await pcscd.run();
    return pcscd;
  }

  /** Resolves when it takes connections. */
  async run(): Promise<void> {
    this.#process = spawn('pcscd', ['--foreground', '--config', this.#config], { stdio: 'ignore' });
    for (;;) {
      const socket = connect(PCSCD);
      const isOpen = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (isOpen) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async stop(): Promise<void> {
    const running = this.#process;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill('SIGTERM');
    await exited;
  }
}

/** A card on the reader until it is taken away. */
export class VirtualCard {
  readonly #socket: Socket;
  readonly #uid: string;
  #held = Buffer.alloc(0);

  private constructor(socket: Socket, uid: string) {
    this.#socket = socket;
    this.#uid = uid;
    socket.on('data', (octets: Buffer) => this.#take(octets));
    socket.on('error', () => {});
  }

  /** @param uid hexadecimal digits; empty for a card that does not tell its number */
  static async insert(uid: string): Promise<VirtualCard> {
    let socket: Socket | undefined;
    const open = async () => {
      const tried = connect(PORT, '127.0.0.1');
      socket = await once(tried, 'connect').then(
        () => tried,
        () => undefined,
      );
    };
    await open();
    while (socket === undefined) await open();
    return new VirtualCard(socket, uid);
  }

  async remove(): Promise<void> {
    this.#socket.destroy();
    await until(() => this.#socket.closed);
  }

  /** Length in two octets, then what it is: one octet for power, or a command to the card. */
  #take(octets: Buffer): void {
    this.#held = Buffer.concat([this.#held, octets]);
    while (this.#held.length >= 2 && this.#held.length >= 2 + this.#held.readUInt16BE(0)) {
      const end = 2 + this.#held.readUInt16BE(0);
      const message = this.#held.subarray(2, end);
      this.#held = this.#held.subarray(end);
      if (message.length > 1) this.#say(Buffer.from(this.#answer(message), 'hex'));
      else if (message[0] === 4) this.#say(ATR);
    }
  }

  #answer(command: Buffer): string {
    return command.toString('hex').startsWith('ffca0000') && this.#uid !== '' ? `${this.#uid}9000` : '6a81';
  }

  #say(octets: Buffer): void {
    this.#socket.write(Buffer.concat([Buffer.from([octets.length >> 8, octets.length & 0xff]), octets]));
  }
}
