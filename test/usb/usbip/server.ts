/** Exports made-up devices to the kernel over USB/IP (the kernel's Documentation/usb/usbip_protocol.rst). */
import { createServer, type Server, type Socket } from 'node:net';
import type { UsbDevice } from './device.ts';

const VERSION = 0x0111;
const IMPORT = 0x8003;
const IMPORTED = 0x0003;
const SUBMIT = 1;
const UNLINK = 2;
const SUBMITTED = 3;
const UNLINKED = 4;
const HEADER = 48;
const REQUEST = 40;
const STALL = -32;
const CONNRESET = -104;
export const PORT = 3240;

/** @param devices by bus id, such as `1-1` */
export function serve(
  devices: ReadonlyMap<string, UsbDevice>,
): Promise<{ readonly server: Server; drop(id: string): void }> {
  const sockets = new Map<string, Socket>();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    let held: Buffer = Buffer.alloc(0);
    let urbs: Urbs | undefined;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      if (urbs === undefined) {
        if (held.length < REQUEST) return;
        const id = held.toString('latin1', 8, REQUEST).replace(/\0.*$/s, '');
        const device = held.readUInt16BE(2) === IMPORT ? devices.get(id) : undefined;
        held = held.subarray(REQUEST);
        if (device === undefined) return void socket.end(answered(1));
        socket.write(Buffer.concat([answered(0), exported(id, device)]));
        sockets.set(id, socket);
        socket.once('close', () => device.unplugged());
        urbs = new Urbs(socket, device);
      }
      held = urbs.take(held);
    });
  });
  return new Promise((resolve) => {
    server.listen(PORT, '127.0.0.1', () => resolve({ server, drop: (id) => sockets.get(id)?.destroy() }));
  });
}

function answered(status: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(VERSION, 0);
  head.writeUInt16BE(IMPORTED, 2);
  head.writeUInt32BE(status, 4);
  return head;
}

function exported(id: string, { description, configuration }: UsbDevice): Buffer {
  const { vendor, product, speed, deviceClass = [0, 0, 0] } = description;
  const told = Buffer.alloc(312);
  told.write(`/sys/made-up/${id}`, 0);
  told.write(id, 256);
  told.writeUInt32BE(1, 288);
  told.writeUInt32BE(Number(id.split('-')[1]), 292);
  told.writeUInt32BE(speed, 296);
  told.writeUInt16BE(vendor, 300);
  told.writeUInt16BE(product, 302);
  told.set([...deviceClass, 1, 1, configuration[4] ?? 1], 306);
  return told;
}

/** The transfers of one device. */
class Urbs {
  readonly #socket: Socket;
  readonly #device: UsbDevice;
  readonly #pending = new Map<number, () => void>();

  constructor(socket: Socket, device: UsbDevice) {
    this.#socket = socket;
    this.#device = device;
  }

  /** Returns what is not whole yet. */
  take(octets: Buffer): Buffer {
    let rest = octets;
    while (rest.length >= HEADER) {
      const isOut = rest.readUInt32BE(12) === 0;
      const command = rest.readUInt32BE(0);
      const whole = HEADER + (command === SUBMIT && isOut ? rest.readUInt32BE(24) : 0);
      if (rest.length < whole) break;
      if (command === SUBMIT) this.#submit(rest.subarray(0, HEADER), rest.subarray(HEADER, whole), isOut);
      else if (command === UNLINK) this.#unlink(rest);
      rest = rest.subarray(whole);
    }
    return rest;
  }

  #submit(head: Buffer, data: Buffer, isOut: boolean): void {
    const sequence = head.readUInt32BE(4);
    const endpoint = head.readUInt32BE(16);
    const length = head.readUInt32BE(24);
    const given = (octets: Uint8Array) => {
      this.#pending.delete(sequence);
      this.#done(sequence, 0, octets.length, octets);
    };
    if (endpoint === 0) {
      const setup = {
        requestType: head.readUInt8(40),
        request: head.readUInt8(41),
        value: head.readUInt16LE(42),
        index: head.readUInt16LE(44),
        length: head.readUInt16LE(46),
      };
      const answer = this.#device.control(setup, data);
      if (answer === undefined) return this.#done(sequence, STALL, 0);
      return isOut ? this.#done(sequence, 0, length) : given(answer.subarray(0, length));
    }
    if (isOut) {
      // A device that takes no more answers later, or never: then the host may give it up.
      this.#pending.set(sequence, () => {});
      const taken = this.#device.received(endpoint, Uint8Array.from(data)) ?? Promise.resolve();
      void taken.then(() => {
        if (this.#pending.delete(sequence)) this.#done(sequence, 0, length);
      });
      return;
    }
    const forget = this.#device.ask(endpoint, (octets) => given(octets.subarray(0, length)));
    this.#pending.set(sequence, forget);
  }

  #unlink(head: Buffer): void {
    const other = head.readUInt32BE(20);
    const forget = this.#pending.get(other);
    this.#pending.delete(other);
    forget?.();
    const answer = Buffer.alloc(HEADER);
    answer.writeUInt32BE(UNLINKED, 0);
    answer.writeUInt32BE(head.readUInt32BE(4), 4);
    if (forget !== undefined) answer.writeInt32BE(CONNRESET, 20);
    this.#socket.write(answer);
  }

  #done(sequence: number, status: number, length: number, data: Uint8Array = Buffer.alloc(0)): void {
    const head = Buffer.alloc(HEADER);
    head.writeUInt32BE(SUBMITTED, 0);
    head.writeUInt32BE(sequence, 4);
    head.writeInt32BE(status, 20);
    head.writeUInt32BE(length, 24);
    this.#socket.write(Buffer.concat([head, data]));
  }
}
