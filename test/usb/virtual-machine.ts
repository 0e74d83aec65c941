/** A virtual machine under QEMU (TCG: no KVM is needed) with real USB drivers, and the host's part in what its cases want. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kernel } from './kernel.ts';

/** Milliseconds from one key event to the next: a keyboard of QEMU holds 16 and hands out one each 8 ms. */
const KEY_EVERY = 10;
const ROOT = join(import.meta.dirname, '../..');

/** What QEMU calls keys that are not their own names. */
const KEYS: Readonly<Record<string, string>> = { '\n': 'ret', '-': 'minus', ' ': 'spc' };

interface Answer {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly event?: string;
  readonly data?: { readonly device?: string };
}

export interface MachineOptions {
  readonly kernel: Kernel;
  /** For its sockets. */
  readonly folder: string;
  /** What Node made of our files, for the users of the guest. */
  readonly compiled: string;
  /** Runs only the cases whose names have this in them. */
  readonly only: string;
  /** Lines of its console. */
  onLine(line: string): void;
  /** A request of the guest; what it returns is the answer. */
  onRequest(request: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export class VirtualMachine {
  readonly #qemu: ChildProcess;
  readonly #control: Socket;
  /** The other end of the USB serial adapter. */
  readonly serial: Socket;
  #waiting: ((answer: Answer) => void)[] = [];
  #unplugged = new Map<string, () => void>();

  private constructor(qemu: ChildProcess, control: Socket, serial: Socket) {
    this.#qemu = qemu;
    this.#control = control;
    this.serial = serial;
    serial.resume();
    createInterface({ input: control }).on('line', (line) => this.#take(JSON.parse(line)));
  }

  static async start(options: MachineOptions): Promise<VirtualMachine> {
    const { folder } = options;
    const qemu = spawn('qemu-system-x86_64', words(options), { stdio: ['ignore', 'pipe', 'inherit'] });
    process.once('exit', () => qemu.kill('SIGKILL'));
    const failed = once(qemu, 'error').then(([error]) => {
      throw error;
    });
    createInterface({ input: qemu.stdout }).on('line', (line) => options.onLine(line.replace(/\r/g, '')));
    const open = (name: string) => Promise.race([connected(join(folder, name)), failed]);
    const machine = new VirtualMachine(qemu, await open('control'), await open('serial'));
    await machine.command('qmp_capabilities');
    const talk = await open('talk');
    createInterface({ input: talk }).on('line', async (line) => {
      if (!line.startsWith('{')) return;
      const { id, ...request } = JSON.parse(line) as { id: number };
      const answer = await options.onRequest(request).then(
        (value) => ({ id, value }),
        (error: Error) => ({ id, error: error.message }),
      );
      talk.write(`${JSON.stringify(answer)}\n`);
    });
    return machine;
  }

  get ended(): Promise<unknown> {
    return this.#qemu.exitCode === null && this.#qemu.signalCode === null
      ? once(this.#qemu, 'exit')
      : Promise.resolve();
  }

  kill(): void {
    this.#qemu.kill('SIGKILL');
  }

  /** @throws Error with what QEMU says */
  async command(execute: string, data: object = {}): Promise<unknown> {
    this.#control.write(`${JSON.stringify({ execute, arguments: data })}\n`);
    const answer = await new Promise<Answer>((resolve) => this.#waiting.push(resolve));
    if (answer.error !== undefined) throw new Error(`${execute}: ${answer.error.desc}`);
    return answer.return;
  }

  /** Presses keys one after the other, as a reader that types. */
  async type(text: string): Promise<void> {
    for (const character of text.toLowerCase()) {
      const key = { type: 'qcode', data: KEYS[character] ?? character };
      for (const down of [true, false]) {
        await this.command('input-send-event', { events: [{ type: 'key', data: { down, key } }] });
        await sleep(KEY_EVERY);
      }
    }
  }

  /** @param device as QEMU names it, with an `id` */
  async plug(device: { readonly driver: string; readonly id: string }): Promise<void> {
    await this.command('device_add', { bus: 'usb.0', ...device });
  }

  /** Resolves when the device is gone. */
  async unplug(id: string): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#unplugged.set(id, resolve));
    await this.command('device_del', { id });
    await gone;
  }

  #take(answer: Answer): void {
    if (answer.event === 'DEVICE_DELETED') this.#unplugged.get(answer.data?.device ?? '')?.();
    if (answer.return !== undefined || answer.error !== undefined) this.#waiting.shift()?.(answer);
  }
}

function words({ kernel, folder, compiled, only }: MachineOptions): string[] {
  const guest = join(ROOT, 'test/usb/guest/start.sh');
  const settings = 'console=ttyS0 quiet panic=-1 mitigations=off nokaslr net.ifnames=0';
  const socket = (id: string) => `socket,id=${id},path=${join(folder, id)},server=on,wait=off`;
  return [
    ...['-M', 'q35', '-accel', 'tcg', '-cpu', 'max,la57=off', '-smp', '2', '-m', '1024'],
    ...['-nodefaults', '-no-reboot', '-display', 'none', '-kernel', kernel.image, '-initrd', kernel.initrd],
    ...[
      '-append',
      `${settings} guest=${guest} repository=${ROOT} modules=${kernel.modules} compiled=${compiled} only=${only.replaceAll(' ', '_')}`,
    ],
    '-virtfs',
    'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap',
    // The host is 10.0.2.2 there.
    ...['-netdev', 'user,id=net,ipv6=off', '-device', 'virtio-net-pci,netdev=net,romfile='],
    ...['-serial', 'stdio', '-chardev', socket('talk'), '-serial', 'chardev:talk'],
    ...['-chardev', socket('control'), '-mon', 'chardev=control,mode=control'],
    ...['-chardev', socket('serial'), '-device', 'qemu-xhci,id=usb'],
  ];
}

/** QEMU takes a moment to open its sockets. */
async function connected(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, 'connect');
      socket.on('error', () => {});
      return socket;
    } catch {
      await sleep(20);
    }
  }
}
