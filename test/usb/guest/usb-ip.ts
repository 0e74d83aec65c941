/** Our own USB devices: started, plugged in through vhci-hcd, told what to do, unplugged. */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type UsbIdentity, usbDevices } from '../../../drivers/readers/device-place.ts';
import { until } from './case.ts';

/** Bus ids of `usbip/process.ts`, and how the kernel then knows them. */
const DEVICES = {
  pcprox: { id: '1-1', vendor: '0c27' },
  twn4: { id: '1-2', vendor: '09d8' },
  'line-reader': { id: '1-3', vendor: '1a86' },
  printer: { id: '1-4', vendor: '03f0' },
} as const;
export type DeviceName = keyof typeof DEVICES;

export class UsbIp {
  readonly #server: ChildProcess;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #questions = 0;

  private constructor(server: ChildProcess) {
    this.#server = server;
    server.on('message', ({ number, answer }: { readonly number: number; readonly answer: unknown }) => {
      this.#waiting.get(number)?.(answer);
      this.#waiting.delete(number);
    });
  }

  static async start(): Promise<UsbIp> {
    const server = fork(join(import.meta.dirname, '../usbip/process.ts'), {
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    await once(server, 'message');
    return new UsbIp(server);
  }

  /** Resolves when the kernel knows it. */
  async plug(name: DeviceName): Promise<UsbIdentity> {
    const { id, vendor } = DEVICES[name];
    await promisify(execFile)('usbip', ['attach', '-r', '127.0.0.1', '-b', id]);
    const find = async () => (await usbDevices()).find((each) => each.vendor === vendor);
    await until(`${name} is plugged in`, async () => (await find()) !== undefined);
    const found = await find();
    if (found === undefined) throw new Error(`${name} has gone again`);
    return found;
  }

  async unplug(name: DeviceName): Promise<void> {
    const { id, vendor } = DEVICES[name];
    this.#server.send({ id, message: 'unplug' });
    await until(`${name} is gone`, async () => !(await usbDevices()).some((each) => each.vendor === vendor));
  }

  tell(name: DeviceName, message: unknown): void {
    this.#server.send({ id: DEVICES[name].id, message });
  }

  /** Tells it something and waits for what it says. */
  async ask(name: DeviceName, message: unknown): Promise<unknown> {
    const number = ++this.#questions;
    const answered = new Promise<unknown>((resolve) => this.#waiting.set(number, resolve));
    this.#server.send({ id: DEVICES[name].id, message, number });
    return answered;
  }

  close(): void {
    this.#server.kill();
  }
}
